"""What may be written down about a hidden job."""

from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from crm.core.clock import today
from crm.core.i18n import _
from crm.core.inputs import Line, Lines
from crm.pipeline.models import LostReason
from crm.reference.inputs import CompetenceCodes, Days
from crm.reference.queries import reasons

LONGEST_WAIT = timedelta(days=3 * 366)


def _known_reason(code: str) -> str:
    if code not in reasons():
        raise ValueError(_("choose a reason from the list"))
    return code


class HiddenJobInput(BaseModel):
    title: Line = Field(min_length=1, max_length=120)
    reason: Annotated[str, AfterValidator(_known_reason)]
    tasks: Lines = Field(default="", max_length=2000)
    hours_per_week: float | None = Field(default=None, ge=0, le=60, allow_inf_nan=False)
    days: Days = []
    start: Line = Field(default="", max_length=120)
    must_have: Lines = Field(default="", max_length=1000)
    learnable: Lines = Field(default="", max_length=1000)
    importance: int | None = Field(default=None, ge=0, le=10)
    competences: CompetenceCodes = []


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
    """What part of the board to show; nothing chosen shows all of it."""

    text: Line = Field(default="", max_length=100)
    town: str = Field(default="", max_length=80)
    mine: bool = False
    stale: bool = False
