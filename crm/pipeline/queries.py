"""Reading hidden jobs: the board and the card of one job."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, case, func, null, or_
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.models import AuditEntry
from crm.calling.models import Call
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.pipeline.inputs import BoardFilters
from crm.pipeline.models import STALE_AFTER, HiddenJob, HiddenJobCompetence, LostReason, Stage, StageChange

CARDS_PER_STAGE = 6
DOUBTED = "job.doubted"  # how the audit log says that the call it came from got another result
ENDED = (Stage.AFTERCARE, Stage.LOST)
NO_FILTERS = BoardFilters()


@dataclass(frozen=True, slots=True)
class BoardCard:
    """A hidden job as the board shows it."""

    job_id: int
    version: int
    stage: Stage
    title: str
    company_id: int
    company: str
    town: str
    hours: float | None
    days_here: int
    is_stale: bool
    lost_reason: LostReason | None


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """The first cards of a stage, the longest waiting first, and how many there are in all."""

    stage: Stage
    cards: list[BoardCard]
    total: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """The call that a job came from got another result: codes of before and after, and who changed it."""

    was: str
    now: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class JobCard:
    """A hidden job with what belongs to it; `history` has the newest change first."""

    job: HiddenJob
    company: Company
    owner: str
    competences: list[str]
    history: list[tuple[StageChange, str]]
    doubt: Doubt | None


def stage_board(
    session: Session, actor: Actor, filters: BoardFilters = NO_FILTERS, *, limit: int = CARDS_PER_STAGE
) -> list[BoardColumn]:
    """All stages in order, by one query."""
    actor.require(Permission.JOB_VIEW)
    ranked = _ranked(_chosen(actor, filters))
    statement = (
        select(HiddenJob, Company, ranked.c.total)
        .join(Company, col(HiddenJob.company_id) == Company.id)
        .join(ranked, ranked.c.id == HiddenJob.id)
        .where(ranked.c.place <= limit)
        .order_by(ranked.c.place)
    )
    columns = {stage: BoardColumn(stage, [], 0) for stage in Stage}
    moment = now()
    for job, company, total in session.exec(statement):
        cards = columns[job.stage].cards
        columns[job.stage] = BoardColumn(job.stage, [*cards, _card(job, company, moment)], total)
    return list(columns.values())


def _card(job: HiddenJob, company: Company, moment: datetime) -> BoardCard:
    return BoardCard(
        job_id=job.id,
        version=job.version,
        stage=job.stage,
        title=job.title,
        company_id=company.id,
        company=company.name,
        town=company.town,
        hours=job.hours_per_week,
        days_here=(moment - job.stage_since).days,
        is_stale=job.is_stale(moment),
        lost_reason=job.lost_reason,
    )


def _ranked(clauses: list[ColumnElement[bool]]) -> Subquery:
    """The place of each job within its stage: the longest waiting first, and what has ended the newest first."""
    stage, since = col(HiddenJob.stage), col(HiddenJob.stage_since)
    order = (case((stage.in_(ENDED), null()), else_=since), since.desc(), col(HiddenJob.id))
    return (
        select(
            col(HiddenJob.id),
            func.row_number().over(partition_by=stage, order_by=order).label("place"),
            func.count().over(partition_by=stage).label("total"),
        )
        .join(Company, col(HiddenJob.company_id) == Company.id)
        .where(*clauses)
        .subquery()
    )


def _chosen(actor: Actor, filters: BoardFilters) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if filters.text:
        clauses.append(
            or_(*(col(field).icontains(filters.text, autoescape=True) for field in (HiddenJob.title, Company.name)))
        )
    if filters.town:
        clauses.append(col(Company.town) == filters.town)
    if filters.mine:
        clauses.append(col(HiddenJob.owner_id) == actor.id)
    if filters.stale:
        clauses.append(col(HiddenJob.stage_since) < now() - STALE_AFTER)
        clauses.append(col(HiddenJob.stage).not_in(ENDED))
    return clauses


def towns(session: Session, actor: Actor) -> Sequence[str]:
    """Where there are hidden jobs."""
    actor.require(Permission.JOB_VIEW)
    statement = (
        select(Company.town)
        .join(HiddenJob, col(HiddenJob.company_id) == Company.id)
        .where(Company.town != "")
        .distinct()
        .order_by(Company.town)
    )
    return session.exec(statement).all()


def job_card(session: Session, actor: Actor, job_id: int) -> JobCard:
    """Raises NotFound."""
    actor.require(Permission.JOB_VIEW)
    found = session.exec(
        select(HiddenJob, Company, User.name)
        .join(Company, col(HiddenJob.company_id) == Company.id)
        .join(User, col(HiddenJob.owner_id) == User.id, isouter=True)
        .where(HiddenJob.id == job_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    job, company, owner = found
    return JobCard(
        job, company, owner or "", _competences(session, job_id), _history(session, job_id), _doubt(session, job_id)
    )


def _competences(session: Session, job_id: int) -> list[str]:
    statement = select(HiddenJobCompetence.code).where(HiddenJobCompetence.job_id == job_id)
    return list(session.exec(statement.order_by(HiddenJobCompetence.code)))


def _history(session: Session, job_id: int) -> list[tuple[StageChange, str]]:
    statement = (
        select(StageChange, User.name)
        .join(User, col(StageChange.made_by_id) == User.id, isouter=True)
        .where(StageChange.job_id == job_id)
        .order_by(col(StageChange.id).desc())
        .limit(50)
    )
    return [(change, name or "Kopkoffie") for change, name in session.exec(statement)]


def jobs_of_company(session: Session, actor: Actor, company_id: int) -> Sequence[HiddenJob]:
    """What was found here before, the newest first."""
    actor.require(Permission.JOB_VIEW)
    statement = select(HiddenJob).where(HiddenJob.company_id == company_id).order_by(col(HiddenJob.id).desc()).limit(20)
    return session.exec(statement).all()


def _doubt(session: Session, job_id: int) -> Doubt | None:
    """Whoever edits or moves the job has looked at it."""
    statement = (
        select(AuditEntry, User.name)
        .join(User, col(User.id) == AuditEntry.actor_id)
        .where(
            AuditEntry.subject_type == HiddenJob.__tablename__,
            AuditEntry.subject_id == job_id,
            col(AuditEntry.action).in_([DOUBTED, "job.edited", "job.moved"]),
        )
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    )
    row = session.exec(statement).first()
    if row is None or row[0].action != DOUBTED:
        return None
    entry, person = row
    return Doubt(entry.changes["was"][1], entry.changes["now"][1], person, entry.created_at)


def jobs_found_by_list(session: Session, actor: Actor, list_ids: Sequence[int]) -> dict[int, int]:
    """How many hidden jobs calls from these lists found; a list without any is left out."""
    actor.require(Permission.JOB_VIEW)
    statement = (
        select(Call.list_id, func.count())
        .join(HiddenJob, col(HiddenJob.call_id) == Call.id)
        .where(col(Call.list_id).in_(list_ids))
        .group_by(col(Call.list_id))
    )
    return {list_id: n for list_id, n in session.exec(statement) if list_id is not None}
