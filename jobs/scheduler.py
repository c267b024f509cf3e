"""The clock work: APScheduler runs each job of the table at its time, as long as this process is the one at work."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import monotonic
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError

import crm.migrations.tables  # noqa: F401  a row cannot be written before all tables it refers to are known
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.core.settings import settings
from crm.core.stopping import stopping_at
from crm.scheduling.lease import Lease
from crm.scheduling.queries import requested_jobs, started
from crm.scheduling.rules import Daily, When, first_run
from crm.scheduling.services import note_broken_off, register
from jobs.running import run
from jobs.table import Job

CLOCK_JUMPED = 5.0  # seconds between what two clocks say has passed

log = structlog.get_logger()


class DailyTrigger(BaseTrigger):
    """A time of day by the product's clock, which may run ahead of the machine's."""

    def __init__(self, daily: Daily) -> None:
        self._daily = daily

    def get_next_fire_time(self, _previous: datetime | None, moment: datetime) -> datetime:
        ahead = _ahead()
        return self._daily.after(moment + ahead) - ahead


class Scheduler:
    """Runs the jobs while it has the lease; `look` is for every second or two."""

    def __init__(self, jobs: tuple[Job, ...], lease: Lease) -> None:
        self._jobs, self._lease = {job.name: job for job in jobs}, lease
        self._running: set[str] = set()
        self._stop = Event()
        self._leads, self._reachable, self._drift = False, True, _drift()
        workers = {"type": "threadpool", "max_workers": len(jobs)}
        self._clockwork = BackgroundScheduler(timezone=UTC, executors={"default": workers})
        for job in jobs:
            self._clockwork.add_job(
                self._run,
                _trigger(job.when),
                args=(job,),
                id=job.name,
                name=job.name,
                misfire_grace_time=int(job.useful_for.total_seconds()),
                coalesce=True,
                max_instances=1,
            )
        self._clockwork.start(paused=True)

    def look(self) -> None:
        """Keep, take or lose the lease; start what was asked for. A database that is away is tried again."""
        try:
            self._follow(leads=self._lease.hold())
            if self._leads:
                self._start_requested()
        except SQLAlchemyError as error:
            self._follow(leads=False)
            if self._reachable:
                log.error("database_away", error=type(error).__qualname__)
            self._reachable = False
        else:
            self._reachable = True

    def stop(self, look_every: float) -> None:
        """Begin nothing more; end when what is running has ended, at its next portion.

        Until then the lease is held, else a spare would take this one for dead and end its work.
        """
        self._stop.set()
        ending = Thread(target=self._clockwork.shutdown)
        ending.start()
        while ending.is_alive():
            if self._leads:
                with suppress(SQLAlchemyError):
                    self._leads = self._lease.hold()
            ending.join(look_every)
        try:
            self._lease.release()
        except SQLAlchemyError as error:
            log.warning("lease_not_released", error=type(error).__qualname__)

    def _follow(self, *, leads: bool) -> None:
        if leads and not self._leads:
            with transaction() as session:
                note_broken_off(session, list(self._running))
            self._plan()
            self._clockwork.resume()
            log.info("scheduler_at_work", jobs=list(self._jobs))
        elif leads and abs(_drift() - self._drift) > CLOCK_JUMPED:
            log.warning("clock_jumped", seconds=round(_drift() - self._drift))
            self._plan()
        elif self._leads and not leads:
            self._clockwork.pause()
            log.warning("scheduler_stands_by")
        self._leads = leads

    def _plan(self) -> None:
        """What was missed and is still useful is done at once."""
        moment, self._drift = now(), _drift()
        with reading() as session:
            known = started(session)
        last = {name: known[name].started_at if name in known else None for name in self._jobs}
        plan = {name: first_run(job.when, job.useful_for, last[name], moment) for name, job in self._jobs.items()}
        with transaction() as session:
            register(session, plan)
        for name, planned in plan.items():
            self._clockwork.modify_job(name, next_run_time=planned - _ahead())

    def _start_requested(self) -> None:
        with reading() as session:
            requested = requested_jobs(session)
        for name in set(requested) & set(self._jobs) - self._running:
            self._clockwork.modify_job(name, next_run_time=datetime.now(UTC))

    def _run(self, job: Job) -> None:
        self._running.add(job.name)
        try:
            with stopping_at(self._stop):
                run(job)
        finally:
            self._running.discard(job.name)


def _trigger(when: When) -> Any:
    return DailyTrigger(when) if isinstance(when, Daily) else IntervalTrigger(seconds=when.period.total_seconds())


def _ahead() -> timedelta:
    return timedelta(seconds=settings().clock_offset)


def _drift() -> float:
    """Changes only when the machine's clock is put forward or back."""
    return datetime.now(UTC).timestamp() - monotonic()
