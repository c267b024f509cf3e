"""How many attempts a list may have on a day. A list counts its own, so a claim never counts calls."""

from functools import cache

from sqlalchemy import ColumnElement, Update, bindparam, case, func, or_, update
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.models import Call, CallList, CallListEntry, CallListMember, EntryState, ListStatus
from crm.core.clock import day_bounds, today
from crm.core.db import run


def has_room() -> ColumnElement[bool]:
    """Says in a statement about lists, with the day as `:today`, that another attempt may begin.

    Those that somebody is making at this moment count: what is in the air comes down.
    """
    day_count = case((col(CallList.attempts_on) == bindparam("today"), col(CallList.attempts_that_day)), else_=0)
    under_way = (
        select(func.count())
        .where(col(CallListEntry.list_id) == CallList.id, col(CallListEntry.state) == EntryState.CLAIMED)
        .correlate(CallList)
        .scalar_subquery()
    )
    return or_(col(CallList.daily_capacity).is_(None), day_count + under_way < col(CallList.daily_capacity))


def count_attempt(session: Session, list_id: int) -> None:
    # Past the version of the list: a coordinator who is changing it has not missed anything.
    run(session, _count_attempt(), {"list": list_id, "today": today()})


@cache
def _count_attempt() -> Update:
    same_day = col(CallList.attempts_on) == bindparam("today")
    counted = case((same_day, col(CallList.attempts_that_day) + 1), else_=1)
    return (
        update(CallList)
        .where(col(CallList.id) == bindparam("list"), col(CallList.daily_capacity).is_not(None))
        .values(attempts_that_day=counted, attempts_on=bindparam("today"))
    )


def set_capacity(session: Session, call_list: CallList, capacity: int | None) -> None:
    """Attempts of earlier on the day count too."""
    if capacity is not None and call_list.daily_capacity is None:
        call_list.attempts_on, call_list.attempts_that_day = today(), _attempts_today(session, call_list.id)
    call_list.daily_capacity = capacity


def full_lists(session: Session, actor: Actor) -> list[str]:
    """The lists of this caller that had all their attempts of today, by name."""
    actor.require(Permission.CALL_MAKE)
    statement = (
        select(CallList.name)
        .join(CallListMember, col(CallListMember.list_id) == CallList.id)
        .where(CallListMember.user_id == actor.user_id, CallList.status == ListStatus.OPEN, ~has_room())
    )
    return list(session.exec(statement.order_by(CallList.name), params={"today": today()}))


def _attempts_today(session: Session, list_id: int) -> int:
    first, end = day_bounds(today())
    statement = select(func.count()).where(
        col(Call.list_id) == list_id,
        col(Call.ended_at) >= first,
        col(Call.ended_at) < end,
        col(Call.reached).is_not(None),
    )
    return session.exec(statement).one()
