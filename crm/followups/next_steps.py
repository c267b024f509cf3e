"""The one next step of each company: beside it wherever it is shown, and companies by it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.companies.models import Company
from crm.companies.queries import FoundCompanies, listed
from crm.companies.search import MOST, Only, matching
from crm.core.clock import now
from crm.core.i18n import N_
from crm.core.types import LabelledEnum
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus


class StepFilter(LabelledEnum):
    """Which companies, by their next step."""

    PLANNED = "planned", N_("With a next step")
    LATE = "late", N_("Next step is late")
    MINE = "mine", N_("Next step is mine")
    TEAM = "team", N_("Next step is of the team")
    NONE = "none", N_("Without a next step")


@dataclass(frozen=True, slots=True)
class NextStep:
    """`owner` is empty for what is of the team."""

    follow_up: FollowUp
    owner: str

    @property
    def is_late(self) -> bool:
        return self.follow_up.due_at < now()


def next_steps(session: Session, actor: Actor, company_ids: Collection[int]) -> dict[int, NextStep]:
    """The first open step of each of these companies, by one statement; who has none is left out."""
    actor.require(Permission.COMPANY_VIEW)
    if not company_ids:
        return {}
    place = func.row_number().over(
        partition_by=col(FollowUp.company_id), order_by=(col(FollowUp.due_at), col(FollowUp.id))
    )
    ranked = (
        select(FollowUp.id, place.label("place"))
        .where(col(FollowUp.company_id).in_(company_ids), col(FollowUp.status) == FollowUpStatus.OPEN)
        .subquery()
    )
    statement = (
        select(FollowUp, User.name)
        .join(ranked, (ranked.c.id == FollowUp.id) & (ranked.c.place == 1))
        .join(User, col(User.id) == FollowUp.owner_id, isouter=True)
    )
    rows = session.exec(statement)
    return {step.company_id: NextStep(step, owner or "") for step, owner in rows if step.company_id is not None}


def companies_by_step(
    session: Session,
    actor: Actor,
    which: StepFilter,
    *,
    kind: FollowUpKind | None = None,
    text: str = "",
    page: int = 1,
    page_size: int = 25,
) -> FoundCompanies:
    """Companies by the moment of their next step, the earliest first; without one by name. With a text, among those
    that have it."""
    actor.require(Permission.COMPANY_VIEW)
    among, instead = matching(session, text, _only(actor, which, kind)) if text.strip() else (None, "")
    ids = _without_step(session, among) if which is StepFilter.NONE else _with_step(session, actor, which, kind, among)
    shown = ids[:MOST][(page - 1) * page_size : page * page_size]
    return FoundCompanies(listed(session, shown), min(len(ids), MOST), more=len(ids) > MOST, instead=instead)


def _with_step(
    session: Session, actor: Actor, which: StepFilter, kind: FollowUpKind | None, among: Sequence[int] | None
) -> Sequence[int]:
    statement = (
        select(FollowUp.company_id)
        .where(col(FollowUp.company_id).is_not(None), *_chosen(actor, which, kind))
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
        .limit(MOST + 1)
    )
    if among is not None:
        statement = statement.where(col(FollowUp.company_id).in_(among))
    return [company_id for company_id in session.exec(statement) if company_id is not None]


def _is_first() -> ColumnElement[bool]:
    """No earlier step of the same company is open."""
    other = aliased(FollowUp)
    sooner = or_(
        col(other.due_at) < FollowUp.due_at, and_(col(other.due_at) == FollowUp.due_at, col(other.id) < FollowUp.id)
    )
    return ~exists().where(
        col(other.company_id) == FollowUp.company_id, col(other.status) == FollowUpStatus.OPEN, sooner
    )


def _chosen(actor: Actor, which: StepFilter, kind: FollowUpKind | None) -> list[ColumnElement[bool]]:
    """Says of a follow-up that it is a next step of this kind."""
    chosen = [col(FollowUp.status) == FollowUpStatus.OPEN, _is_first()]
    if kind:
        chosen.append(col(FollowUp.kind) == kind)
    if which is StepFilter.LATE:
        chosen.append(col(FollowUp.due_at) < now())
    elif which is StepFilter.MINE:
        chosen.append(col(FollowUp.owner_id) == actor.id)
    elif which is StepFilter.TEAM:
        chosen.append(col(FollowUp.owner_id).is_(None))
    return chosen


def _only(actor: Actor, which: StepFilter, kind: FollowUpKind | None) -> Only:
    """The same of a company."""
    one = aliased(Company)

    def fits(company_id: Mapped[int] | ColumnElement[int]) -> ColumnElement[bool]:
        if which is StepFilter.NONE:
            return ~_is_planned(company_id) & exists().where(col(one.id) == company_id, col(one.stopped_at).is_(None))
        return exists().where(col(FollowUp.company_id) == company_id, *_chosen(actor, which, kind))

    return fits


def _without_step(session: Session, among: Sequence[int] | None) -> Sequence[int]:
    """Of what still exists."""
    statement = select(Company.id).where(~_is_planned(col(Company.id)), col(Company.stopped_at).is_(None))
    if among is not None:
        statement = statement.where(col(Company.id).in_(among))
    return session.exec(statement.order_by(col(Company.name_key), col(Company.id)).limit(MOST + 1)).all()


def _is_planned(company_id: Mapped[int] | ColumnElement[int]) -> ColumnElement[bool]:
    return exists().where(col(FollowUp.company_id) == company_id, col(FollowUp.status) == FollowUpStatus.OPEN)
