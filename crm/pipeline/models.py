"""Hidden jobs: work an employer needs done but has not advertised."""

from datetime import datetime, timedelta

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from crm.core.clock import now
from crm.core.i18n import N_
from crm.core.models import Record, Versioned
from crm.core.types import LabelledEnum, text_enum


class Stage(LabelledEnum):
    SIGNAL = "signal", N_("Signal")
    EXPLORED = "explored", N_("Explored")
    PROFILED = "profiled", N_("Profiled")
    INTRODUCED = "introduced", N_("Introduced")
    KOPKOFFIE_PLANNED = "kopkoffie_planned", N_("Kopkoffie planned")
    KOPKOFFIE_HELD = "kopkoffie_held", N_("Kopkoffie held")
    PLACED = "placed", N_("Placed")
    AFTERCARE = "aftercare", N_("Aftercare")
    LOST = "lost", N_("Lost")


class LostReason(LabelledEnum):
    FILLED = "filled", N_("Filled without us")
    NO_NEED = "no_need", N_("No longer needed")
    NO_MONEY = "no_money", N_("No money")
    NO_MATCH = "no_match", N_("Nobody fitted")
    NO_REPLY = "no_reply", N_("Employer does not answer")
    OTHER = "other", N_("Other reason")


STALE_AFTER = timedelta(days=14)


class HiddenJob(Versioned, table=True):
    """Work found in a call. `days` holds two-letter Dutch day codes, `importance` is 0-10."""

    __table_args__ = (
        Index(None, "stage", "stage_since"),
        CheckConstraint("importance IS NULL OR importance BETWEEN 0 AND 10", name="importance_range"),
        CheckConstraint("hours_per_week IS NULL OR hours_per_week BETWEEN 0 AND 60", name="hours_range"),
    )

    company_id: int = Field(foreign_key="company.id", index=True)
    call_id: int | None = Field(default=None, foreign_key="call.id", index=True)
    title: str = Field(max_length=120)
    reason: str = Field(max_length=32)
    tasks: str = ""
    hours_per_week: float | None = None
    days: list[str] = Field(default_factory=list, sa_type=JSON)
    start: str = Field(default="", max_length=120)
    must_have: str = ""
    learnable: str = ""
    importance: int | None = None
    stage: Stage = Field(default=Stage.SIGNAL, sa_type=text_enum(Stage))
    stage_since: datetime = Field(default_factory=now)
    lost_reason: LostReason | None = Field(default=None, sa_type=text_enum(LostReason))
    owner_id: int | None = Field(default=None, foreign_key="app_user.id", index=True)

    def is_stale(self, moment: datetime) -> bool:
        ended = self.stage in {Stage.AFTERCARE, Stage.LOST}
        return not ended and moment - self.stage_since > STALE_AFTER


class HiddenJobCompetence(Record, table=True):
    """A SUWI competence the job asks for."""

    __table_args__ = (UniqueConstraint("job_id", "code"),)

    job_id: int = Field(foreign_key="hidden_job.id")
    code: str = Field(max_length=8)


class StageChange(Record, table=True):
    """Who moved a job, from where to where; `created_at` says when."""

    job_id: int = Field(foreign_key="hidden_job.id", index=True)
    from_stage: Stage | None = Field(default=None, sa_type=text_enum(Stage, name="from_stage"))
    to_stage: Stage = Field(sa_type=text_enum(Stage, name="to_stage"))
    made_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    note: str = Field(default="", max_length=500)
