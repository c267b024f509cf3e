"""What follows from the result of a call: for the company, for what was promised, and what is done next."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.calling.models import Call, CallListEntry, WrapUp
from crm.calling.retries import retry_on
from crm.calling.rules import retry_at, within_desk_hours
from crm.companies.gate import number_works
from crm.companies.inputs import ContactInput
from crm.companies.models import Company, CompanyNumber, Contact, Suppression, SuppressionReason
from crm.companies.services import (
    add_contact,
    mark_out_of_service,
    mark_stopped,
    mark_wrong_number,
    set_legal_form,
    suppress,
)
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.core.i18n import _, speaking
from crm.core.text import plain, squeeze
from crm.core.tracing import RowChange
from crm.desk import statements
from crm.desk.inputs import NextStep, WrapUpInput
from crm.desk.rules import (
    COMPLAINT,
    DEAD_NUMBERS,
    LEGAL_FORM_WRONG,
    NO_MORE_CALLS,
    OBJECTS,
    OUT_OF_SERVICE,
    STOPPED,
    WRONG_NUMBER,
    disposition,
)
from crm.followups.inputs import FollowUpInput
from crm.followups.models import ANSWERS, FollowUp
from crm.followups.services import complete, drop, move, plan
from crm.matching.suggesting import note_job_of_call
from crm.messaging.models import NoticeKind
from crm.messaging.services import notify
from crm.pipeline.models import HiddenJob, Stage
from crm.pipeline.services import create_job
from crm.reference.models import Disposition

CORRECTABLE = (CallListEntry, Company, CompanyNumber, FollowUp, HiddenJob, Suppression)


def keep_wrap_up(session: Session, kept: WrapUp, changes: Sequence[RowChange]) -> None:
    """What was done, for when the result turns out to be wrong. The day on which it can be put right stays the same."""
    kept.changes = [asdict(change) for change in changes]
    session.add(kept)


def follow(
    session: Session, actor: Actor, call: Call, given: WrapUpInput, *, called_for: int | None, another_number: bool
) -> None:
    """Do what the result of this finished call asks. `called_for` is the planned call that it was."""
    _tell_company(session, actor, call, given)
    if not another_number:
        _settle_callbacks(session, actor, call, disposition(given.disposition), called_for)
    job_id = _hidden_job(session, actor, call, given)
    if job_id is not None:
        note_job_of_call(session, call.id, job_id)
    if given.next_step:
        plan_step(session, actor, call, given.next_step, job_id)


def tries_another_number(session: Session, result: str, company_id: int, e164: str) -> bool:
    """After a number that does not work the company is called at once on another one, when it has one."""
    if result not in DEAD_NUMBERS:
        return False
    others = select(CompanyNumber.id).where(
        CompanyNumber.company_id == company_id, CompanyNumber.e164 != e164, number_works()
    )
    return session.exec(others.limit(1)).first() is not None


def contact_spoken(session: Session, actor: Actor, company_id: int, given: WrapUpInput) -> int | None:
    """Who was spoken: somebody known by that name, or somebody new. None when no name was given."""
    if not given.contact_name:
        return None
    known = session.exec(select(Contact).where(Contact.company_id == company_id)).all()
    same = [contact for contact in known if plain(squeeze(contact.name)) == plain(given.contact_name)]
    if same:
        return same[0].id
    new = ContactInput(name=given.contact_name, function=given.contact_function)
    return add_contact(session, actor, company_id, new).id


def _tell_company(session: Session, actor: Actor, call: Call, given: WrapUpInput) -> None:
    """What the result says about the company itself."""
    company_id = call.company_id
    reasons = {OBJECTS: SuppressionReason.OBJECTION, COMPLAINT: SuppressionReason.COMPLAINT}
    if reason := reasons.get(given.disposition):
        suppress(session, actor, company_id, reason=reason, contact_id=call.contact_id, note=given.summary)
    elif given.disposition == WRONG_NUMBER and call.e164:
        mark_wrong_number(session, actor, company_id, call.e164)
    elif given.disposition == OUT_OF_SERVICE and call.e164:
        mark_out_of_service(session, actor, company_id, call.e164)
    elif given.disposition == STOPPED:
        mark_stopped(session, actor, company_id)
    elif given.disposition == LEGAL_FORM_WRONG and given.legal_form:
        set_legal_form(session, actor, company_id, given.legal_form)


def _settle_callbacks(session: Session, actor: Actor, call: Call, result: Disposition, called_for: int | None) -> None:
    """The planned calls this one was: done when somebody was reached, else for another moment.

    Who was called ahead of an agreed moment and did not answer is called at that moment after all.
    """
    ended_at = call.ended_at or now()
    here = {"company": call.company_id, "caller": call.caller_id, "called_for": called_for}
    for follow_up in session.exec(statements.planned_calls(), params=here).all():
        if result.code in NO_MORE_CALLS:
            drop(session, actor, follow_up.id, version=None, reason=result.name, on_behalf=True)
        elif follow_up.due_at <= ended_at or (follow_up.id == called_for and not result.is_system):
            _settle_callback(session, actor, call, follow_up, result)


def _settle_callback(session: Session, actor: Actor, call: Call, follow_up: FollowUp, result: Disposition) -> None:
    if retry := retry_on(session, call.list_id, result):
        later = max(retry_at(retry, call.ended_at or now()), within_desk_hours(now()))
        move(session, actor, follow_up.id, version=None, due_at=later, reason=result.name, on_behalf=True)
    else:
        complete(session, actor, follow_up.id, version=None, outcome=result.name, call_id=call.id, on_behalf=True)
    if follow_up.owner_id not in {None, actor.id, call.caller_id}:
        _tell_colleague(session, actor, call, follow_up, result)


def _tell_colleague(session: Session, actor: Actor, call: Call, promised: FollowUp, result: Disposition) -> None:
    """Who promised this call hears who made it, in their own language."""
    owner, company = session.get_one(User, promised.owner_id), session.get_one(Company, call.company_id)
    with speaking(owner.language):
        title = _("{name} made your callback: {company}").format(name=actor.name, company=company.name)
        body = _("Result: {result}").format(result=result.name)
    once_key = f"call.made_for:{call.id}:{promised.id}"
    page = f"companies?company={company.id}"
    notify(session, owner.id, kind=NoticeKind.TAKEN_OVER, once_key=once_key, title=title, body=body, page=page)


def _hidden_job(session: Session, actor: Actor, call: Call, given: WrapUpInput) -> int | None:
    if job := given.job:
        stage = Stage.EXPLORED if job.tasks.strip() and job.hours_per_week else Stage.SIGNAL
        return create_job(session, actor, call.company_id, job, call_id=call.id, stage=stage).id
    if given.known_job_id is not None:
        known = session.get(HiddenJob, given.known_job_id)
        if known is None or known.company_id != call.company_id:
            raise NotFound
        return known.id
    return None


def plan_step(session: Session, actor: Actor, call: Call, step: NextStep, job_id: int | None) -> None:
    plan(
        session,
        actor,
        FollowUpInput(
            kind=step.kind,
            due_at=step.due_at,
            owner_id=step.owner_id,
            note=step.note,
            company_id=call.company_id,
            contact_id=call.contact_id,
            hidden_job_id=job_id,
            made_in_call_id=call.id,
            asked_at=(call.ended_at or now()) if step.kind in ANSWERS else None,
        ),
    )
