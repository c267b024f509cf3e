"""What the scheduler notes of its jobs, and what an administrator asks of it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.scheduling.models import JobRun, Outcome, ScheduledJob

KEPT_RUNS = 100  # of each job


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run. `details` says of what kinds `count` is, where there are kinds."""

    outcome: Outcome
    seconds: float
    count: int = 0
    details: dict[str, int] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """That a run was asked for; `by_id` is None when the system did."""

    by_id: int | None


def request_run(session: Session, actor: Actor, name: str) -> ScheduledJob:
    """Ask for a run now. The scheduler sees it within seconds; asked twice before that, it runs once."""
    actor.require(Permission.SYSTEM_MANAGE)
    job = _job(session, name)
    job.requested_at, job.requested_by_id = now(), actor.id
    record(session, actor, "scheduled_job.requested", job, name=job.name)
    return job


def register(session: Session, next_runs: dict[str, datetime]) -> None:
    """The scheduler says which jobs there are and when each runs."""
    known = {job.name: job for job in session.exec(select(ScheduledJob))}
    for name, moment in next_runs.items():
        job = known.get(name) or ScheduledJob(name=name)
        job.next_run_at = moment
        session.add(job)


def note_broken_off(session: Session, running: Collection[str] = ()) -> None:
    """For a scheduler that begins: what seems to run, and is not `running` here, was cut off with the one before."""
    left = select(ScheduledJob).where(ScheduledJob.outcome == Outcome.RUNNING, col(ScheduledJob.name).not_in(running))
    for job in session.exec(left.with_for_update()):
        _end(session, job, Result(Outcome.BROKEN_OFF, 0.0), None)


def begin_run(session: Session, name: str, next_run_at: datetime) -> Asked | None:
    """This run is the answer to a request that stands, which goes: whoever asks from now on gets another one.

    So no clocks are compared; the web server and the scheduler each have their own.
    """
    job = _job(session, name)
    asked = Asked(job.requested_by_id) if job.requested_at else None
    job.requested_at = job.requested_by_id = None
    job.started_at, job.outcome, job.next_run_at = now(), Outcome.RUNNING, next_run_at
    return asked


def end_run(session: Session, name: str, result: Result, asked: Asked | None = None) -> None:
    """What was broken off for the end of its process is asked for again: its next time may be a day away."""
    job = _job(session, name)
    _end(session, job, result, asked)
    if result.outcome is Outcome.BROKEN_OFF and job.requested_at is None:
        job.requested_at, job.requested_by_id = now(), asked.by_id if asked else None


def _end(session: Session, job: ScheduledJob, result: Result, asked: Asked | None) -> None:
    failed = result.outcome is not Outcome.DONE
    if job.started_at and (asked or failed or result.count):
        session.add(
            JobRun(
                job_id=job.id,
                started_at=job.started_at,
                seconds=result.seconds,
                outcome=result.outcome,
                count=result.count,
                details=result.details,
                error=result.error,
                requested_by_id=asked.by_id if asked else None,
            )
        )
        _forget_runs(session, job.id)
    job.outcome, job.ended_at, job.seconds = result.outcome, now(), result.seconds
    job.count, job.error = result.count, result.error
    job.runs, job.failures = job.runs + 1, job.failures + failed
    job.total_seconds += result.seconds


def _forget_runs(session: Session, job_id: int) -> None:
    own = col(JobRun.job_id) == job_id
    session.flush()
    oldest = select(JobRun.id).where(own).order_by(col(JobRun.id).desc()).offset(KEPT_RUNS - 1).limit(1)
    session.execute(delete(JobRun).where(own, col(JobRun.id) < oldest.scalar_subquery()))


def _job(session: Session, name: str) -> ScheduledJob:
    """Held until the end of the transaction."""
    job = session.exec(select(ScheduledJob).where(ScheduledJob.name == name).with_for_update()).one_or_none()
    if job is None:
        raise NotFound
    return job
