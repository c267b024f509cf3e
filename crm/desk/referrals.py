"""Whom else should we call: who told us of which company, and in which call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.calling.models import Call
from crm.candidates.models import Candidate
from crm.companies.models import Company, Contact, Referral
from crm.companies.queries import FoundCompany, companies_with
from crm.companies.search import search
from crm.telephony.numbers import parse_numbers

MOST_SHOWN = 20
MOST_ALIKE = 4


@dataclass(frozen=True, slots=True)
class Told:
    """One company told us of another: the other side of the one that is looked at.

    `contact` is whom we spoke at the introducer, `caller` is who wrote it down.
    """

    company_id: int
    company: str
    town: str
    contact: str
    caller: str
    at: datetime
    may_name: bool


@dataclass(frozen=True, slots=True)
class Introducer:
    """On whose recommendation we call: somebody at a company who may be named, or a job seeker who gave a tip.

    The names of a tip are empty when the job seeker is not to be named.
    """

    company: str
    contact: str
    by_job_seeker: bool = False


def told_by(session: Session, actor: Actor, company_id: int) -> list[Told]:
    """Who told us of this company, the first who did on top."""
    other = col(Referral.introducer_company_id)
    return _told(session, actor, other, Referral.company_id == company_id)


def told_of(session: Session, actor: Actor, company_id: int) -> list[Told]:
    """The companies that this one told us of."""
    other = col(Referral.company_id)
    return _told(session, actor, other, Referral.introducer_company_id == company_id)


def _told(session: Session, actor: Actor, other: Any, which: Any) -> list[Told]:
    actor.require(Permission.COMPANY_VIEW)
    company = aliased(Company)
    statement = (
        select(company.id, company.name, company.town, Contact.name)
        .add_columns(col(User.name), col(Referral.created_at), col(Referral.may_name))
        .select_from(Referral)
        .join(company, other == company.id)
        .join(User, col(User.id) == Referral.made_by_id)
        .join(Call, col(Call.id) == Referral.call_id, isouter=True)
        .join(Contact, col(Contact.id) == Call.contact_id, isouter=True)
        .where(which)
        .order_by(col(Referral.id))
        .limit(MOST_SHOWN)
    )
    return [Told(row[0], row[1], row[2], row[3] or "", *row[4:]) for row in session.execute(statement)]


def introducer(session: Session, company_id: int) -> Introducer | None:
    """The latest who told us of this company and agreed to be named, else a tip of a job seeker."""
    row = session.exec(_introducer(), params={"company": company_id}).first()
    if row is None:
        return None
    company, contact, candidate, may_name = row
    if company is None:
        return Introducer("", (candidate or "") if may_name else "", by_job_seeker=True)
    return Introducer(company, contact or "")


@cache
def _introducer() -> Select[str | None, str | None, str | None, bool]:
    tip = col(Referral.candidate_id).is_not(None)
    return (
        select(Company.name, Contact.name, Candidate.name, Referral.may_name)
        .select_from(Referral)
        .join(Company, col(Company.id) == Referral.introducer_company_id, isouter=True)
        .join(Call, col(Call.id) == Referral.call_id, isouter=True)
        .join(Contact, col(Contact.id) == Call.contact_id, isouter=True)
        .join(Candidate, col(Candidate.id) == Referral.candidate_id, isouter=True)
        .where(col(Referral.company_id) == bindparam("company"), col(Referral.may_name) | tip)
        .order_by(col(Referral.may_name).desc(), col(Referral.id).desc())
        .limit(1)
    )


def told_in(session: Session, call_id: int) -> Sequence[Company]:
    """The companies that were named in this call."""
    return session.exec(_told_in(), params={"call": call_id}).all()


@cache
def _told_in() -> SelectOfScalar[Company]:
    of_call = select(Company).join(Referral, col(Referral.company_id) == Company.id)
    return of_call.where(col(Referral.call_id) == bindparam("call")).order_by(col(Referral.id)).limit(MOST_SHOWN)


def alike(session: Session, actor: Actor, name: str, town: str, number: str) -> list[FoundCompany]:
    """Companies we know that could be the one that is meant: by the number first, then by name, in that town first."""
    e164s = [parsed.e164 for parsed in parse_numbers(number)] if number else []
    found = [row for e164 in e164s for row in companies_with(session, actor, e164).rows]
    if name:
        in_town = search(session, actor, f"{name} {town}", page_size=MOST_ALIKE).rows if town else []
        found += in_town or search(session, actor, name, page_size=MOST_ALIKE).rows
    return list({row.company.id: row for row in found}.values())[:MOST_ALIKE]
