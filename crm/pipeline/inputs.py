"""What may be written down about a hidden job."""

from datetime import date, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from crm.core.clock import today
from crm.core.i18n import _
from crm.core.inputs import Line, Lines
from crm.pipeline.models import Circumstance, LostReason, Pipeline, Stage, Travel, Weight
from crm.reference.inputs import Days
from crm.reference.queries import competences, reasons

LONGEST_WAIT = timedelta(days=3 * 366)
LONGEST_SEARCH = 100
Owner = int | Literal["mine", "nobody"]
MINE: Literal["mine"] = "mine"
NOBODY: Literal["nobody"] = "nobody"


def _known_reason(code: str) -> str:
    if code not in reasons():
        raise ValueError(_("choose a reason from the list"))
    return code


def _known_competence(code: str) -> str:
    if code not in competences():
        raise ValueError(_("choose competences from the list"))
    return code


class AskedCompetence(BaseModel):
    """What may not be learned here is needed on day one."""

    model_config = ConfigDict(frozen=True)

    code: Annotated[str, AfterValidator(_known_competence)]
    weight: Weight = Weight.IMPORTANT
    learnable: bool = False


def _asked(given: object) -> object:
    """A code alone, as the desk writes it down, is important."""
    return [{"code": one} if isinstance(one, str) else one for one in given] if isinstance(given, list) else given


def _each_once(asked: list[AskedCompetence]) -> list[AskedCompetence]:
    return [one for _code, one in sorted({one.code: one for one in asked}.items())]


AskedCompetences = Annotated[list[AskedCompetence], BeforeValidator(_asked), AfterValidator(_each_once)]


class HiddenJobInput(BaseModel):
    """What is heard of the work, and its work profile: what the employer asks and offers.

    Without a `pipeline` a new job gets the one its reason suggests, and a known job keeps its own.
    """

    title: Line = Field(min_length=1, max_length=120)
    reason: Annotated[str, AfterValidator(_known_reason)]
    pipeline: Pipeline | None = None
    tasks: Lines = Field(default="", max_length=2000)
    hours_per_week: float | None = Field(default=None, ge=0, le=60, allow_inf_nan=False)
    days: Days = []
    start: Line = Field(default="", max_length=120)
    must_have: Lines = Field(default="", max_length=1000)
    learnable: Lines = Field(default="", max_length=1000)
    importance: int | None = Field(default=None, ge=0, le=10)
    competences: AskedCompetences = []
    from_time: time | None = None
    until_time: time | None = None
    travel: list[Travel] = []
    start_place: Line = Field(default="", max_length=120)
    circumstances: list[Circumstance] = []
    contract: Line = Field(default="", max_length=120)
    pay_scale: Line = Field(default="", max_length=120)
    conditions: Lines = Field(default="", max_length=1000)
    look_along: bool | None = None

    @model_validator(mode="after")
    def _times_in_order(self) -> Self:
        if self.from_time and self.until_time and self.from_time >= self.until_time:
            raise ValueError(_("The work ends after it begins: choose a later time for the end of the day."))
        return self


def _later(day: date | None) -> date | None:
    if day is not None and not today() < day <= today() + LONGEST_WAIT:
        raise ValueError(_("choose a day from tomorrow on, within three years"))
    return day


class Lost(BaseModel):
    """Why a job is lost, and from when the employer is asked again; without a day never, which somebody chose."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: LostReason
    ask_again_on: Annotated[date | None, AfterValidator(_later)] = None


class BoardFilters(BaseModel):
    """What part of the board to show. Without a `pipeline` it is all kinds of work together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pipeline: Pipeline | None = Pipeline.WORK
    text: Line = Field(default="", max_length=LONGEST_SEARCH)
    town: str = Field(default="", max_length=80)
    owner: Owner | None = None
    stale: bool = False


class Put(BaseModel):
    """In which column somebody put a job, as the browser says it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    job_id: Annotated[int, Field(gt=0, lt=10**9)]
    seen_version: int
    stage: Stage
