"""How a call ends: all that follows from its result, or nothing at all."""

from datetime import datetime

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.calling.models import Call, CallStatus
from crm.calling.queries import my_claim, taken_over_by
from crm.calling.retries import no_message, retry_on
from crm.calling.rules import retry_at
from crm.calling.services import CallTakenOver, block, finish_call, own_open_call, release
from crm.companies.gate import may_call, number_works
from crm.companies.inputs import ContactInput
from crm.companies.models import CompanyNumber, Contact, SuppressionReason
from crm.companies.services import add_contact, mark_stopped, mark_wrong_number, set_legal_form, suppress
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.core.text import plain, squeeze
from crm.desk import statements
from crm.desk.inputs import NextStep, WrapUpInput
from crm.desk.queries import form_of
from crm.desk.rules import (
    COMPLAINT,
    LEGAL_FORM_WRONG,
    NO_MORE_CALLS,
    OBJECTS,
    STOPPED,
    TIME_RULES,
    WRONG_NUMBER,
    check,
    check_message,
    disposition,
)
from crm.desk.services.opening import go_on, next_company
from crm.followups.inputs import FollowUpInput
from crm.followups.models import FollowUp
from crm.followups.services import complete, drop, move, plan
from crm.pipeline.models import HiddenJob, Stage
from crm.pipeline.services import create_job
from crm.reference.models import Disposition


def put_back(session: Session, actor: Actor, call_id: int) -> Call | None:
    """Not now: back to the list for a while, and on to the next company."""
    own_open_call(session, actor, call_id)
    release(session, actor)
    return go_on(session, actor)


def refuse(session: Session, actor: Actor, call_id: int) -> Call | None:
    """Take a company that may not be called off its list, and go on to the next."""
    call = own_open_call(session, actor, call_id)
    verdict = may_call(session, call.company_id, e164=call.e164 or None)
    if verdict.allowed or verdict.rule in TIME_RULES:
        release(session, actor)
    else:
        block(session, actor, verdict.reason)
    return go_on(session, actor)


def wrap_up_and_next(session: Session, actor: Actor, call_id: int) -> Call | None:
    """Wrap up with what stands in the form, and open the next call. Pressing twice counts once."""
    before = session.get(Call, call_id)
    if before and before.caller_id == actor.id and before.status is CallStatus.DONE:
        if taker := taken_over_by(session, before):
            raise CallTakenOver(taker)
        return next_company(session, actor)
    call = own_open_call(session, actor, call_id)
    _wrap_up(session, actor, call, form_of(session, call).given(actor.id))
    return go_on(session, actor)


def wrap_up(session: Session, actor: Actor, call_id: int, given: WrapUpInput) -> Call:
    """End the call and do all that follows from its result. Raises CannotWrapUp and then changes nothing."""
    return _wrap_up(session, actor, own_open_call(session, actor, call_id), given)


def _wrap_up(session: Session, actor: Actor, call: Call, given: WrapUpInput) -> Call:
    check(given, now())
    result = disposition(given.disposition)
    check_message(result, no_message(session, call))
    call.contact_id = _contact(session, actor, call, given)
    claim = my_claim(session, actor)
    called_for = claim.follow_up_id if claim else None
    again = result.code == WRONG_NUMBER and _has_another_number(session, call)
    finish_call(
        session,
        actor,
        call.id,
        disposition=result.code,
        objection_right=given.objection_right,
        another_number=again,
    )
    _tell_company(session, actor, call, given)
    if not again:
        _settle_callbacks(session, actor, call, result, called_for)
    job_id = _hidden_job(session, actor, call, given)
    if given.next_step:
        _plan(session, actor, call, given.next_step, job_id)
    return call


def _has_another_number(session: Session, call: Call) -> bool:
    others = select(CompanyNumber.id).where(
        CompanyNumber.company_id == call.company_id, CompanyNumber.e164 != call.e164, number_works()
    )
    return session.exec(others.limit(1)).first() is not None


def _contact(session: Session, actor: Actor, call: Call, given: WrapUpInput) -> int | None:
    """Who was spoken: somebody known by that name, or somebody new."""
    if not given.contact_name:
        return call.contact_id
    known = session.exec(select(Contact).where(Contact.company_id == call.company_id)).all()
    same = [contact for contact in known if plain(squeeze(contact.name)) == plain(given.contact_name)]
    if same:
        return same[0].id
    new = ContactInput(name=given.contact_name, function=given.contact_function)
    return add_contact(session, actor, call.company_id, new).id


def _tell_company(session: Session, actor: Actor, call: Call, given: WrapUpInput) -> None:
    """What the result says about the company itself."""
    company_id = call.company_id
    reasons = {OBJECTS: SuppressionReason.OBJECTION, COMPLAINT: SuppressionReason.COMPLAINT}
    if reason := reasons.get(given.disposition):
        suppress(session, actor, company_id, reason=reason, contact_id=call.contact_id, note=given.summary)
    elif given.disposition == WRONG_NUMBER and call.e164:
        mark_wrong_number(session, actor, company_id, call.e164)
    elif given.disposition == STOPPED:
        mark_stopped(session, actor, company_id)
    elif given.disposition == LEGAL_FORM_WRONG and given.legal_form:
        set_legal_form(session, actor, company_id, given.legal_form)


def _settle_callbacks(session: Session, actor: Actor, call: Call, result: Disposition, called_for: int | None) -> None:
    """The planned calls this one was: done when somebody was reached, else for another moment.

    Who was called ahead of an agreed moment and did not answer is called at that moment after all.
    """
    here = {"company": call.company_id, "caller": actor.id}
    for follow_up in session.exec(statements.planned_calls(), params=here).all():
        if result.code in NO_MORE_CALLS:
            drop(session, actor, follow_up.id, version=None, reason=result.name)
        elif follow_up.due_at <= now() or (follow_up.id == called_for and not result.is_system):
            _settle_callback(session, actor, call, follow_up, result)


def _settle_callback(session: Session, actor: Actor, call: Call, follow_up: FollowUp, result: Disposition) -> None:
    if retry := retry_on(session, call.list_id, result):
        later: datetime = retry_at(retry, now())
        move(session, actor, follow_up.id, version=None, due_at=later, reason=result.name)
    else:
        complete(session, actor, follow_up.id, version=None, outcome=result.name, call_id=call.id)


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


def _plan(session: Session, actor: Actor, call: Call, step: NextStep, job_id: int | None) -> None:
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
        ),
    )
