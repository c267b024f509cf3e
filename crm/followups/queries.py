"""Reading follow-ups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import ceil
from typing import Any, Literal

from sqlalchemy import ColumnElement, bindparam, case, func, true
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission, roles_that_may
from crm.companies.models import Company, Contact
from crm.core.clock import day_bounds, now, today
from crm.core.errors import NotFound
from crm.followups.inputs import AgendaFilters
from crm.followups.models import BY_ITSELF, CALLING_KINDS, FollowUp, FollowUpStatus
from crm.followups.rules import Group, group_bounds, group_ends, group_of
from crm.followups.wording import called

Scope = Literal["mine", "team", "unassigned"]

PAGE_SIZE = 20
NO_FILTERS = AgendaFilters()


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A follow-up with what belongs to it, as far as there is any."""

    follow_up: FollowUp
    group: Group
    company: Company | None
    contact: str
    owner: str

    @property
    def name(self) -> str:
        return called(self.follow_up, self.company.name if self.company else "")


@dataclass(frozen=True, slots=True)
class ClosedItem:
    follow_up: FollowUp
    company: str

    @property
    def name(self) -> str:
        return called(self.follow_up, self.company)


@dataclass(frozen=True, slots=True)
class AgendaPage:
    """One page of an agenda, how much there is of each part, and what was closed today."""

    items: list[AgendaItem]
    counts: dict[Group, int]
    closed: list[ClosedItem]
    number: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def pages(self) -> int:
        return _pages(self.total)


def due_callbacks(session: Session, actor: Actor, moment: datetime, *, limit: int = 20) -> Sequence[FollowUp]:
    """Calls this person has to make now, the oldest promise first."""
    actor.require(Permission.FOLLOWUP_OWN)
    return session.exec(_due(), params={"owner": actor.id, "moment": moment, "most": limit}).all()


@cache
def _due() -> SelectOfScalar[FollowUp]:
    # Built once: every click of the call desk asks for these.
    return (
        select(FollowUp)
        .where(
            col(FollowUp.status) == FollowUpStatus.OPEN,
            col(FollowUp.owner_id) == bindparam("owner"),
            col(FollowUp.kind).in_(CALLING_KINDS),
            col(FollowUp.due_at) <= bindparam("moment"),
        )
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
        .limit(bindparam("most"))
    )


def next_step(session: Session, actor: Actor, company_id: int) -> FollowUp | None:
    """The first thing that will happen with this company, whoever does it."""
    actor.require(Permission.COMPANY_VIEW)
    statement = (
        select(FollowUp)
        .where(FollowUp.company_id == company_id, FollowUp.status == FollowUpStatus.OPEN)
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
        .limit(1)
    )
    return session.exec(statement).first()


def agenda_page(session: Session, actor: Actor, scope: Scope, filters: AgendaFilters, page: int) -> AgendaPage:
    """The last page when there are no so many any more."""
    found = counts(session, actor, scope, filters)
    number = min(page, _pages(sum(found.values())))
    closed = closed_today(session, actor, "team" if scope == "team" else "mine")
    return AgendaPage(agenda(session, actor, scope, filters, number), found, closed, number)


def _pages(total: int) -> int:
    return max(ceil(total / PAGE_SIZE), 1)


def agenda(
    session: Session, actor: Actor, scope: Scope = "mine", filters: AgendaFilters = NO_FILTERS, page: int = 1
) -> list[AgendaItem]:
    """One page of open follow-ups, overdue first."""
    moment = now()
    statement = (
        with_names()
        .where(_in_scope(actor, scope), *_chosen(filters))
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
        .limit(PAGE_SIZE)
        .offset((max(page, 1) - 1) * PAGE_SIZE)
    )
    return [read_item(row, moment) for row in session.exec(statement)]


def with_names() -> Any:
    return (
        select(FollowUp, Company, Contact.name, User.name)
        .join(Company, col(FollowUp.company_id) == Company.id, isouter=True)
        .join(Contact, col(FollowUp.contact_id) == Contact.id, isouter=True)
        .join(User, col(FollowUp.owner_id) == User.id, isouter=True)
    )


