"""How a call ends: all that follows from its result, or nothing at all."""

from datetime import datetime

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.inputs import SkipInput
from crm.calling.models import Call, CallStatus, WrapUp
from crm.calling.queries import my_claim, taken_over_by
from crm.calling.retries import no_message
from crm.calling.rules import MESSAGE_LEFT, PUT_BACK_FOR, within_desk_hours
from crm.calling.services import (
    CallTakenOver,
    OwnCall,
    block,
    finish_call,
    lock_lists,
    own_open_call,
    release,
    skip,
    take_up,
)
from crm.companies.gate import may_call
from crm.core.clock import now
from crm.core.db import locked
from crm.core.i18n import _
from crm.core.tracing import noting
from crm.desk.inputs import WrapUpInput
from crm.desk.queries import form_of
from crm.desk.rules import TIME_RULES, check, check_message
from crm.desk.services.consequences import CORRECTABLE, contact_spoken, follow, keep_wrap_up, tries_another_number
from crm.desk.services.opening import go_on, next_company
from crm.followups.models import FollowUp, FollowUpStatus
from crm.followups.services import move


def put_back(session: Session, actor: Actor, call_id: int) -> Call | None:
    """Not now: back to the list for a while, and on to the next company."""
    own_open_call(session, actor, call_id)
    claim = my_claim(session, actor)
    callback, later = claim.follow_up_id if claim else None, within_desk_hours(now() + PUT_BACK_FOR)
    release(session, actor)
    _put_off_callback(session, actor, callback, later, reason=_("put back"))
    return go_on(session, actor)


def skip_company(session: Session, actor: Actor, call_id: int, given: SkipInput) -> Call | None:
    """Not this one, and why: back to the list for as long as the reason asks, and on to the next company.

    Raises CallBegun when there is something to keep.
    """
    own_open_call(session, actor, call_id)
    claim = my_claim(session, actor)
    callback = claim.follow_up_id if claim else None
    skipped = skip(session, actor, given)
    later = within_desk_hours(skipped.until)
    _put_off_callback(session, actor, callback, later, reason=given.note or given.reason.label)
    return go_on(session, actor)


def _put_off_callback(session: Session, actor: Actor, callback_id: int | None, later: datetime, *, reason: str) -> None:
    """A promise waits as long as a company of a list, or it would be the very next call."""
    promised = session.get(FollowUp, callback_id) if callback_id else None
    if promised and promised.status is FollowUpStatus.OPEN and promised.due_at <= now():
        move(session, actor, promised.id, version=None, due_at=later, reason=reason, on_behalf=True)


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
    actor.require(Permission.CALL_MAKE)
    call = locked(session, Call, call_id)
    if call.caller_id == actor.id and call.status is CallStatus.DONE:
        if taker := taken_over_by(session, call):
            raise CallTakenOver(taker)
        return next_company(session, actor)
    own = take_up(session, actor, call)
    _wrap_up(session, actor, own, form_of(session, call).given(actor.id))
    return go_on(session, actor)


def wrap_up(session: Session, actor: Actor, call_id: int, given: WrapUpInput) -> Call:
    """End the call and do all that follows from its result. Raises CannotWrapUp and then changes nothing."""
    actor.require(Permission.CALL_MAKE)
    call = locked(session, Call, call_id)
    _wrap_up(session, actor, take_up(session, actor, call), given)
    return call


def _wrap_up(session: Session, actor: Actor, own: OwnCall, given: WrapUpInput) -> None:
    call = own.call
    check(given, now(), call.way)
    if given.disposition == MESSAGE_LEFT:
        check_message(no_message(session, call))
    on_lists = lock_lists(session, call.company_id, own.claim)
    call.contact_id = contact_spoken(session, actor, call.company_id, given) or call.contact_id
    called_for = own.claim.follow_up_id if own.claim else None
    again = tries_another_number(session, given.disposition, call.company_id, call.e164)
    with noting(session, *CORRECTABLE) as changes:
        finish_call(
            session,
            actor,
            call,
            on_lists,
            disposition=given.disposition,
            objection_right=given.objection_right,
            another_number=again,
        )
        follow(session, actor, call, given, called_for=called_for, another_number=again)
    keep_wrap_up(session, WrapUp(call_id=call.id, follow_up_id=called_for), changes)
