"""What a company is, and whether it still exists."""

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.inputs import CompanyInput, LeadInput, NewCompanyInput
from crm.companies.marks import Arrival, block_known
from crm.companies.models import Company, CompanyNumber
from crm.companies.services.numbers import one_number
from crm.companies.words import index_company
from crm.core.clock import now
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.core.text import name_key
from crm.reference.queries import legal_forms, postcode_area


class CompanyKnown(CrmError):
    def __init__(self, company: Company) -> None:
        super().__init__(
            _("“{name}” in {town} looks the same. Look there first.").format(
                name=company.name, town=company.town or "?"
            )
        )


class UnknownLegalForm(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Choose a legal form from the list."))


class NothingToCheck(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This legal form does not need a check."))


def add_company(session: Session, actor: Actor, new: NewCompanyInput) -> Company:
    """Add one company by hand. Raises CompanyKnown when one with this number, or name and postcode, exists."""
    actor.require(Permission.COMPANY_EDIT)
    described = new.model_dump(exclude={"number", "source", "is_main"})
    return _add(session, actor, Company(source=new.source, name_key=name_key(new.name), **described), new.number)


def add_lead(session: Session, actor: Actor, lead: LeadInput, *, source: str) -> Company:
    """Add a company of which little is known yet, maybe not even its number. Raises CompanyKnown."""
    actor.require(Permission.COMPANY_EDIT)
    company = Company(source=source, name=lead.name, name_key=name_key(lead.name), town=lead.town)
    return _add(session, actor, company, lead.number)


def _add(session: Session, actor: Actor, company: Company, number: str) -> Company:
    e164, original = one_number(number) if number else ("", "")
    if known := _lookalike(session, company, e164):
        raise CompanyKnown(known)
    _place(company)
    session.add(company)
    session.flush()
    if e164:
        source = company.source
        session.add(CompanyNumber(company_id=company.id, e164=e164, original=original, source=source, is_main=True))
    index_company(session, company)
    block_known(session.connection(), [Arrival.of(company, [e164] if e164 else [])], actor.id)
    record(session, actor, "company.added", company, number=e164)
    return company


def change_company(session: Session, actor: Actor, company_id: int, changed: CompanyInput, *, version: int) -> Company:
    """Raises ChangedMeanwhile when somebody else was first."""
    actor.require(Permission.COMPANY_EDIT)
    company = locked(session, Company, company_id, version=version)
    moved = changed.postcode != company.postcode
    for name, value in changed.model_dump().items():
        setattr(company, name, value)
    company.name_key = name_key(changed.name)
    if moved:
        _place(company)
    index_company(session, company)
    block_known(session.connection(), [Arrival.of(company)], actor.id)
    record(session, actor, "company.changed", company)
    return company


def set_legal_form(session: Session, actor: Actor, company_id: int, code: str) -> Company:
    actor.require(Permission.COMPANY_EDIT)
    if code not in legal_forms():
        raise UnknownLegalForm
    company = locked(session, Company, company_id)
    company.legal_form = code
    record(session, actor, "company.legal_form", company)
    return company


def confirm_legal_form(session: Session, actor: Actor, company_id: int, *, version: int) -> Company:
    """Say that somebody found out: a company of this doubtful form is a legal person and may be called."""
    actor.require(Permission.COMPANY_EDIT)
    company = locked(session, Company, company_id, version=version)
    if legal_forms()[company.legal_form].cold_call != "manual":
        raise NothingToCheck
    company.legal_form_checked = company.legal_form
    record(session, actor, "company.legal_form_checked", company)
    return company


def mark_stopped(session: Session, actor: Actor, company_id: int) -> Company:
    actor.require(Permission.COMPANY_EDIT)
    company = locked(session, Company, company_id)
    company.stopped_at = company.stopped_at or now()
    record(session, actor, "company.stopped", company)
    return company


def mark_running(session: Session, actor: Actor, company_id: int) -> Company:
    """Undo mark_stopped."""
    actor.require(Permission.COMPANY_EDIT)
    company = locked(session, Company, company_id)
    company.stopped_at = None
    record(session, actor, "company.running", company)
    return company


def _place(company: Company) -> None:
    """Where the postcode is; also the town, unless somebody filled it in."""
    area = postcode_area(company.postcode) if company.postcode else None
    company.latitude, company.longitude = (area.latitude, area.longitude) if area else (None, None)
    company.town = company.town or (area.town if area else "")


def _lookalike(session: Session, new: Company, e164: str) -> Company | None:
    same_number = select(Company).join(CompanyNumber).where(CompanyNumber.e164 == e164).limit(1)
    same_place = Company.postcode == new.postcode if new.postcode else Company.town == new.town
    same_name = select(Company).where(Company.name_key == new.name_key, same_place).limit(1)
    return (session.exec(same_number).first() if e164 else None) or session.exec(same_name).first()
