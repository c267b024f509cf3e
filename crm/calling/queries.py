"""Reading claims, calls and the progress of lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
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
)
from crm.core.clock import now
from crm.scripts.queries import script
from crm.scripts.rules import Position, Step, walk

MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class PastCall:
    """A finished call and who made it."""

    call: Call
    caller: str


def my_claim(session: Session, actor: Actor) -> Claim | None:
    """The company this caller holds, also when its time is over and nobody has freed it yet."""
    actor.require(Permission.CALL_MAKE)
    return session.exec(select(Claim).where(Claim.user_id == actor.user_id)).one_or_none()


def my_open_call(session: Session, actor: Actor) -> Call | None:
    """The call this caller is in, whatever browser or server it began in."""
    actor.require(Permission.CALL_MAKE)
    statement = select(Call).where(Call.caller_id == actor.user_id, Call.status == CallStatus.OPEN)
    return session.exec(statement).one_or_none()


def steps(session: Session, call_id: int) -> list[Step]:
    """The answers that count, in order; what was undone by going back is left out."""
    statement = (
        select(CallAnswer.node, CallAnswer.answer, CallAnswer.objection)
        .where(CallAnswer.call_id == call_id, col(CallAnswer.undone_at).is_(None))
        .order_by(col(CallAnswer.id))
    )
    return [Step(*row) for row in session.exec(statement)]


def written(session: Session, call_id: int) -> dict[str, Any]:
    """What was written down during a call, by the name of the field."""
    statement = select(CallField.name, CallField.value).where(CallField.call_id == call_id)
    return {name: value for name, value in session.exec(statement) if value is not None}


def position(session: Session, call: Call) -> Position:
    """Where in its script a call is."""
    return walk(script(session, call.script_version_id), steps(session, call.id))


def history(session: Session, company_id: int, *, limit: int = 20) -> list[PastCall]:
    """Finished calls to a company, the newest first. For screens that may already show the company."""
    statement = (
        select(Call, User.name)
        .join(User, col(Call.caller_id) == User.id)
        .where(Call.company_id == company_id, Call.status == CallStatus.DONE, col(Call.disposition).is_not(None))
        .order_by(col(Call.id).desc())
        .limit(limit)
    )
    return [PastCall(call, caller) for call, caller in session.exec(statement)]


def lists_of(session: Session, actor: Actor) -> Sequence[CallList]:
    """The open lists this caller works on."""
    statement = (
        select(CallList)
        .join(CallListMember, col(CallListMember.list_id) == CallList.id)
        .where(CallListMember.user_id == actor.user_id, CallList.status == ListStatus.OPEN)
        .order_by(col(CallList.id))
    )
    return session.exec(statement).all()


def left_to_call(session: Session, actor: Actor) -> int:
    """How many companies this caller could get now. Counting stops at MOST_COUNTED."""
    actor.require(Permission.CALL_MAKE)
    mine = [call_list.id for call_list in lists_of(session, actor)]
    waiting = (
        select(CallListEntry.id)
        .where(
            col(CallListEntry.list_id).in_(mine),
            CallListEntry.state == EntryState.WAITING,
            CallListEntry.due_at <= now(),
        )
        .limit(MOST_COUNTED)
    )
    return session.exec(select(func.count()).select_from(waiting.subquery())).one()
