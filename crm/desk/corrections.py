"""What the form needs that puts a result right, and whose results can be."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.models import Call, WrapUp
from crm.calling.queries import written
from crm.companies.models import Company, Contact
from crm.core.clock import day_bounds, today
from crm.core.errors import NotFound
from crm.desk import statements
from crm.followups.models import FollowUp, FollowUpStatus
from crm.pipeline.models import HiddenJob

MOST = 10


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """A call as it was wrapped up. `step` is the open follow-up it made, `own_job_id` the hidden job."""

    call: Call
    company: Company
    contact: str
    summary: str
    step: FollowUp | None
    jobs: Sequence[HiddenJob]
    own_job_id: int | None


@dataclass(frozen=True, slots=True)
class TodaysCall:
    call: Call
    company: Company


def correction_form(session: Session, actor: Actor, call_id: int) -> CorrectionForm:
    """Raises NotFound for a call whose result this person cannot change today."""
    statement = (
        select(Call, Company, Contact.name)
        .join(WrapUp, col(WrapUp.call_id) == Call.id)
        .join(Company, col(Company.id) == Call.company_id)
        .join(Contact, col(Contact.id) == Call.contact_id, isouter=True)
        .where(Call.id == call_id, *_may_be_corrected(actor))
    )
    row = session.exec(statement).first()
    if row is None:
        raise NotFound
    call, company, contact = row
    jobs = list(session.exec(statements.jobs(), params={"company": company.id}).all())
    own = session.exec(select(HiddenJob).where(HiddenJob.call_id == call.id).limit(1)).first()
    if own and own.id not in {job.id for job in jobs}:
        jobs.append(own)
    return CorrectionForm(
        call=call,
        company=company,
        contact=contact or "",
        summary=str(written(session, call.id).get("summary", "")),
        step=session.exec(
            select(FollowUp).where(FollowUp.made_in_call_id == call.id, FollowUp.status == FollowUpStatus.OPEN)
        ).first(),
        jobs=jobs,
        own_job_id=own.id if own else None,
    )


def correctable(session: Session, actor: Actor, company_id: int) -> set[int]:
    """The calls with a company whose result this person can change now."""
    statement = (
        select(Call.id)
        .join(WrapUp, col(WrapUp.call_id) == Call.id)
        .where(Call.company_id == company_id, *_may_be_corrected(actor))
    )
    return set(session.exec(statement))


def my_calls_today(session: Session, actor: Actor) -> list[TodaysCall]:
    """The latest results this person wrote down today, the newest first."""
    statement = (
        select(Call, Company)
        .join(WrapUp, col(WrapUp.call_id) == Call.id)
        .join(Company, col(Company.id) == Call.company_id)
        .where(Call.caller_id == actor.user_id, *_may_be_corrected(actor))
        .order_by(col(WrapUp.id).desc())
        .limit(MOST)
    )
    return [TodaysCall(*row) for row in session.exec(statement)]


def _may_be_corrected(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    actor.require(Permission.COMPANY_EDIT)
    start, end = day_bounds(today())
    own = true() if actor.may(Permission.LIST_MANAGE) else col(Call.caller_id) == actor.id
    return own, col(WrapUp.created_at) >= start, col(WrapUp.created_at) < end
