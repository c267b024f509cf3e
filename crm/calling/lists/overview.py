"""Lists and how far each is."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.lists.members import members
from crm.calling.models import CallList, CallListEntry, EntryState, ListStatus, SkippedCompany


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list and how many companies are in each state."""

    list: CallList
    counts: dict[EntryState, int] = field(default_factory=dict)
    caller_ids: tuple[int, ...] = ()
    skipped: int = 0

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
    ids = [call_list.id for call_list in lists]
    counts, callers = list_progress(session, ids), members(session, ids)
    total = session.scalar(select_columns(func.count(col(CallList.id)))) or 0
    skipped = _skipped(session, ids)
    rows = [ListRow(item, counts[item.id], callers.get(item.id, ()), skipped.get(item.id, 0)) for item in lists]
    return ListPage(rows, total)


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
