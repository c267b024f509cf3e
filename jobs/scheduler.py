"""What runs by the clock. All state is in the tables: a job may die at any moment, the next run finishes its work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

import crm.migrations.tables  # noqa: F401  a row cannot be written before all tables it refers to are known
from crm.core.heartbeat import beat
from crm.messaging.smtp import send_waiting
from jobs.claims import release_claims
from jobs.lists import update_lists
from jobs.reminders import remind_due
from jobs.sessions import forget_sessions

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """`useful_for`: how late a run may still start. Runs that were missed become one."""

    name: str
    work: Callable[[], int | None]
    every: timedelta
    useful_for: timedelta


def _job(name: str, work: Callable[[], int | None], *, seconds: int, late: int) -> Job:
    return Job(name, work, timedelta(seconds=seconds), timedelta(seconds=late))


JOBS = (
    _job("remind_due", remind_due, seconds=30, late=300),
    _job("send_waiting", send_waiting, seconds=20, late=300),
    _job("release_claims", release_claims, seconds=60, late=300),
    _job("update_lists", update_lists, seconds=60, late=900),
    _job("forget_sessions", forget_sessions, seconds=3600, late=3600),
    _job("beat", beat, seconds=30, late=30),
)


def run(job: Job) -> None:
    """Whatever happens in one job, the others go on and this one has its next turn."""
    try:
        count = job.work()
    except Exception:
        log.exception("job_failed", job=job.name)
    else:
        if count:
            log.info("job_done", job=job.name, count=count)


def make_scheduler(jobs: tuple[Job, ...] = JOBS) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        timezone=UTC, executors={"default": {"type": "threadpool", "max_workers": len(jobs)}}
    )
    for job in jobs:
        scheduler.add_job(
            run,
            "interval",
            args=(job,),
            id=job.name,
            name=job.name,
            seconds=job.every.total_seconds(),
            next_run_time=datetime.now(UTC),  # what came due while nobody ran is done at once
            misfire_grace_time=int(job.useful_for.total_seconds()),
            coalesce=True,
            max_instances=1,
        )
    return scheduler
