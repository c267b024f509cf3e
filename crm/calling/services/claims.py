"""One company, one caller: the unique rows of Claim decide, whatever happens at the same moment.

Claiming is not written in the audit log: the claim and the call that follows say who and when.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Delete, Insert, bindparam, delete
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from crm.access.actor import SYSTEM, Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.models import Call, CallListEntry, CallListMember, CallStatus, Claim, EntryState
from crm.calling.queries import my_open_call
from crm.calling.queue import put_back, take_first
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.db import Upsert, as_read, insert_for, locked, run
from crm.core.errors import ChangedMeanwhile, CrmError, NotAllowed, NotFound
from crm.core.i18n import _, show_time
from crm.core.settings import settings

TRIES = 50
FREED_AT_ONCE = 200
RENEW_AFTER = timedelta(minutes=1)


class CompanyTaken(CrmError):
    """A colleague holds this company."""

    def __init__(self, holder: str, until: datetime) -> None:
        self.holder, self.until = holder, until
        words = _("{name} is busy with this company, until {time} at the latest.")
        super().__init__(words.format(name=holder, time=show_time(until)))


class CallStillOpen(CrmError):
    def __init__(self) -> None:
        super().__init__(_("You are still in another call. Finish that one first, or put it back."))


def claim_next(session: Session, actor: Actor) -> Claim | None:
    """The first company of the lists of this caller, now held by this caller. None when there is none.

    Who already holds one gets that again. Raises CompanyTaken when the caller's open call is about a company
    that a colleague has taken up since.
    """
    actor.require(Permission.CALL_MAKE)
    for _try in range(TRIES):
        taken = take_first(session, actor)
        if taken is None:
            return _claim_again(session, actor)
        if claim := _hold(session, actor, taken.company_id, entry_id=taken.entry_id):
            return claim
        # A colleague took the same company through another list, or this caller in another window.
        put_back(session, taken.entry_id)
    raise ChangedMeanwhile


def claim_company(
    session: Session, actor: Actor, company_id: int, *, entry_id: int | None = None, follow_up_id: int | None = None
) -> Claim:
    """Hold this company. What the caller held before goes back to its list; what was parked comes back.

    Raises CompanyTaken when a colleague has it, CallStillOpen during a call with another company.
    """
    actor.require(Permission.CALL_MAKE)
    calls = hold_calls(session, actor)
    call, parked = calls.get(CallStatus.OPEN), calls.get(CallStatus.PARKED)
    if call and call.company_id != company_id:
        raise CallStillOpen
    if claim := held_claim(session, actor):
        if claim.company_id == company_id:
            claim.follow_up_id = follow_up_id or claim.follow_up_id
            return claim
        free(session, claim)
    if session.get(Company, company_id) is None:
        raise NotFound
    if claim := _from_parked(session, actor, company_id, follow_up_id):
        return claim
    _free_if_expired(session, company_id)
    goes_on = call or (parked and parked.entry_id == entry_id)  # also when its list has been given to others
    if entry_id is not None and not goes_on:
        _require_member(session, actor, entry_id)
    claim = _hold_with_entry(session, actor, company_id, entry_id, follow_up_id)
    if claim is None:
        raise _taken(session, company_id)
    return claim


def hold_calls(session: Session, actor: Actor) -> dict[CallStatus, Call]:
    """The open call of this caller and the parked one, as far as they are there, locked."""
    return {call.status: call for call in session.exec(_own_calls(), params={"caller": actor.user_id})}


@cache
def _own_calls() -> SelectOfScalar[Call]:
    own = select(Call).where(col(Call.caller_id) == bindparam("caller"), col(Call.ended_at).is_(None))
    return own.order_by(col(Call.id)).with_for_update().execution_options(populate_existing=True)


def held_claim(session: Session, actor: Actor) -> Claim | None:
    """What this caller holds, locked and with new time.

    Not written every time: a colleague whose claim meets a changed row must wait for the end of this transaction,
    and meets a row that is only locked without waiting.
    """
    claim = session.exec(_held(), params={"caller": actor.user_id}).one_or_none()
    if claim and claim.expires_at < until() - RENEW_AFTER:
        claim.expires_at = until()
    return claim


@cache
def _held() -> SelectOfScalar[Claim]:
    statement = select(Claim).where(col(Claim.user_id) == bindparam("caller"), ~col(Claim.parked)).with_for_update()
    return statement.execution_options(populate_existing=True)


def free(session: Session, claim: Claim, *, due_at: datetime | None = None) -> None:
    """Give a company back to its list, as it was or for a later moment."""
    if claim.entry_id:
        put_back(session, claim.entry_id, due_at=due_at)
    drop(session, claim)


def drop(session: Session, claim: Claim) -> None:
    """Let go. Entries are written first: who gets the next company may hold one of them and wait for the claim."""
    run(session, _drop(), {"claim": claim.id})
    session.expunge(claim)


@cache
def _drop() -> Delete:
    return delete(Claim).where(col(Claim.id) == bindparam("claim"))


def release_expired(session: Session) -> int:
    """Free the companies whose time is over; says how many. Open calls stay as they are."""
    statement = (
        select(Claim)
        .where(Claim.expires_at <= now())
        .order_by(col(Claim.expires_at))
        .limit(FREED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    expired = session.exec(statement).all()
    for claim in expired:
        record(session, SYSTEM, "claim.expired", claim, company=claim.company_id, holder=claim.user_id)
        free(session, claim)
    return len(expired)


def until() -> datetime:
    """How long a company is held from now on."""
    return now() + timedelta(minutes=settings().claim_minutes)


def _claim_again(session: Session, actor: Actor) -> Claim | None:
    """What this caller holds already, or is in a call with."""
    if claim := held_claim(session, actor):
        return claim
    call = my_open_call(session, actor)
    return claim_company(session, actor, call.company_id, entry_id=call.entry_id) if call else None


def _hold(
    session: Session, actor: Actor, company_id: int, *, entry_id: int | None, follow_up_id: int | None = None
) -> Claim | None:
    """None when somebody has this company, or this caller another."""
    fields: dict[str, Any] = {
        "company_id": company_id,
        "user_id": actor.user_id,
        "parked": False,
        "entry_id": entry_id,
        "follow_up_id": follow_up_id,
        "expires_at": until(),
        "created_at": now(),
    }
    claim_id = run(session, _holding(insert_for(session.connection())), fields).scalar()
    return as_read(session, Claim(id=claim_id, **fields)) if claim_id else None


def _hold_with_entry(
    session: Session, actor: Actor, company_id: int, entry_id: int | None, follow_up_id: int | None
) -> Claim | None:
    """The entry too, as far as it still waits."""
    entry = _waiting_entry(session, company_id, entry_id)
    claim = _hold(session, actor, company_id, entry_id=entry.id if entry else None, follow_up_id=follow_up_id)
    if claim and entry:
        entry.state = EntryState.CLAIMED
    return claim


@cache
def _holding(insert: Upsert) -> Insert:
    names = ("company_id", "user_id", "parked", "entry_id", "follow_up_id", "expires_at", "created_at")
    holding = insert(Claim).values({name: bindparam(name) for name in names})
    return holding.on_conflict_do_nothing().returning(col(Claim.id))


def _waiting_entry(session: Session, company_id: int, entry_id: int | None) -> CallListEntry | None:
    """The entry, locked, as far as it still waits."""
    if entry_id is None:
        return None
    entry = locked(session, CallListEntry, entry_id)
    if entry.company_id != company_id:
        raise NotFound
    return entry if entry.state is EntryState.WAITING else None


def parked_claim(session: Session, actor: Actor, company_id: int) -> Claim | None:
    """What keeps the company of the parked call held, locked; None when that is another, or its time was over."""
    statement = select(Claim).where(Claim.user_id == actor.user_id, Claim.company_id == company_id, col(Claim.parked))
    return session.exec(statement.with_for_update()).one_or_none()


def _from_parked(session: Session, actor: Actor, company_id: int, follow_up_id: int | None) -> Claim | None:
    """What this caller parked, held to call again."""
    claim = parked_claim(session, actor, company_id)
    if claim:
        claim.parked, claim.expires_at = False, until()
        claim.follow_up_id = follow_up_id or claim.follow_up_id
        session.flush()
    return claim


def _require_member(session: Session, actor: Actor, entry_id: int) -> None:
    statement = (
        select(CallListMember.id)
        .join(CallListEntry, col(CallListEntry.list_id) == CallListMember.list_id)
        .where(col(CallListEntry.id) == entry_id, col(CallListMember.user_id) == actor.user_id)
    )
    if session.exec(statement).first() is None:
        raise NotAllowed


def _free_if_expired(session: Session, company_id: int) -> None:
    statement = select(Claim).where(Claim.company_id == company_id, Claim.expires_at <= now()).with_for_update()
    if claim := session.exec(statement).one_or_none():
        record(session, SYSTEM, "claim.expired", claim, company=company_id, holder=claim.user_id)
        free(session, claim)


def _taken(session: Session, company_id: int) -> CrmError:
    statement = select(User.name, Claim.expires_at).join(Claim, col(Claim.user_id) == User.id)
    holder = session.exec(statement.where(Claim.company_id == company_id)).one_or_none()
    return CompanyTaken(*holder) if holder else ChangedMeanwhile()
