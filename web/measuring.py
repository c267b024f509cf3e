"""What this web server did and how the installation is doing, as Prometheus reads it."""

from collections.abc import Iterator

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from crm.access.actor import SYSTEM
from crm.core.db import reading
from crm.reporting.health import Health, health
from crm.scheduling.models import Outcome, ScheduledJob

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger()

registry = CollectorRegistry()
_requests = Counter("kopkoffie_http_requests", "Answers of this web server.", ["method", "status"], registry=registry)
_seconds = Histogram("kopkoffie_http_request_seconds", "How long they took.", registry=registry)


def note_request(method: str, status: int, seconds: float) -> None:
    """Methods that do not exist count as one: whoever sends them must not fill the memory."""
    _requests.labels(method if method in METHODS else "other", str(status)).inc()
    _seconds.observe(seconds)


def metrics() -> bytes:
    return generate_latest(registry)


class _Installation(Collector):
    def collect(self) -> Iterator[Metric]:
        try:
            with reading() as session:
                found = health(session, SYSTEM)
        except SQLAlchemyError as error:
            log.warning("not measured", error=type(error).__qualname__)
            yield _gauge("database_up", "Whether the database can be reached.", 0)
            return
        yield _gauge("database_up", "Whether the database can be reached.", 1)
        yield from _totals(found)
        yield from _jobs(found.jobs)


def _totals(found: Health) -> Iterator[Metric]:
    if found.last_beat:
        beat = found.last_beat.timestamp()
        yield _gauge("scheduler_last_beat_timestamp_seconds", "Last sign of life of the scheduler.", beat)
    yield _gauge("outbox_waiting", "E-mails that still have to go out.", found.mail_waiting)
    yield _gauge("outbox_oldest_waiting_seconds", "How long the oldest of them waits.", found.oldest_mail_seconds)
    yield _gauge("outbox_given_up", "E-mails that are not tried again.", found.mail_given_up)
    yield _gauge("reminders_due", "Follow-ups that are due and of which nobody was told yet.", found.reminders_due)
    yield _gauge("reminders_late", "Those that are so for more than five minutes.", found.reminders_late)
    yield _gauge("claims_open", "Companies that somebody is calling.", found.claims_open)


def _jobs(jobs: list[ScheduledJob]) -> Iterator[Metric]:
    runs = CounterMetricFamily("kopkoffie_job_runs", "Runs of a background job.", labels=["job", "outcome"])
    spent = CounterMetricFamily("kopkoffie_job_seconds", "Time its runs took together.", labels=["job"])
    last = GaugeMetricFamily("kopkoffie_job_last_seconds", "How long its last run took.", labels=["job"])
    ended = GaugeMetricFamily("kopkoffie_job_last_end_timestamp_seconds", "When its last run ended.", labels=["job"])
    failed = GaugeMetricFamily("kopkoffie_job_failed", "Whether its last run failed.", labels=["job"])
    for job in jobs:
        runs.add_metric([job.name, "done"], job.runs - job.failures)
        runs.add_metric([job.name, "failed"], job.failures)
        spent.add_metric([job.name], job.total_seconds)
        failed.add_metric([job.name], job.outcome in {Outcome.FAILED, Outcome.BROKEN_OFF})
        if job.ended_at:
            last.add_metric([job.name], job.seconds or 0.0)
            ended.add_metric([job.name], job.ended_at.timestamp())
    yield from (runs, spent, last, ended, failed)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"kopkoffie_{name}", words, value=value)


registry.register(_Installation())
