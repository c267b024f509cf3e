"""In what order a caller gets the companies of the lists.

First those that are tried again, the longest waiting first. Then fresh ones: by the priority of their list, the
chance that somebody of their trade picks up in this hour, and how long they wait. What it costs does not grow with the
lists: it is one look into the index for each lane of each list, and a row per trade group for the chances.
"""

from datetime import datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeVar

from sqlalchemy import (
    CTE,
    ColumnElement,
    bindparam,
    case,
    exists,
    func,
    literal,
    true,
    union_all,
)
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from crm.access.actor import Actor
from crm.calling.capacity import has_room
from crm.calling.chance import Chance, chance, hour_of_week, rank
from crm.calling.models import (
    RETRY,
    CallList,
    CallListEntry,
    CallListMember,
    Claim,
    EntryState,
    HourFigures,
    ListStatus,
    SkippedCompany,
    SkipReason,
)
from crm.companies.models import Company
from crm.core.clock import now, today
from crm.reference.trades import OTHER, trade_group_prefixes, trade_groups

Found = TypeVar("Found")


class _Front(NamedTuple):
    """What has waited longest in a lane of a list."""

    list_id: int
    lane: str
    priority: int
    due_at: datetime


def first_due(session: Session, actor: Actor) -> CallListEntry | None:
    """The first entry that nobody else is taking at this moment, locked."""
    for list_id, lane in _lanes_in_order(session, actor):
        here = {"list": list_id, "lane": lane, "caller": actor.user_id, "moment": now()}
        if entry := session.exec(_first_of_lane(), params=here).first():
            return entry
    return None


def chances_now(session: Session) -> dict[str, Chance]:
    """The chance of each trade group in this hour."""
    weekday, hour = hour_of_week(now())
    measured = {
        group: {"calls": calls, "spoken": spoken}
        for group, calls, spoken in session.exec(_figures(), params={"weekday": weekday, "hour": hour})
    }
    return {group: chance(group, weekday, hour, **measured.get(group, {})) for group in trade_groups()}


def lane_of_company() -> ColumnElement[str]:
    """Says in a statement about companies in what lane a fresh entry waits."""
    by_length = groupby(trade_group_prefixes(), key=lambda pair: len(pair[0]))
    return case(
        *(
            (func.substr(col(Company.sbi_code), 1, length).in_([prefix for prefix, _code in same]), group)
            for length, pairs in by_length
            for group, same in groupby(sorted(pairs, key=itemgetter(1)), key=itemgetter(1))
        ),
        else_=OTHER,
    )


def known_companies() -> SelectOfScalar[int]:
    """For a statement about a `caller`: the companies this caller leaves to colleagues, who does not know them."""
    return select(SkippedCompany.company_id).where(
        col(SkippedCompany.user_id) == bindparam("caller"), col(SkippedCompany.reason) == SkipReason.KNOWN
    )


def lanes() -> tuple[str, ...]:
    return (RETRY, *trade_groups())


@cache
def _figures() -> Select[str, int, int]:
    return select(HourFigures.trade_group, HourFigures.calls, HourFigures.spoken).where(
        col(HourFigures.weekday) == bindparam("weekday"), col(HourFigures.hour) == bindparam("hour")
    )


def _lanes_in_order(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """The lists and lanes in which something is due for this caller."""
    given = {"caller": actor.user_id, "moment": now(), "today": today()}
    found = session.exec(_fronts(), params=given)
    due = [_Front(list_id, lane, priority, due_at) for list_id, lane, priority, due_at in found if due_at]
    chances = chances_now(session) if due else {}
    due.sort(key=lambda front: (*_turn(front, chances), front.due_at, front.list_id, front.lane))
    return [(front.list_id, front.lane) for front in due]


def _turn(front: _Front, chances: dict[str, Chance]) -> tuple[int, int]:
    return (0, 0) if front.lane == RETRY else (front.priority, rank(chances[front.lane].value))


@cache
def _fronts() -> Select[int, str, int, datetime | None]:
    lane = _lanes()
    first = _first(select(CallListEntry.due_at)).where(
        col(CallListEntry.list_id) == CallListMember.list_id, col(CallListEntry.lane) == lane.c.lane
    )
    return (
        select(
            CallListMember.list_id,
            lane.c.lane,
            CallList.priority,
            first.correlate(CallListMember, lane).scalar_subquery().label("due_at"),
        )
        .join(CallList, col(CallList.id) == CallListMember.list_id)
        .join(lane, true())
        .where(col(CallListMember.user_id) == bindparam("caller"), col(CallList.status) == ListStatus.OPEN, has_room())
    )


def _lanes() -> CTE:
    # Not `values()`: a statement with that is compiled again for every click.
    return union_all(*(select(literal(lane).label("lane")) for lane in lanes())).cte("lanes")


@cache
def _first_of_lane() -> SelectOfScalar[CallListEntry]:
    statement = _first(select(CallListEntry)).where(
        col(CallListEntry.list_id) == bindparam("list"), col(CallListEntry.lane) == bindparam("lane")
    )
    return statement.with_for_update(skip_locked=True).execution_options(populate_existing=True)


def _first(statement: SelectOfScalar[Found]) -> SelectOfScalar[Found]:
    """The first entry that is due and whose company nobody holds; not of people this caller knows."""
    held = exists().where(col(Claim.company_id) == CallListEntry.company_id)
    return (
        statement.where(
            col(CallListEntry.state) == EntryState.WAITING,
            col(CallListEntry.due_at) <= bindparam("moment"),
            ~held,
            col(CallListEntry.company_id).not_in(known_companies()),
        )
        .order_by(col(CallListEntry.due_at), col(CallListEntry.id))
        .limit(1)
    )
