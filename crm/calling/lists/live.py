"""Live lists: companies that match by now come on, those that do not match any more and were not begun go off.

Nobody waits for this: a list of a million takes many short transactions, and what a caller is busy with at that moment
is left for the next time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.inputs import ListFilters
from crm.calling.lists.choosing import matching, to_put_on
from crm.calling.lists.making import fill, one_at_a_time
from crm.calling.models import Call, CallList, CallListEntry, Claim, EntryState, ListStatus
from crm.companies.gate import callable_now
from crm.companies.models import Company
from crm.companies.queries import newest_import
from crm.core.clock import now
from crm.core.db import changed, reading, run, transaction
from crm.core.errors import CrmError, NotFound
from crm.core.i18n import _
from crm.core.stopping import stop_here

UPDATED_EVERY = timedelta(minutes=15)
PORTION = 5_000  # companies in a transaction: a caller waits a fraction of a second for it at most


class Portion(NamedTuple):
    """The companies with a number above `after`, up to and with `last`."""

    after: int
    last: int


class ListFrozen(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This list does not change by itself: it was not made by a choice of companies."))


@dataclass(frozen=True, slots=True)
class ListChange:
    """How many companies came on a list and how many went off."""

    added: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def __add__(self, other: "ListChange") -> "ListChange":
        return ListChange(self.added + other.added, self.removed + other.removed)


def lists_to_update(session: Session, moment: datetime) -> Sequence[int]:
    """Live lists that were not looked at for a while, or not since the newest import."""
    statement = select(CallList.id).where(
        col(CallList.is_live),
        CallList.status != ListStatus.CLOSED,
        or_(
            col(CallList.updated_at).is_(None),
            col(CallList.updated_at) <= moment - UPDATED_EVERY,
            col(CallList.newest_import) < newest_import(session),
        ),
    )
    return session.exec(statement.order_by(col(CallList.id))).all()


def update_list(actor: Actor, list_id: int) -> ListChange:
    """Bring a live list up to date, in transactions of its own so that others write in between. Raises ListFrozen.

    After a crash what was done stays, and the next time does the rest: only then the list counts as up to date. Raises
    Stopped between two portions when the process has to end, which comes to the same.
    """
    actor.require(Permission.LIST_MANAGE)
    with reading() as session:
        _live(session, list_id)
        newest = newest_import(session)
    change = ListChange()
    for portion in _portions():
        stop_here()
        change += _update_portion(actor, list_id, portion)
    with transaction() as session:
        mark_up_to_date(session, list_id, newest)
    return change


def _portions() -> Iterator[Portion]:
    last = 0
    while True:
        ids = select_columns(col(Company.id)).where(col(Company.id) > last).order_by(col(Company.id)).limit(PORTION)
        with reading() as session:
            after, last = last, session.scalar(select_columns(func.max(ids.subquery().c.id)))
        if last is None:
            return
        yield Portion(after, last)


def _update_portion(actor: Actor, list_id: int, portion: Portion) -> ListChange:
    with reading() as session:
        if not is_outdated(session, list_id, portion):
            return ListChange()
    with transaction() as session:
        return update_portion(session, actor, list_id, portion)


def is_outdated(session: Session, list_id: int, portion: Portion) -> bool:
    """Whether an update would change anything. It keeps nobody from writing, and mostly the answer is no."""
    call_list = _live(session, list_id)
    missing = select_columns(col(Company.id)).where(*_missing(call_list, portion), callable_now())
    changes = (_stale(call_list, portion), _callable_again(call_list, portion), missing)
    return any(session.scalar(change.limit(1)) is not None for change in changes)


def update_portion(session: Session, actor: Actor, list_id: int, portion: Portion) -> ListChange:
    """Bring a live list up to date about these companies. Doing it again changes nothing more. Raises ListFrozen."""
    actor.require(Permission.LIST_MANAGE)
    one_at_a_time(session)
    call_list = _live(session, list_id)
    removed = changed(session, delete(CallListEntry).where(_is_free(_stale(call_list, portion))))
    again = update(CallListEntry).where(_is_free(_callable_again(call_list, portion)))
    added = changed(session, again.values(state=EntryState.WAITING, due_at=now(), blocked_because=""))
    added += fill(session, call_list, _missing(call_list, portion))
    done = ListChange(added, removed)
    if done:
        record(session, actor, "list.updated", call_list, added=added, removed=removed)
    return done


def mark_up_to_date(session: Session, list_id: int, newest: int) -> None:
    """Note that a list has all there was up to and with this import."""
    # Past the version of the list: a coordinator who is changing it has not missed anything.
    seen = update(CallList).where(col(CallList.id) == list_id).values(updated_at=now(), newest_import=newest)
    run(session, seen)


def _live(session: Session, list_id: int) -> CallList:
    call_list = session.get(CallList, list_id)
    if call_list is None:
        raise NotFound
    if not call_list.is_live or call_list.status is ListStatus.CLOSED:
        raise ListFrozen
    return call_list


def _is_free(entries: Select[int]) -> ColumnElement[bool]:
    """Those of these entries that nobody is busy with at this moment."""
    return col(CallListEntry.id).in_(entries.with_for_update(skip_locked=True))


def _missing(call_list: CallList, portion: Portion) -> list[ColumnElement[bool]]:
    """Says which of these companies belong on the list and are not there."""
    here = exists().where(col(CallListEntry.list_id) == call_list.id, col(CallListEntry.company_id) == Company.id)
    return [_within(col(Company.id), portion), *to_put_on(_filters(call_list)), ~here]


def _within(company_id: Any, portion: Portion) -> ColumnElement[bool]:
    return and_(company_id > portion.after, company_id <= portion.last)


def _filters(call_list: CallList) -> ListFilters:
    return ListFilters.model_validate(call_list.filters)


def _stale(call_list: CallList, portion: Portion) -> Select[int]:
    """Entries to take off: nothing was done with them, and their company does not belong on the list any more."""
    called = exists().where(col(Call.entry_id) == CallListEntry.id)
    held = select_columns(col(Claim.entry_id)).where(col(Claim.entry_id).is_not(None))  # few, so gathered once
    untouched = [col(CallListEntry.attempts) == 0, col(CallListEntry.id).not_in(held), ~called]
    return _entries(call_list, portion, EntryState.WAITING).where(*untouched, ~_belongs(call_list))


def _callable_again(call_list: CallList, portion: Portion) -> Select[int]:
    """Entries that were taken out because calling was not allowed, while it is now: consent was given."""
    return _entries(call_list, portion, EntryState.BLOCKED).where(_belongs(call_list))


def _entries(call_list: CallList, portion: Portion, state: EntryState) -> Select[int]:
    return select_columns(col(CallListEntry.id)).where(
        col(CallListEntry.list_id) == call_list.id,
        _within(col(CallListEntry.company_id), portion),
        col(CallListEntry.state) == state,
    )


def _belongs(call_list: CallList) -> ColumnElement[bool]:
    belonging = [*matching(_filters(call_list)), callable_now()]
    return exists().where(col(Company.id) == CallListEntry.company_id, *belonging)
