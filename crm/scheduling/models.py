"""What runs by the clock: which scheduler is at work, what each job did last, and what it did before."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from crm.core.i18n import N_
from crm.core.models import Record
from crm.core.types import LabelledEnum, text_enum


class Outcome(LabelledEnum):
    RUNNING = "running", N_("Running")
    DONE = "done", N_("Done")
    FAILED = "failed", N_("Failed")
    BROKEN_OFF = "broken_off", N_("Broken off")


class SchedulerLease(Record, table=True):
    """One row: the scheduler that is at work. `beats` grows as long as it lives; `beat_at` by its machine's clock."""

    name: str = Field(unique=True, max_length=20)
    holder: str = Field(default="", max_length=80)
    beats: int = 0
    beat_at: datetime | None = None


class ScheduledJob(Record, table=True):
    """A job with its last run. `requested_at` stays until a run begins."""

    name: str = Field(unique=True, max_length=60)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: float | None = None
    outcome: Outcome | None = Field(default=None, sa_type=text_enum(Outcome))
    count: int = 0
    error: str = Field(default="", max_length=300)
    next_run_at: datetime | None = None
    requested_at: datetime | None = None
    requested_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    runs: int = 0
    failures: int = 0
    total_seconds: float = 0.0


class JobRun(Record, table=True):
    """A run that did something, failed or was asked for; the newest of each job are kept."""

    __table_args__ = (Index(None, "job_id", "id"),)

    job_id: int = Field(foreign_key="scheduled_job.id")
    started_at: datetime
    seconds: float | None = None
    outcome: Outcome = Field(sa_type=text_enum(Outcome))
    count: int = 0
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    error: str = Field(default="", max_length=300)
    requested_by_id: int | None = Field(default=None, foreign_key="app_user.id")
