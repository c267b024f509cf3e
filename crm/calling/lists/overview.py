"""Lists and how far each is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.lists.forecast import Course, Forecast, Unknown, first_day_looked_at, forecast, working_days_since
from crm.calling.lists.members import members
from crm.calling.models import Call, CallList, CallListEntry, EntryState, ListStatus, SkippedCompany
from crm.core.clock import day_bounds, local, today
from crm.core.errors import NotFound
from crm.reference.models import SPOKEN
from crm.reference.queries import dispositions

NO_FORECAST = Forecast(unknown=Unknown.DONE)


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list, how many companies are in each state, what came of it so far, and when it will be done."""

    list: CallList
    counts: dict[EntryState, int] = field(default_factory=dict)
    caller_ids: tuple[int, ...] = ()
    skipped: int = 0
    attempts: int = 0
    conversations: int = 0
    forecast: Forecast = NO_FORECAST

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def finished(self) -> int:
        return self.counts.get(EntryState.DONE, 0) + self.counts.get(EntryState.BLOCKED, 0)

    @property
    def progress(self) -> float:
        return self.finished / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class AboutList:
    """A list as a coordinator set it, and who calls from it."""

    list: CallList
    caller_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    rows: list[ListRow]
    total: int


def call_lists(session: Session, actor: Actor, page: int = 1, page_size: int = 10) -> ListPage:
    """Lists with their progress: the ones in use first, the newest on top."""
    actor.require(Permission.LIST_VIEW)
    lists = session.exec(
        select(CallList)
        .order_by(col(CallList.status) == ListStatus.CLOSED, col(CallList.id).desc())
        .offset((page - 1) * page_size)
        .limit(page_size)
    ).all()
    total = session.scalar(select_columns(func.count(col(CallList.id)))) or 0
    return ListPage(_rows(session, lists), total)


def about_list(session: Session, actor: Actor, list_id: int) -> AboutList:
    """Raises NotFound."""
    actor.require(Permission.LIST_VIEW)
    found = session.get(CallList, list_id)
    if found is None:
        raise NotFound
    return AboutList(found, members(session, [list_id]).get(list_id, ()))


def _rows(session: Session, lists: Sequence[CallList]) -> list[ListRow]:
    ids = [call_list.id for call_list in lists]
    counts, callers = list_progress(session, ids), members(session, ids)
    skipped, results, paces = _skipped(session, ids), _results(session, ids), _paces(session, ids)
    rows = []
    for call_list in lists:
        attempts, conversations = results.get(call_list.id, (0, 0))
        row = ListRow(
            list=call_list,
            counts=counts[call_list.id],
            caller_ids=callers.get(call_list.id, ()),
            skipped=skipped.get(call_list.id, 0),
            attempts=attempts,
            conversations=conversations,
        )
        rows.append(replace(row, forecast=forecast(_course(row, paces[call_list.id]), today())))
    return rows


def _course(row: ListRow, pace: tuple[int, int]) -> Course:
    recent, days = pace
    return Course(
        left=row.total - row.finished,
        done=row.counts.get(EntryState.DONE, 0),
        attempts=row.attempts,
        recent=recent,
        days=days,
        capacity=row.list.daily_capacity,
        callers=len(row.caller_ids),
        is_open=row.list.status is ListStatus.OPEN,
    )


def _results(session: Session, list_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Attempts and conversations of each list; calls that were put back are neither."""
    statement = (
        select_columns(col(Call.list_id), col(Call.disposition), func.count())
        .where(col(Call.list_id).in_(list_ids), col(Call.reached).is_not(None))
        .group_by(col(Call.list_id), col(Call.disposition))
    )
    found: dict[int, tuple[int, int]] = {}
    for list_id, disposition, n in session.execute(statement):
        attempts, conversations = found.get(list_id, (0, 0))
        spoken = disposition in dispositions() and dispositions()[disposition].kind in SPOKEN
        found[list_id] = attempts + n, conversations + (n if spoken else 0)
    return found


def _paces(session: Session, list_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Attempts on the last working days, without today, and how many days those are since the first attempt."""
    day = today()
    first, end = day_bounds(first_day_looked_at(day))[0], day_bounds(day)[0]
    of_list = col(Call.list_id) == CallList.id
    recent = select_columns(func.count()).where(
        of_list, col(Call.ended_at) >= first, col(Call.ended_at) < end, col(Call.reached).is_not(None)
    )
    began = select_columns(func.min(col(Call.ended_at))).where(of_list)
    statement = select_columns(
        col(CallList.id), recent.correlate(CallList).scalar_subquery(), began.correlate(CallList).scalar_subquery()
    ).where(col(CallList.id).in_(list_ids))
    return {
        list_id: (n, working_days_since(local(start).date(), day) if start else 0)
        for list_id, n, start in session.execute(statement)
    }


def _skipped(session: Session, list_ids: Iterable[int]) -> dict[int, int]:
    """How often callers skipped a company of each list."""
    statement = (
        select_columns(col(SkippedCompany.list_id), func.count())
        .where(col(SkippedCompany.list_id).in_(list_ids))
        .group_by(col(SkippedCompany.list_id))
    )
    found: dict[int, int] = dict(session.execute(statement).all())
    return found


def list_progress(session: Session, list_ids: Iterable[int]) -> dict[int, dict[EntryState, int]]:
    """How many companies of each list are in each state."""
    counts: dict[int, dict[EntryState, int]] = {list_id: {} for list_id in list_ids}
    statement = (
        select_columns(col(CallListEntry.list_id), col(CallListEntry.state), func.count())
        .where(col(CallListEntry.list_id).in_(counts))
        .group_by(col(CallListEntry.list_id), col(CallListEntry.state))
    )
    for list_id, state, n in session.execute(statement):
        counts[list_id][state] = n
    return counts
