"""Reading hidden jobs: the card of one job, and what was found where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.models import AuditEntry
from crm.calling.models import Call
from crm.companies.models import Company
from crm.core.errors import NotFound
from crm.pipeline.models import HiddenJob, HiddenJobCompetence, StageChange

DOUBTED = "job.doubted"  # how the audit log says that the call it came from got another result


@dataclass(frozen=True, slots=True)
class Doubt:
    """The call that a job came from got another result: codes of before and after, and who changed it."""

    was: str
    now: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LastMove:
    """Who brought a job to where it is, and when."""

    job: HiddenJob
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class JobCard:
    """A hidden job with what belongs to it; `history` has the newest change first."""

    job: HiddenJob
    company: Company
    owner: str
    competences: list[HiddenJobCompetence]
    history: list[tuple[StageChange, str]]
    doubt: Doubt | None


def job_card(session: Session, actor: Actor, job_id: int) -> JobCard:
    """Raises NotFound."""
    actor.require(Permission.JOB_VIEW)
    actor.require(Permission.COMPANY_VIEW)
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


def has_weights() -> ColumnElement[bool]:
    """Whether a job was given competences, each of which has a weight."""
    return exists().where(col(HiddenJobCompetence.job_id) == HiddenJob.id)


def is_weighed(session: Session, job_id: int) -> bool:
    return session.exec(select(has_weights()).where(HiddenJob.id == job_id)).one()


def _competences(session: Session, job_id: int) -> list[HiddenJobCompetence]:
    statement = select(HiddenJobCompetence).where(HiddenJobCompetence.job_id == job_id)
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


def last_move(session: Session, actor: Actor, job_id: int) -> LastMove | None:
    """None for a job that does not exist, or that only the system moved."""
    actor.require(Permission.JOB_VIEW)
    actor.require(Permission.COMPANY_VIEW)
    statement = (
        select(HiddenJob, User.name, StageChange.created_at)
        .join(StageChange, col(StageChange.job_id) == HiddenJob.id)
        .join(User, col(User.id) == StageChange.made_by_id)
        .where(HiddenJob.id == job_id)
        .order_by(col(StageChange.id).desc())
        .limit(1)
    )
    found = session.exec(statement).first()
    return LastMove(*found) if found else None


def jobs_of_company(session: Session, actor: Actor, company_id: int) -> Sequence[HiddenJob]:
    """What was found here before, the newest first."""
    actor.require(Permission.JOB_VIEW)
    actor.require(Permission.COMPANY_VIEW)
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
