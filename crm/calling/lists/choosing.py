"""Which companies a choice gives: clauses on Company, so that the database does the work."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.inputs import LARGE_FROM, ListFilters, postcode_ranges
from crm.calling.models import CallList, CallListEntry, EntryState, ListStatus
from crm.companies.gate import callable_now, verdict_counts
from crm.companies.models import Company, Referral
from crm.companies.queries import HIGHEST, starts_with
from crm.reference.queries import sbi, sbi_divisions, size_classes

BUSY = (EntryState.WAITING, EntryState.CLAIMED)


@dataclass(frozen=True, slots=True)
class ListPreview:
    """What a choice of companies gives: `total` = `callable` + all that is blocked; of those that may be called,
    `listed` are on another open list."""

    total: int
    callable: int
    blocked: list[tuple[str, int]]
    listed: int


def preview(session: Session, actor: Actor, filters: ListFilters) -> ListPreview:
    """Count what a list would hold, and why other companies may not be called."""
    actor.require(Permission.LIST_MANAGE)
    chosen = select(col(Company.id)).where(*matching(filters))
    total = session.scalar(_count(chosen)) or 0
    blocked = list(verdict_counts(session, chosen).items())
    listed = session.scalar(_count(chosen.where(on_open_list(), callable_now()))) or 0
    return ListPreview(total, total - sum(n for _reason, n in blocked), blocked, listed)


def _count(statement: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(statement.subquery())


def on_open_list() -> ColumnElement[bool]:
    return exists().where(
        col(CallListEntry.company_id) == Company.id,
        col(CallListEntry.state).in_(BUSY),
        col(CallListEntry.list_id) == CallList.id,
        col(CallList.status) != ListStatus.CLOSED,
    )


def to_put_on(filters: ListFilters) -> list[ColumnElement[bool]]:
    """What a company must be like to come on a list of this choice."""
    elsewhere = [~on_open_list()] if filters.skip_listed else []
    return [*matching(filters), *elsewhere]


def matching(filters: ListFilters) -> Iterator[ColumnElement[bool]]:
    """What a company must be like; whether it may be called is asked apart."""
    if filters.trades:
        yield or_(*(starts_with(col(Company.sbi_code), code) for code in _digits(filters.trades)))
    if filters.towns:
        yield col(Company.town).in_(filters.towns)
    if ranges := postcode_ranges(filters.postcodes):
        yield or_(*(_between(first, last) for first, last in ranges))
    if filters.sizes:
        yield or_(*(_of_size(code) for code in filters.sizes))
    if not filters.large:
        yield func.coalesce(col(Company.staff_min), 0) < LARGE_FROM  # no range of an index: nearly all are smaller
    if filters.legal_forms:
        yield col(Company.legal_form).in_(filters.legal_forms)
    yield from _history(filters)


def _history(filters: ListFilters) -> Iterator[ColumnElement[bool]]:
    if filters.never_called:
        yield col(Company.last_called_at).is_(None)
    if filters.leads:
        yield col(Company.id).in_(select(col(Referral.company_id)))


def _digits(codes: Iterable[str]) -> list[str]:
    """Trade codes as companies have them: a section is a letter and stands for its divisions."""
    sections = {code for code in codes if code.isalpha()}
    divisions = [division.code for division in sbi_divisions() if division.parent in sections]
    return divisions + [code for code in codes if sbi(code) and code not in sections]


def _between(first: str, last: str) -> ColumnElement[bool]:
    return and_(col(Company.postcode) >= first, col(Company.postcode) < last + HIGHEST)


def _of_size(code: str) -> ColumnElement[bool]:
    size = size_classes()[code]
    least = col(Company.staff_min) >= size.staff_min
    return least if size.staff_max is None else and_(least, col(Company.staff_min) <= size.staff_max)
