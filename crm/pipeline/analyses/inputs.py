"""What may be written down in a work analysis."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from crm.core.clock import today
from crm.core.i18n import N_, _
from crm.core.inputs import Line, Lines
from crm.pipeline.analyses.models import MOST_HOURS, AnalysisWay


def _past(day: date) -> date:
    if day > today():
        raise ValueError(_("choose today or a day before"))
    return day


class AnalysisInput(BaseModel):
    """When it was, how, and with whom."""

    held_on: Annotated[date, AfterValidator(_past)]
    way: AnalysisWay = AnalysisWay.VISIT
    spoken_with: Line = Field(default="", max_length=120)


class AnalysisTexts(BaseModel):
    """What is written down during the visit, each text kept by itself."""

    left_undone: Lines = Field(default="", max_length=4000)
    circumstances: Lines = Field(default="", max_length=4000)
    agreements: Lines = Field(default="", max_length=4000)


TextName = Literal["left_undone", "circumstances", "agreements"]


class TaskInput(BaseModel):
    what: Line = Field(min_length=1, max_length=200, title=N_("Which task?"))
    done_by: Line = Field(default="", max_length=120)
    how_often: Line = Field(default="", max_length=120)
    hours_per_week: float | None = Field(default=None, ge=0, le=MOST_HOURS, allow_inf_nan=False)
    split_off: bool = False
    needs_training: bool = False