def read_item(row: Any, moment: datetime) -> AgendaItem:
    follow_up, company, contact, owner = row
    return AgendaItem(follow_up, group_of(follow_up.due_at, moment), company, contact or "", owner or "")


def agenda_item(session: Session, actor: Actor, follow_up_id: int) -> AgendaItem:
    """One, whatever became of it. Raises NotFound."""
    actor.require(Permission.FOLLOWUP_OWN)
    row = session.exec(with_names().where(col(FollowUp.id) == follow_up_id)).one_or_none()
    if row is None:
        raise NotFound
    return read_item(row, now())


def closed_today(session: Session, actor: Actor, scope: Scope = "mine") -> list[ClosedItem]:
    """What somebody closed by hand since midnight, the latest first: of this person, or of the whole team."""
    actor.require(Permission.FOLLOWUP_TEAM if scope == "team" else Permission.FOLLOWUP_OWN)
    theirs = true() if scope == "team" else col(FollowUp.owner_id) == actor.id
    statement = (
        select(FollowUp, Company.name)
        .join(Company, col(FollowUp.company_id) == Company.id, isouter=True)
        .where(col(FollowUp.done_at) >= day_bounds(today())[0], theirs, col(FollowUp.status) != FollowUpStatus.OPEN)
        .where(col(FollowUp.done_in_call_id).is_(None), func.coalesce(FollowUp.outcome_code, "").not_in(BY_ITSELF))
        .order_by(col(FollowUp.done_at).desc(), col(FollowUp.id).desc())
        .limit(PAGE_SIZE)
    )
    return [ClosedItem(follow_up, company or "") for follow_up, company in session.exec(statement)]


def counts(
    session: Session, actor: Actor, scope: Scope = "mine", filters: AgendaFilters = NO_FILTERS
) -> dict[Group, int]:
    """How many open follow-ups there are in each part of the agenda."""
    due_at = col(FollowUp.due_at)
    ends = zip(Group, group_ends(now()), strict=False)
    part = case(*((due_at < end, group.value) for group, end in ends), else_=Group.LATER.value)
    statement = select(part, func.count()).where(_in_scope(actor, scope), *_chosen(filters)).group_by(part)
    found = dict(session.exec(statement).all())
    return {group: found.get(group.value, 0) for group in Group}


def possible_owners(session: Session, actor: Actor) -> dict[int, str]:
    """Who can be given work, by name."""
    actor.require(Permission.FOLLOWUP_OWN)
    roles = roles_that_may(Permission.FOLLOWUP_OWN)
    statement = select(User.id, User.name).where(col(User.active), col(User.role).in_(roles)).order_by(User.name)
    return dict(session.exec(statement).all())


def _mine(actor: Actor) -> ColumnElement[bool]:
    return (col(FollowUp.status) == FollowUpStatus.OPEN) & (col(FollowUp.owner_id) == actor.id)


def _in_scope(actor: Actor, scope: Scope) -> ColumnElement[bool]:
    actor.require(Permission.FOLLOWUP_TEAM if scope == "team" else Permission.FOLLOWUP_OWN)
    if scope == "mine":
        return _mine(actor)
    free = col(FollowUp.owner_id).is_(None) if scope == "unassigned" else true()
    return (col(FollowUp.status) == FollowUpStatus.OPEN) & free


def _chosen(filters: AgendaFilters) -> list[ColumnElement[bool]]:
    clauses = []
    if filters.kind:
        clauses.append(col(FollowUp.kind) == filters.kind)
    if filters.owner_id is not None:
        clauses.append(col(FollowUp.owner_id) == filters.owner_id)
    if filters.group:
        clauses.append(_in_group(filters.group))
    if filters.due_before:
        clauses.append(col(FollowUp.due_at) < filters.due_before)
    return clauses


def _in_group(group: Group) -> ColumnElement[bool]:
    begins, ends = group_bounds(group, now())
    due_at = col(FollowUp.due_at)
    return (due_at >= begins if begins else true()) & (due_at < ends if ends else true())
