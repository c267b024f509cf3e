"""How a call ends, and what that means for the company on its lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Update, bindparam, delete, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling import rules
from crm.calling.capacity import count_attempt
from crm.calling.models import (
    RETRY,
    Call,
    CallAnswer,
    CallField,
    CallListEntry,
    CallStatus,
    CallWay,
    Claim,
    EntryState,
    ObjectionRight,
)
from crm.calling.queries import my_open_call, written
from crm.calling.retries import retries_by_list
from crm.calling.services.calls import script_version
from crm.calling.services.claims import drop, free, held_claim
from crm.calling.services.measuring import count_call
from crm.companies.models import Company, Referral
from crm.core.clock import now
from crm.core.db import locked, run
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.reference.models import Retry
from crm.reference.queries import dispositions


class OnLists(NamedTuple):
    """The entries of a company that are not done, and who holds it, all locked."""

    entries: Sequence[CallListEntry]
    claim: Claim | None


@dataclass(frozen=True, slots=True)
class FinishedCall:
    """A call that was not made at the desk."""

    company_id: int
    way: CallWay
    ended_at: datetime
    disposition: str
    objection_right: ObjectionRight | None
    contact_id: int | None = None
    e164: str = ""
    notes: str = ""


class UnknownResult(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Choose the result of the call."))


def finish_call(
    session: Session,
    actor: Actor,
    call: Call,
    on_lists: OnLists,
    *,
    disposition: str,
    objection_right: ObjectionRight | None,
    another_number: bool = False,
) -> None:
    """End the call with its result, plan the next attempt or take the company off its lists, and let go of it.

    `call` is as `take_up` gave it. `another_number` keeps the company on its lists: this number was wrong, and there is
    another one to try.
    Raises ObjectionRightMissing when somebody was spoken and nothing is said about the right to object.
    """
    actor.require(Permission.CALL_MAKE)
    call.ended_at = now()
    _finish(call, disposition, objection_right)
    record(session, actor, "call.finished", call)
    _note_last_call(session, call)
    count_call(session, call)
    if call.list_id:
        count_attempt(session, call.list_id)
    _settle(session, call, on_lists, another_number=another_number)


def add_finished_call(
    session: Session, actor: Actor, given: FinishedCall, on_lists: OnLists, *, another_number: bool = False
) -> Call:
    """Keep a call that was not made at the desk, with what its result means for the lists.

    Who speaks a company may be a coach on a visit, so this asks another permission than calling does.
    Raises ObjectionRightMissing when we called and nothing is said about the right to object.
    """
    actor.require(Permission.COMPANY_EDIT)
    call = Call(
        company_id=given.company_id,
        caller_id=actor.user_id,
        contact_id=given.contact_id,
        e164=given.e164,
        script_version_id=script_version(session, given.company_id),
        way=given.way,
        ended_at=given.ended_at,
        notes=rules.clean(given.notes, rules.LONGEST_NOTES),
    )
    _finish(call, given.disposition, given.objection_right)
    session.add(call)
    record(session, actor, "call.logged", call)
    _note_last_call(session, call)
    _settle(session, call, on_lists, another_number=another_number)
    return call


def _finish(call: Call, disposition: str, objection_right: ObjectionRight | None) -> None:
    result = dispositions().get(disposition)
    if result is None:
        raise UnknownResult
    call.objection_right = rules.objection_right(result, objection_right, call.way)
    call.status, call.result = CallStatus.DONE, result


def release(session: Session, actor: Actor, *, until: datetime | None = None) -> None:
    """Put the company back on its list, for a while or until a moment.

    A call in which nothing happened goes; one in which something was written ends without a result.
    """
    actor.require(Permission.CALL_MAKE)
    set_aside(session, actor)
    if claim := held_claim(session, actor):
        record(session, actor, "claim.released", claim, company=claim.company_id)
        free(session, claim, due_at=until or now() + rules.PUT_BACK_FOR)


def block(session: Session, actor: Actor, reason: str) -> None:
    """Take the company that is held off its list because it may not be called, with the reason in plain words."""
    actor.require(Permission.CALL_MAKE)
    set_aside(session, actor)
    claim = held_claim(session, actor)
    if claim is None:
        return
    if entry := session.get(CallListEntry, claim.entry_id) if claim.entry_id else None:
        entry.state, entry.blocked_because = EntryState.BLOCKED, rules.clean(reason, 300)
        record(session, actor, "entry.blocked", entry)
    drop(session, claim)


def _note_last_call(session: Session, call: Call) -> None:
    # Past the version of the company: a colleague who is editing it has not missed anything.
    run(session, _last_called(), {"company": call.company_id, "moment": call.ended_at})


@cache
def _last_called() -> Update:
    last = col(Company.last_called_at)
    earlier = last.is_(None) | (last < bindparam("moment"))  # a call of yesterday may be written down today
    statement = update(Company).where(col(Company.id) == bindparam("company"), earlier)
    return statement.values(last_called_at=bindparam("moment"))


def change_result(
    session: Session,
    call: Call,
    *,
    disposition: str,
    objection_right: ObjectionRight | None,
    another_number: bool,
    counts: bool,
) -> None:
    """Another result for a call that has ended, and what that means for the lists.

    `counts`: its attempt was taken back, so that it has to be counted again. While somebody holds the company the
    lists are up to that call.
    """
    count_call(session, call, times=-1)
    _finish(call, disposition, objection_right)
    count_call(session, call)
    entries, claim = lock_lists(session, call.company_id)
    if claim is None:
        _settle_entries(session, call, entries, another_number=another_number, counts=counts)


def lock_lists(session: Session, company_id: int, held: Claim | None = None) -> OnLists:
    """Where a company is, until the end of the transaction; `held` is the claim on it when that is known.

    Who claimed while this waited for an entry is seen, and waits for the entries in turn.
    """
    here = {"company": company_id}
    claim = held or session.exec(_claim_on(locks=True), params=here).one_or_none()
    entries = session.exec(_on_lists(), params=here).all()
    return OnLists(entries, claim or session.exec(_claim_on(locks=False), params=here).one_or_none())


def _settle(session: Session, call: Call, on_lists: OnLists, *, another_number: bool) -> None:
    """Let the result count on every list the company is on, and let go of it.

    Not while a colleague has it: then it is up to that call, and only the attempt counts.
    """
    entries, claim = on_lists
    theirs = claim is not None and claim.user_id != call.caller_id
    up_to_them = claim is not None and theirs and claim.expires_at > now()
    if up_to_them or call.entry_id not in {entry.id for entry in entries}:
        _count_attempt(session, call)
    if up_to_them:
        return
    _settle_entries(session, call, entries, another_number=another_number, counts=True)
    if claim and not theirs:
        drop(session, claim)


def _count_attempt(session: Session, call: Call) -> None:
    """On a list that this call does not settle: a colleague does, or has done so already."""
    if call.entry_id is not None:
        entry = locked(session, CallListEntry, call.entry_id)
        entry.attempts, entry.lane = entry.attempts + 1, RETRY


def _settle_entries(
    session: Session, call: Call, entries: Sequence[CallListEntry], *, another_number: bool, counts: bool
) -> None:
    result = call.result
    if result is None:
        raise UnknownResult
    own = retries_by_list(session, call.company_id, result)
    for entry in entries:
        retry = own.get(entry.list_id, result.retry)
        if counts and entry.id == call.entry_id:
            _settle_own(entry, call, retry, another_number=another_number)
        else:
            _settle_other(entry, call, retry, another_number=another_number)


@cache
def _on_lists() -> SelectOfScalar[CallListEntry]:
    on_lists = select(CallListEntry).where(
        col(CallListEntry.company_id) == bindparam("company"),
        col(CallListEntry.state).in_([EntryState.WAITING, EntryState.CLAIMED]),
    )
    on_lists = on_lists.order_by(col(CallListEntry.id)).with_for_update()
    return on_lists.execution_options(populate_existing=True)


@cache
def _claim_on(*, locks: bool) -> SelectOfScalar[Claim]:
    claim = select(Claim).where(col(Claim.company_id) == bindparam("company"))
    return claim.with_for_update() if locks else claim


def _settle_own(entry: CallListEntry, call: Call, retry: Retry | None, *, another_number: bool) -> None:
    """Attempts count per list."""
    entry.attempts, entry.lane = entry.attempts + 1, RETRY
    after = rules.next_try(retry, entry.attempts, call.ended_at or now(), another_number=another_number)
    entry.state, entry.due_at = after.state, after.due_at or entry.due_at


def _settle_other(entry: CallListEntry, call: Call, retry: Retry | None, *, another_number: bool) -> None:
    """After a contact nobody calls the company cold from another list."""
    if retry:
        entry.due_at = max(entry.due_at, rules.retry_at(retry, call.ended_at or now()))
    elif not another_number:
        entry.state = EntryState.DONE


def is_begun(session: Session, call: Call) -> bool:
    """Whether anything happened in a call: somebody dialled, answered, wrote or named another company."""
    answered = select(CallAnswer.id).where(CallAnswer.call_id == call.id).limit(1)
    told_of = select(Referral.id).where(Referral.call_id == call.id).limit(1)
    said = session.exec(answered).first() or session.exec(told_of).first()
    return bool(call.dialled_at or call.notes or said or written(session, call.id))


def set_aside(session: Session, actor: Actor) -> None:
    """Let go of the open call: one in which nothing happened goes, another ends without a result."""
    call = my_open_call(session, actor)
    if call is None:
        return
    call = locked(session, Call, call.id)
    if is_begun(session, call):
        call.status, call.ended_at = CallStatus.DONE, now()
        record(session, actor, "call.put_back", call)
        return
    session.exec(delete(CallField).where(col(CallField.call_id) == call.id))
    session.delete(call)
