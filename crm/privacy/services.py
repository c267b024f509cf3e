"""What the law gives people a right to, in one file: the evidence of a company, all that is held of a job seeker."""

import json
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from jinja2 import Environment, FileSystemLoader, Template
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.candidates.models import Candidate
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.i18n import _, language, show_moment
from crm.core.settings import settings
from crm.core.spreadsheet import as_csv
from crm.privacy.candidates import held_of
from crm.privacy.dossier import Table, dossier, texts


def export_evidence(session: Session, actor: Actor, company_id: int) -> bytes:
    """A ZIP with a page to read, a CSV file for each kind of evidence, and all of it as JSON. Raises NotFound."""
    actor.require(Permission.PRIVACY_MANAGE)
    tables = dossier(session, actor, company_id)
    company = session.get_one(Company, company_id)
    record(session, actor, "consent.exported", company, rows=sum(len(table.rows) for table in tables))
    return _archive(_("Evidence about calls to {company}").format(company=company.name), tables)


def export_candidate(session: Session, actor: Actor, candidate_id: int) -> bytes:
    """The same of a job seeker: all that is held of them. Raises NotFound."""
    tables = held_of(session, actor, candidate_id)
    person = session.get_one(Candidate, candidate_id)
    record(session, actor, "candidate.exported", person, rows=sum(len(table.rows) for table in tables))
    return _archive(_("What we hold of {name}").format(name=person.name), tables, "inzage")


def _archive(title: str, tables: list[Table], file: str = "bewijs") -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr(f"{file}.html", _page(title, tables))
        archive.writestr(f"{file}.json", json.dumps(texts(tables), ensure_ascii=False, indent=2))
        for table in tables:
            archive.writestr(f"{table.name}.csv", as_csv([table.columns, *table.rows]))
    return target.getvalue()


def _page(title: str, tables: list[Table]) -> str:
    made = _("Made on {moment} by {organisation}.").format(
        moment=show_moment(now()), organisation=settings().organisation
    )
    return _template().render(title=title, made=made, tables=tables, language=language(), nothing=_("Nothing."))


@cache
def _template() -> Template:
    folder = Path(__file__).resolve().parent
    return Environment(loader=FileSystemLoader(folder), autoescape=True).get_template("dossier.html")
