"""In what order a caller gets the companies of the lists.

First those that are tried again, the longest waiting first. Then fresh ones: by the priority of their list, the
chance that somebody of their trade picks up in this hour, and how long they wait. What it costs does not grow with the
lists: it is one look into the index for each lane of each list.
"""

from datetime import datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    true,
    union_all,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar
from sqlmodel.sql.sqltypes import UTCDateTime

from crm.access.actor import Actor
from crm.calling.capacity import has_room
from crm.calling.chance import chance, hour_of_week, is_best_of_day, rank
from crm.calling.models import (
    RETRY,
    Call,
    CallList,
    CallListEntry,
    CallListMember,
    CallStatus,
    Claim,
    EntryState,
    HourFigures,
    ListStatus,
    SkippedCompany,
    SkipReason,
    is_in,
)
from crm.companies.models import Company
from crm.core.clock import local, now, today
from crm.core.db import reread, run
from crm.reference.calendar import desk_window
from crm.reference.trades import OTHER, trade_group_prefixes, trade_groups

Found = TypeVar("Found")


class Taken(NamedTuple):
    entry_id: int
    company_id: int


class _Front(NamedTuple):
    """What has waited longest in a lane of a list, and our own calls to that trade in this hour of the week."""

    list_id: int
    lane: str
    priority: int
    due_at: datetime
    calls: int
    spoken: int


def take_first(session: Session, actor: Actor) -> Taken | None:
    """The first entry that nobody else is taking at this moment; from now on it is being called.

    Who holds a company or is in a call gets none.
    """
    moment = now()
    for front in _fronts_in_order(session, actor, moment):
        here = {"on_list": front.list_id, "in_lane": front.lane, "caller": actor.user_id, "moment": moment}
        if row := run(session, _take_first_of_lane(), here).one_or_none():
            taken = Taken(*row)
            reread(session, CallListEntry, taken.entry_id)
            return taken
    return None


def put_back(session: Session, entry_id: int, *, due_at: datetime | None = None) -> None:
    """Who was being called waits again, as before or until a later moment."""
    run(session, _put_back(), {"entry": entry_id, "later": due_at})
    reread(session, CallListEntry, entry_id)


def is_good_hour(session: Session, group: str, moment: datetime) -> bool:
    """Whether people of this trade come to the phone clearly more at this hour than on average that day."""
    window = desk_window(local(moment).date())
    if window is None:
        return False
    weekday, now_hour = hour_of_week(moment)
    figures = run(session, _figures_of_day(), {"weekday": weekday, "group": group})
    measured = {hour: (calls, spoken) for hour, calls, spoken in figures}
    return is_best_of_day(group, weekday, now_hour, range(window[0].hour, window[1].hour), measured)


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
def _figures_of_day() -> Select[*tuple[Any, ...]]:
    return select(HourFigures.hour, HourFigures.calls, HourFigures.spoken).where(
        col(HourFigures.weekday) == bindparam("weekday"), col(HourFigures.trade_group) == bindparam("group")
    )


def _fronts_in_order(session: Session, actor: Actor, moment: datetime) -> list[_Front]:
    """The lists and lanes in which something is due for this caller."""
    weekday, hour = hour_of_week(moment)
    given = {"caller": actor.user_id, "moment": moment, "today": today(), "weekday": weekday, "hour": hour}
    due = [_Front(*row) for row in run(session, _fronts(), given) if row.due_at]
    return sorted(due, key=lambda front: (*_turn(front, weekday, hour), front.due_at, front.list_id, front.lane))


def _turn(front: _Front, weekday: int, hour: int) -> tuple[int, int]:
    if front.lane == RETRY:
        return 0, 0
    found = chance(front.lane, weekday, hour, calls=front.calls, spoken=front.spoken)
    return front.priority, rank(found.value)


@cache
def _fronts() -> Select[*tuple[Any, ...]]:
    lane = _lanes()
    first = _first(select(CallListEntry.due_at)).where(
        col(CallListEntry.list_id) == CallListMember.list_id, col(CallListEntry.lane) == lane.c.lane
    )
    in_this_hour = and_(
        col(HourFigures.trade_group) == lane.c.lane,
        col(HourFigures.weekday) == bindparam("weekday"),
        col(HourFigures.hour) == bindparam("hour"),
    )
    return (
        select(
            CallListMember.list_id,
            lane.c.lane,
            CallList.priority,
            first.correlate(CallListMember, lane).scalar_subquery().label("due_at"),
        )
        .add_columns(func.coalesce(HourFigures.calls, 0), func.coalesce(HourFigures.spoken, 0))
        .join(CallList, col(CallList.id) == CallListMember.list_id)
        .join(lane, true())
        .outerjoin(HourFigures, in_this_hour)
        .where(
            col(CallListMember.user_id) == bindparam("caller"),
            col(CallList.status) == ListStatus.OPEN,
            has_room(),
            ~exists().where(col(Claim.user_id) == bindparam("caller"), ~col(Claim.parked)),
            ~exists().where(col(Call.caller_id) == bindparam("caller"), is_in(CallStatus.OPEN)),
        )
    )


def _lanes() -> CTE:
    # Not `values()`: a statement with that is compiled again for every click.
    return union_all(*(select(literal(lane).label("lane")) for lane in lanes())).cte("lanes")


@cache
def _take_first_of_lane() -> ReturningUpdate[int, int]:
    first = _first(select(CallListEntry.id)).where(
        col(CallListEntry.list_id) == bindparam("on_list"), col(CallListEntry.lane) == bindparam("in_lane")
    )
    free = first.with_for_update(skip_locked=True).correlate(None).scalar_subquery()
    return (
        update(CallListEntry)
        .where(col(CallListEntry.id) == free)
        .values(state=EntryState.CLAIMED)
        .returning(col(CallListEntry.id), col(CallListEntry.company_id))
    )


@cache
def _put_back() -> Update:
    return (
        update(CallListEntry)
        .where(col(CallListEntry.id) == bindparam("entry"), col(CallListEntry.state) == EntryState.CLAIMED)
        .values(
            state=EntryState.WAITING,
            due_at=func.coalesce(bindparam("later", type_=UTCDateTime), col(CallListEntry.due_at)),
        )
    )


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
