"""Tips: a company that a job seeker names becomes a lead, and they hear what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, literal
from sqlmodel import Session, col, func, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.models import Call, CallListEntry, CallStatus
from crm.candidates.models import Candidate
from crm.companies.inputs import LeadInput
from crm.companies.models import Company, Referral
from crm.companies.services import add_lead
from crm.core.clock import today
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import N_, _
from crm.core.types import LabelledEnum
from crm.pipeline.models import HiddenJob, Stage

MOST_SHOWN = 50
AT_WORK = (Stage.PLACED, Stage.AFTERCARE)


class CameOfIt(LabelledEnum):
    """The furthest that came of a tip since it was given."""

    WAITING = "waiting", N_("Not called yet")
    LISTED = "listed", N_("On a call list")
    CALLED = "called", N_("Called")
    WORK = "work", N_("Work found")
    PLACED = "placed", N_("Somebody got work")


class ThankedAlready(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This job seeker has been thanked for this tip already."))


@dataclass(frozen=True, slots=True)
class Tip:
    referral: Referral
    company: Company
    came_of_it: CameOfIt


def tip_new(session: Session, actor: Actor, candidate_id: int, lead: LeadInput, *, may_name: bool) -> Referral:
    """Write down a company we do not know yet. Raises CompanyKnown when we do."""
    actor.require(Permission.CANDIDATE_EDIT)
    # Who asks how we got the number hears this: no name of a person is in it.
    company = add_lead(session, actor, lead, source=_("a job seeker"))
    return tip_known(session, actor, candidate_id, company.id, may_name=may_name)


def tip_known(session: Session, actor: Actor, candidate_id: int, company_id: int, *, may_name: bool) -> Referral:
    """A tip on a company we know. What somebody says about being named counts as they said it last."""
    actor.require(Permission.CANDIDATE_EDIT)
    locked(session, Company, company_id)
    locked(session, Candidate, candidate_id)
    same = Referral.company_id == company_id, Referral.candidate_id == candidate_id
    referral = session.exec(select(Referral).where(*same)).one_or_none()
    referral = referral or Referral(company_id=company_id, candidate_id=candidate_id, made_by_id=actor.user_id)
    referral.may_name = may_name
    session.add(referral)
    record(session, actor, "company.referred", referral)
    return referral


def thank(session: Session, actor: Actor, referral_id: int) -> Referral:
    """Somebody told the job seeker what came of it, and said thank you."""
    actor.require(Permission.CANDIDATE_EDIT)
    referral = locked(session, Referral, referral_id)
    if referral.thanked_on:
        raise ThankedAlready
    referral.thanked_on = today()
    record(session, actor, "tip.thanked", referral)
    return referral


def tips_of(session: Session, actor: Actor, candidate_id: int) -> list[Tip]:
    """The tips of this job seeker, the newest first."""
    actor.require(Permission.CANDIDATE_VIEW)
    since = col(Referral.created_at)
    calls = select(func.count(col(Call.id))).where(
        col(Call.company_id) == Company.id, Call.status == CallStatus.DONE, col(Call.ended_at) >= since
    )
    jobs = select(func.count(col(HiddenJob.id))).where(
        col(HiddenJob.company_id) == Company.id, col(HiddenJob.created_at) >= since
    )
    listed = select(func.count(col(CallListEntry.id))).where(col(CallListEntry.company_id) == Company.id)
    placed = jobs.where(col(HiddenJob.stage).in_(AT_WORK))
    counted = [one.scalar_subquery() for one in (placed, jobs, calls, listed)]
    statement = (
        select(Referral, Company)
        .add_columns(*counted)
        .join(Company, col(Company.id) == Referral.company_id)
        .where(col(Referral.candidate_id) == candidate_id)
        .order_by(col(Referral.id).desc())
        .limit(MOST_SHOWN)
    )
    return [Tip(row[0], row[1], _furthest(*row[2:])) for row in session.execute(statement)]


def _furthest(placed: int, jobs: int, calls: int, listed: int) -> CameOfIt:
    reached = {
        CameOfIt.PLACED: placed,
        CameOfIt.WORK: jobs,
        CameOfIt.CALLED: calls,
        CameOfIt.LISTED: listed,
    }
    return next((came for came, count in reached.items() if count), CameOfIt.WAITING)


@dataclass(frozen=True, slots=True)
class TipOnCompany:
    """`name` is that of who gave the tip; empty when the one who looks may not know."""

    candidate_id: int
    name: str
    may_name: bool
    written_by: str
    at: datetime


def tips_on(session: Session, actor: Actor, company_id: int) -> list[TipOnCompany]:
    """Tips of job seekers on a company, the newest first."""
    actor.require(Permission.COMPANY_VIEW)
    statement = (
        select(Referral, name_of_giver(literal(actor.may(Permission.CANDIDATE_VIEW))), User.name)
        .join(Candidate, col(Candidate.id) == Referral.candidate_id)
        .join(User, col(User.id) == Referral.made_by_id)
        .where(Referral.company_id == company_id)
        .order_by(col(Referral.id).desc())
        .limit(MOST_SHOWN)
    )
    return [
        TipOnCompany(one.candidate_id or 0, name, one.may_name, writer, one.created_at)
        for one, name, writer in session.exec(statement)
    ]


def name_of_giver(knows: ColumnElement[bool]) -> ColumnElement[str]:
    """Who gave a tip; empty for who may not know and did not hear that they may be named, and of who was erased."""
    told = col(Candidate.erased_at).is_(None) & (col(Referral.may_name) | knows)
    return case((told, col(Candidate.name)), else_="")
