"""How the jobs are doing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.scheduling.models import JobRun, ScheduledJob


@dataclass(frozen=True, slots=True)
class RunRow:
    name: str
    run: JobRun
    requested_by: str


def scheduled_jobs(session: Session, actor: Actor) -> dict[str, ScheduledJob]:
    """By name; also those that are no longer in the table of jobs."""
    actor.require(Permission.SYSTEM_MANAGE)
    return {job.name: job for job in session.exec(select(ScheduledJob))}


def newest_runs(session: Session, actor: Actor, *, limit: int = 25) -> list[RunRow]:
    """Runs that did something, failed or were asked for."""
    actor.require(Permission.SYSTEM_MANAGE)
    statement = (
        select(ScheduledJob.name, JobRun, User.name)
        .join(JobRun, col(JobRun.job_id) == ScheduledJob.id)
        .outerjoin(User, col(JobRun.requested_by_id) == User.id)
        .order_by(col(JobRun.id).desc())
        .limit(limit)
    )
    return [RunRow(name, run, person or "") for name, run, person in session.exec(statement)]


def requested_jobs(session: Session) -> Sequence[str]:
    """For the scheduler: which an administrator asked for."""
    return session.exec(select(ScheduledJob.name).where(col(ScheduledJob.requested_at).is_not(None))).all()


def started(session: Session) -> dict[str, ScheduledJob]:
    """For the scheduler: the jobs as it left them."""
    return {job.name: job for job in session.exec(select(ScheduledJob))}
