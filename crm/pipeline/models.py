"""Hidden jobs: work an employer needs done but has not advertised."""

from datetime import datetime, time, timedelta
from enum import IntEnum

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from crm.core.clock import now
from crm.core.i18n import N_, _
from crm.core.models import Record, Versioned
from crm.core.types import LabelledEnum, text_enum


class Stage(LabelledEnum):
    """With words that are right for every kind of work; crm.pipeline.stages has those of one kind."""

    SIGNAL = "signal", N_("Signal")
    EXPLORED = "explored", N_("Explored")
    PROFILED = "profiled", N_("Profiled")
    INTRODUCED = "introduced", N_("Introduced")
    KOPKOFFIE_PLANNED = "kopkoffie_planned", N_("Kopkoffie planned")
    KOPKOFFIE_HELD = "kopkoffie_held", N_("Kopkoffie held")
    PLACED = "placed", N_("Succeeded")
    AFTERCARE = "aftercare", N_("Aftercare")
    LOST = "lost", N_("Lost")


class Pipeline(LabelledEnum):
    """What kind of work it is, which decides the stages it goes through."""

    WORK = "work", N_("Work")
    LOOK_ALONG = "look_along", N_("Look-along day")
    TAKEOVER = "takeover", N_("Takeover")
    ODD_JOB = "odd_job", N_("Odd job")


class LostReason(LabelledEnum):
    FILLED = "filled", N_("Filled without us")
    NO_NEED = "no_need", N_("No longer needed")
    NO_MONEY = "no_money", N_("No money")
    NO_MATCH = "no_match", N_("Nobody fitted")
    NO_REPLY = "no_reply", N_("Employer does not answer")
    OTHER = "other", N_("Other reason")


class Travel(LabelledEnum):
    """How somebody gets to the work."""

    PUBLIC_TRANSPORT = "public_transport", N_("By public transport")
    BIKE = "bike", N_("By bicycle")
    ON_FOOT = "on_foot", N_("On foot from the town")
    OWN_CAR = "own_car", N_("Own car needed")
    FETCHED = "fetched", N_("Is fetched")


class Circumstance(LabelledEnum):
    """What the work is like, in words that say nothing of who does it."""

    STANDING = "standing", N_("Much standing or walking")
    SITTING = "sitting", N_("Mostly sitting")
    LIFTING_LIGHT = "lifting_light", N_("Lifting up to 10 kilos")
    LIFTING_HEAVY = "lifting_heavy", N_("Lifting more than 10 kilos")
    SCREEN = "screen", N_("Screen work")
    OUTDOORS = "outdoors", N_("Outdoors")
    COLD = "cold", N_("In the cold")
    HEAT = "heat", N_("In the heat")
    NOISE = "noise", N_("Noisy")
    QUIET = "quiet", N_("Quiet")
    CUSTOMERS = "customers", N_("Customers around")
    ALONE = "alone", N_("Working alone")
    TOGETHER = "together", N_("Working together")
    CHANGING_HOURS = "changing_hours", N_("Changing hours")


class Weight(IntEnum):
    """How much a competence counts for a job."""

    HELPFUL = 1
    IMPORTANT = 2
    DECISIVE = 3

    @property
    def label(self) -> str:
        return _({1: N_("Helpful"), 2: N_("Important"), 3: N_("Decisive")}[self])


STALE_AFTER = timedelta(days=14)


class HiddenJob(Versioned, table=True):
    """Work found in a call, with its work profile: what the employer asks and offers.

    `days` holds two-letter Dutch day codes, `importance` is 0-10, `travel` and `circumstances` hold codes of enums.

    The times are those of a working day, in Dutch time.
    """

    __table_args__ = (
        Index(None, "stage", "stage_since"),
        Index(None, "pipeline", "stage", "stage_since"),
        CheckConstraint("importance IS NULL OR importance BETWEEN 0 AND 10", name="importance_range"),
        CheckConstraint("from_time < until_time", name="times_order"),
        CheckConstraint("hours_per_week IS NULL OR hours_per_week BETWEEN 0 AND 60", name="hours_range"),
    )

    company_id: int = Field(foreign_key="company.id", index=True)
    call_id: int | None = Field(default=None, foreign_key="call.id", index=True)
    title: str = Field(max_length=120)
    reason: str = Field(max_length=32)
    tasks: str = ""
    hours_per_week: float | None = None
    days: list[str] = Field(default_factory=list, sa_type=JSON)
    from_time: time | None = None
    until_time: time | None = None
    start: str = Field(default="", max_length=120)
    must_have: str = ""
    learnable: str = ""
    importance: int | None = None
    pipeline: Pipeline = Field(default=Pipeline.WORK, sa_type=text_enum(Pipeline))
    travel: list[str] = Field(default_factory=list, sa_type=JSON)
    start_place: str = Field(default="", max_length=120)
    circumstances: list[str] = Field(default_factory=list, sa_type=JSON)
    contract: str = Field(default="", max_length=120)
    pay_scale: str = Field(default="", max_length=120)
    conditions: str = ""
    look_along: bool | None = None
    stage: Stage = Field(default=Stage.SIGNAL, sa_type=text_enum(Stage))
    stage_since: datetime = Field(default_factory=now)
    lost_reason: LostReason | None = Field(default=None, sa_type=text_enum(LostReason))
    owner_id: int | None = Field(default=None, foreign_key="app_user.id", index=True)


class HiddenJobCompetence(Record, table=True):
    """A SUWI competence the job asks for; what may not be learned here is needed on day one.

    The weight is 1 (helpful), 2 (important) or 3 (decisive).
    """

    __table_args__ = (
        UniqueConstraint("job_id", "code"),
        Index(None, "code", "job_id"),
        CheckConstraint("weight BETWEEN 1 AND 3", name="weight_range"),
    )

    job_id: int = Field(foreign_key="hidden_job.id")
    code: str = Field(max_length=8)
    weight: int = 2
    learnable: bool = False


class StageChange(Record, table=True):
    """Who moved a job, from where to where; `created_at` says when."""

    job_id: int = Field(foreign_key="hidden_job.id", index=True)
    from_stage: Stage | None = Field(default=None, sa_type=text_enum(Stage, name="from_stage"))
    to_stage: Stage = Field(sa_type=text_enum(Stage, name="to_stage"))
    made_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    note: str = Field(default="", max_length=500)
