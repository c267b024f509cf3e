"""Hidden jobs as a list: the same choice as the board, in any order, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, case, func, not_, select
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.i18n import N_
from crm.core.types import LabelledEnum
from crm.followups.models import FollowUp, FollowUpStatus
from crm.matching.board import Card, details
from crm.matching.models import Introduction, IntroductionStatus
from crm.pipeline.board import card_of, clauses, goes_on, with_employer
from crm.pipeline.inputs import BoardFilters
from crm.pipeline.models import HiddenJob
from crm.pipeline.stages import ORDER

PAGE_SIZE = 25
PORTION = 500


class Column(LabelledEnum):
    """What the list tells of a job, from left to right, and what it can be sorted by."""

    TITLE = "title", N_("Job")
    EMPLOYER = "employer", N_("Employer")
    TOWN = "town", N_("Town")
    HOURS = "hours", N_("Hours")
    DAYS = "days", N_("Days")
    REASON = "reason", N_("Why there is work")
    KIND = "kind", N_("Kind of work")
    STAGE = "stage", N_("Stage")
    AGE = "age", N_("In this stage")
    INTRODUCED = "introduced", N_("Introduced")
    STEP = "step", N_("Next step")
    OWNER = "owner", N_("Owner")


NAMED = frozenset({Column.TITLE, Column.EMPLOYER, Column.STEP, Column.OWNER})  # an order by these would tell a name
UNSORTED = frozenset({Column.DAYS})


@dataclass(frozen=True, slots=True)
class Sort:
    """By the longest waiting first, unless somebody chose."""

    column: Column = Column.AGE
    descending: bool = True


@dataclass(frozen=True, slots=True)
class JobPage:
    """`ended` of the `total` go on no more."""

    cards: list[Card]
    total: int
    ended: int
    number: int

    @property
    def pages(self) -> int:
        return max(ceil(self.total / PAGE_SIZE), 1)


USUAL = Sort()


def sortable(actor: Actor) -> list[Column]:
    known = actor.may(Permission.COMPANY_VIEW)
    return [column for column in Column if column not in UNSORTED and (known or column not in NAMED)]


def job_page(session: Session, actor: Actor, filters: BoardFilters, sort: Sort = USUAL, page: int = 1) -> JobPage:
    """The last page when there are no so many any more."""
    counted = select(func.count(), func.count().filter(not_(goes_on()))).select_from(HiddenJob)
    total, ended = session.execute(counted.where(*clauses(actor, filters))).one()
    number = min(max(page, 1), max(ceil(total / PAGE_SIZE), 1))
    cards = _cards(session, actor, filters, sort, range((number - 1) * PAGE_SIZE, number * PAGE_SIZE))
    return JobPage(cards, total, ended, number)


def all_jobs(session: Session, actor: Actor, filters: BoardFilters) -> Iterator[Card]:
    """The whole choice, a portion at a time."""
    rows = range(PORTION)
    while cards := _cards(session, actor, filters, USUAL, rows):
        yield from cards
        rows = range(rows.stop, rows.stop + PORTION)


def _cards(session: Session, actor: Actor, filters: BoardFilters, sort: Sort, rows: range) -> list[Card]:
    by = _order(sort if sort.column in sortable(actor) else USUAL)
    statement = with_employer().where(*clauses(actor, filters)).order_by(*by).limit(len(rows)).offset(rows.start)
    moment = now()
    shown = [card_of(actor, row, moment) for row in session.execute(statement)]
    known = details(session, actor, shown)
    return [known[card.job.id] for card in shown]


def _order(sort: Sort) -> list[ColumnElement[Any]]:
    by: ColumnElement[Any] = _KEYS[sort.column]
    largest_first = sort.descending is not (sort.column is Column.AGE)  # who is here since long ago has the most days
    return [(by.desc() if largest_first else by.asc()).nulls_last(), col(HiddenJob.id).asc()]


def _introduced() -> ColumnElement[int]:
    theirs = col(Introduction.job_id) == HiddenJob.id, col(Introduction.status) != IntroductionStatus.DECLINED
    return select(func.count(col(Introduction.id))).where(*theirs).correlate(HiddenJob).scalar_subquery()


def _next_step() -> ColumnElement[Any]:
    theirs = col(FollowUp.company_id) == HiddenJob.company_id, col(FollowUp.status) == FollowUpStatus.OPEN
    return select(func.min(col(FollowUp.due_at))).where(*theirs).correlate(HiddenJob).scalar_subquery()


_KEYS: dict[Column, Any] = {
    Column.TITLE: func.lower(col(HiddenJob.title)),
    Column.EMPLOYER: func.lower(col(Company.name)),
    Column.TOWN: func.lower(col(Company.town)),
    Column.HOURS: col(HiddenJob.hours_per_week),
    Column.REASON: col(HiddenJob.reason),
    Column.KIND: col(HiddenJob.pipeline),
    Column.STAGE: case({stage: place for place, stage in enumerate(ORDER)}, value=col(HiddenJob.stage)),
    Column.AGE: col(HiddenJob.stage_since),
    Column.INTRODUCED: _introduced(),
    Column.STEP: _next_step(),
    Column.OWNER: func.lower(col(User.name)),
}
