"""Looking at what an import left."""

from typing import Any

from sqlmodel import Session, col, select

from crm.companies.importing.report import Report
from crm.companies.models import Company, CompanyNumber
from crm.core.text import name_key

HEADER = "Naam;Telefoon;KVK;Vestigingsnummer;Postcode;E-mail;Rechtsvorm"
JANSEN = "Bakkerij Jansen B.V.;010-1234567;12345678;;3311 AB;info@jansen.nl;B.V."


def companies(session: Session) -> list[Company]:
    return list(session.exec(select(Company).order_by(col(Company.id))))


def numbers(session: Session, company: Company) -> list[CompanyNumber]:
    statement = select(CompanyNumber).where(CompanyNumber.company_id == company.id).order_by(col(CompanyNumber.id))
    return list(session.exec(statement))


def counts(report: Report) -> dict[str, int]:
    names = ("rows", "created", "updated", "unchanged", "duplicates", "rejected")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def problems(report: Report) -> list[tuple[int, str]]:
    return [(issue["row"], issue["problem"]) for issue in report.issues()]


def make_company(
    session: Session, name: str = "Bakkerij Jansen B.V.", *, e164: str = "+31101234567", **fields: Any
) -> Company:
    company = Company(name=name, name_key=name_key(name), **fields)
    session.add(company)
    session.flush()
    session.add(CompanyNumber(company_id=company.id, e164=e164, is_main=True))
    session.flush()
    return company
