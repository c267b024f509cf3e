"""Reading claims and calls.

What every click needs is built once: building a statement costs more than running it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.models import AuditEntry
from crm.calling.capacity import has_room
from crm.calling.models import (
    Call,
    CallAnswer,
    CallField,
    CallList,
    CallListEntry,
    CallListMember,
    CallStatus,
    Claim,
    EntryState,
    ListStatus,
    is_in,
)
from crm.calling.queue import known_companies, lanes
from crm.core.clock import now, today
from crm.core.db import run
from crm.scripts.queries import script
from crm.scripts.rules import Position, Step, walk

MOST_COUNTED = 1_000
TAKEN_OVER = "call.taken_over"  # how the audit log says that a colleague took the company of a call


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is busy with a company, until when at the latest."""

    user_id: int
    name: str
    until: datetime


def holder_of(session: Session, company_id: int) -> Holder | None:
    """For screens that may already show the company; None when nobody holds it."""
    statement = (
        select(User.id, User.name, Claim.expires_at)
        .join(Claim, col(Claim.user_id) == User.id)
        .where(Claim.company_id == company_id, Claim.expires_at > now())
    )
    row = session.exec(statement).one_or_none()
    return Holder(*row) if row else None


def taken_over_by(session: Session, call: Call) -> str | None:
    """The name of the colleague who took the company over during this call; None when nobody did."""
    statement = (
        select(User.name)
        .join(AuditEntry, col(AuditEntry.actor_id) == User.id)
        .where(
            AuditEntry.subject_type == Call.__tablename__,
            AuditEntry.subject_id == call.id,
            AuditEntry.action == TAKEN_OVER,
        )
    )
    return session.exec(statement).first()


def my_claim(session: Session, actor: Actor) -> Claim | None:
    """The company this caller holds to call, also when its time is over and nobody has freed it yet."""
    actor.require(Permission.CALL_MAKE)
    return session.exec(select(Claim).where(Claim.user_id == actor.user_id, ~col(Claim.parked))).one_or_none()


def my_open_call(session: Session, actor: Actor) -> Call | None:
    """The call this caller is in, whatever browser or server it began in."""
    actor.require(Permission.CALL_MAKE)
    return session.exec(_call_in(CallStatus.OPEN), params={"caller": actor.user_id}).one_or_none()


def my_parked_call(session: Session, actor: Actor) -> Call | None:
    """The call this caller put aside to answer another."""
    actor.require(Permission.CALL_MAKE)
    return session.exec(_call_in(CallStatus.PARKED), params={"caller": actor.user_id}).one_or_none()


def my_unfinished_calls(session: Session, actor: Actor) -> dict[CallStatus, Call]:
    """The call this caller is in and the one that is parked, as far as they are there."""
    actor.require(Permission.CALL_MAKE)
    return {call.status: call for call in session.exec(_unfinished(), params={"caller": actor.user_id})}


@cache
def _unfinished() -> SelectOfScalar[Call]:
    return select(Call).where(col(Call.caller_id) == bindparam("caller"), col(Call.ended_at).is_(None))


@cache
def _call_in(status: CallStatus) -> SelectOfScalar[Call]:
    return select(Call).where(col(Call.caller_id) == bindparam("caller"), is_in(status))


def steps(session: Session, call_id: int) -> list[Step]:
    """The answers that count, in order; what was undone by going back is left out."""
    return [Step(*row) for row in run(session, _steps(), {"call": call_id})]


@cache
def _steps() -> Select[str, str, str | None]:
    return (
        select(CallAnswer.node, CallAnswer.answer, CallAnswer.objection)
        .where(col(CallAnswer.call_id) == bindparam("call"), col(CallAnswer.undone_at).is_(None))
        .order_by(col(CallAnswer.id))
    )


def written(session: Session, call_id: int) -> dict[str, Any]:
    """What was written down during a call, by the name of the field."""
    found = run(session, _written(), {"call": call_id})
    return {name: value for name, value in found if value is not None}


@cache
def _written() -> Select[str, Any]:
    return select(CallField.name, CallField.value).where(col(CallField.call_id) == bindparam("call"))


def position(session: Session, call: Call) -> Position:
    """Where in its script a call is."""
    return walk(script(session, call.script_version_id), steps(session, call.id), incoming=call.is_incoming)


def left_to_call(session: Session, actor: Actor) -> int:
    """How many companies this caller could get now. Counting stops at MOST_COUNTED."""
    actor.require(Permission.CALL_MAKE)
    left: int = run(session, _left(), {"caller": actor.user_id, "moment": now(), "today": today()}).scalar_one()
    return left


@cache
def _left() -> SelectOfScalar[int]:
    mine = (
        select(CallListMember.list_id)
        .join(CallList, col(CallList.id) == CallListMember.list_id)
        .where(col(CallListMember.user_id) == bindparam("caller"), col(CallList.status) == ListStatus.OPEN, has_room())
    )
    waiting = (
        select(CallListEntry.id)
        .where(
            col(CallListEntry.list_id).in_(mine),
            col(CallListEntry.state) == EntryState.WAITING,
            col(CallListEntry.lane).in_(lanes()),
            col(CallListEntry.due_at) <= bindparam("moment"),
            col(CallListEntry.company_id).not_in(known_companies()),
        )
        .limit(MOST_COUNTED)
    )
    return select(func.count()).select_from(waiting.subquery())
