"""A call from its first second to its result. Each answer, note and field is kept as it is given.

The rows of a call are its log (an answer that was undone stays, with the moment), so the audit log only has how a
call ended. Only the caller who made a call writes in it.
"""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.models import (
    Call,
    CallAnswer,
    CallField,
    CallList,
    CallListEntry,
    CallStatus,
    Claim,
)
from crm.calling.queries import my_open_call, my_unfinished_calls, position, taken_over_by
from crm.calling.rules import LONGEST_NOTES, checked, clean
from crm.calling.services.claims import CallStillOpen, claim_company, held_claim
from crm.companies.gate import number_works
from crm.companies.models import CompanyNumber
from crm.core.clock import now
from crm.core.db import locked, run
from crm.core.errors import ChangedMeanwhile, CrmError, NotFound
from crm.core.i18n import _
from crm.followups.models import FollowUp
from crm.scripts.models import ScriptVersion
from crm.scripts.queries import script
from crm.scripts.rules import Position, Step, advance


class NotYourCall(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Only the caller who makes this call can write in it."))


class CallEnded(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This call is already finished."))


class CallParked(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This call is parked. Go back to it first."))


class CallTakenOver(CrmError):
    """A colleague took the company over, which ended the call."""

    def __init__(self, taker: str) -> None:
        words = _("{name} took over this company from you. What you wrote down is kept. Go on with the next company.")
        super().__init__(words.format(name=taker))


class NoScript(CrmError):
    def __init__(self) -> None:
        super().__init__(_("There is no call script yet. Ask your coordinator."))


class OwnCall(NamedTuple):
    """The open call of a caller, and what keeps its company held, both locked. Others may hold it by now."""

    call: Call
    claim: Claim | None


def open_call(session: Session, actor: Actor, claim: Claim) -> Call:
    """The call with the company that is held; the same one when it was opened before, or parked.

    `claim` is as claiming gave it in this transaction: locked, so that two windows of one caller get one call.
    Raises CallStillOpen during a call with another company.
    """
    actor.require(Permission.CALL_MAKE)
    if claim.user_id != actor.user_id:
        raise ChangedMeanwhile
    unfinished = my_unfinished_calls(session, actor)
    if call := unfinished.get(CallStatus.OPEN):
        if call.company_id != claim.company_id:
            raise CallStillOpen
        return call
    parked = unfinished.get(CallStatus.PARKED)
    if parked and parked.company_id == claim.company_id:
        call = _return_to(session, actor, parked.id)
    else:
        call = _new_call(session, actor, claim)
    session.add(call)
    session.flush()
    return call


def resume(session: Session, actor: Actor) -> Call | None:
    """The open call after a break, its company held again.

    Raises CompanyTaken when a colleague has the company now; what was written down is kept.
    """
    call = my_open_call(session, actor)
    if call:
        claim_company(session, actor, call.company_id, entry_id=call.entry_id)
    return call


def give_answer(
    session: Session, actor: Actor, call_id: int, node: str, answer: str, *, objection: str | None = None
) -> Position:
    """Keep the answer and go on to where it leads. Pressing twice counts once.

    `objection` names the objection when it is chosen in one go. Raises StepDoesNotFit.
    """
    call = own_open_call(session, actor, call_id)
    here, step = position(session, call), Step(node, answer, objection)
    if node != here.node.id and _was_last(step, here):
        return here
    there = advance(script(session, call.script_version_id), here, step)
    taken = there.path[-1].step
    session.add(CallAnswer(call_id=call.id, node=taken.node, answer=taken.answer, objection=taken.objection))
    return there


def go_back(session: Session, actor: Actor, call_id: int) -> Position:
    """Undo the last answer. At the first question nothing happens."""
    call = own_open_call(session, actor, call_id)
    last = (
        select(CallAnswer)
        .where(CallAnswer.call_id == call.id, col(CallAnswer.undone_at).is_(None))
        .order_by(col(CallAnswer.id).desc())
        .limit(1)
    )
    if answer := session.exec(last).one_or_none():
        answer.undone_at = now()
        session.flush()
    return position(session, call)


def save_notes(session: Session, actor: Actor, call_id: int, text: str) -> datetime:
    """Keep the notes as they are now; says when."""
    call = own_open_call(session, actor, call_id, late=True)
    call.notes, call.notes_saved_at = clean(text, LONGEST_NOTES), now()
    return call.notes_saved_at


def save_field(session: Session, actor: Actor, call_id: int, name: str, value: Any, *, late: bool = False) -> None:
    """Keep what was written down under a name of the script. None and empty take it away. Raises DoesNotFitField.

    `late`: text that may have been on its way when the company was taken over.
    """
    call = own_open_call(session, actor, call_id, late=late)
    asked = script(session, call.script_version_id).field(name)
    if asked is None:
        raise NotFound
    kept = checked(asked, value)
    statement = select(CallField).where(CallField.call_id == call.id, CallField.name == name)
    field = session.exec(statement).one_or_none() or CallField(call_id=call.id, name=name)
    field.value, field.saved_at = kept, now()
    session.add(field)


def mark_dialled(session: Session, actor: Actor, call_id: int, *, e164: str | None = None) -> Call:
    """The moment of dialling, from which the call is timed. `e164` is another number of the company."""
    call = own_open_call(session, actor, call_id)
    if e164 is not None:
        known = select(CompanyNumber.id).where(
            CompanyNumber.company_id == call.company_id, CompanyNumber.e164 == e164, number_works()
        )
        if session.exec(known).first() is None:
            raise NotFound
        call.e164 = e164
    call.dialled_at = now()
    return call


def own_open_call(session: Session, actor: Actor, call_id: int, *, late: bool = False) -> Call:
    """The call, locked; working in it keeps the company held."""
    actor.require(Permission.CALL_MAKE)
    return take_up(session, actor, locked(session, Call, call_id), late=late).call


def take_up(session: Session, actor: Actor, call: Call, *, late: bool = False) -> OwnCall:
    """What `own_open_call` asks of a call that is locked already."""
    actor.require(Permission.CALL_MAKE)
    if call.caller_id != actor.id:
        raise NotYourCall
    require_open(session, call, late=late)
    claim = held_claim(session, actor)
    return OwnCall(call, claim if claim and claim.company_id == call.company_id else None)


def require_open(session: Session, call: Call, *, late: bool = False) -> None:
    """Raises CallTakenOver, CallParked or CallEnded. What was typed until then still comes in: `late`."""
    if call.status is CallStatus.OPEN or (late and call.status is CallStatus.PARKED):
        return
    if call.status is CallStatus.PARKED:
        raise CallParked
    taker = taken_over_by(session, call)
    if taker is None:
        raise CallEnded
    if not late:
        raise CallTakenOver(taker)


def _was_last(step: Step, here: Position) -> bool:
    last = here.path[-1].step if here.path else None
    same = last is not None and (last.node, last.answer) == (step.node, step.answer)
    return same and last is not None and step.objection in {None, last.objection}


def _return_to(session: Session, actor: Actor, call_id: int) -> Call:
    call = locked(session, Call, call_id)
    if call.status is not CallStatus.PARKED:
        raise ChangedMeanwhile  # in another window
    call.status, call.parked_at = CallStatus.OPEN, None
    record(session, actor, "call.returned_to", call)
    return call


def _new_call(session: Session, actor: Actor, claim: Claim) -> Call:
    here = {"company": claim.company_id, "entry": claim.entry_id}
    if claim.entry_id:
        list_id, version, e164 = run(session, _place_on_list(), here).one()
    else:
        list_id, version = None, script_version(session, claim.company_id)
        e164 = run(session, _working_number(), here).scalar()
    agreed = session.get(FollowUp, claim.follow_up_id) if claim.follow_up_id else None
    return Call(
        company_id=claim.company_id,
        caller_id=actor.user_id,
        list_id=list_id,
        entry_id=claim.entry_id,
        contact_id=agreed.contact_id if agreed else None,
        e164=e164 or "",
        script_version_id=version,
    )


@cache
def _place_on_list() -> Select[int, int, str | None]:
    """The list, its script and the number to call."""
    return (
        select(CallListEntry.list_id, CallList.script_version_id, _working_number().scalar_subquery())
        .join(CallList, col(CallList.id) == CallListEntry.list_id)
        .where(col(CallListEntry.id) == bindparam("entry"))
    )


@cache
def _working_number() -> SelectOfScalar[str]:
    """The main number as long as it may be called, else the first that may."""
    return (
        select(CompanyNumber.e164)
        .where(col(CompanyNumber.company_id) == bindparam("company"), number_works())
        .order_by(col(CompanyNumber.is_main).desc(), col(CompanyNumber.id))
        .limit(1)
    )


def script_version(session: Session, company_id: int) -> int:
    """The script for a call that comes from no list: that of the last call, else the newest."""
    last = select(Call.script_version_id).where(Call.company_id == company_id).order_by(col(Call.id).desc()).limit(1)
    newest = select(ScriptVersion.id).order_by(col(ScriptVersion.id).desc()).limit(1)
    found = session.exec(last).first() or session.exec(newest).first()
    if found is None:
        raise NoScript
    return found
