"""What may be written in the log and on the sheet of a job seeker."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from crm.candidates.models import CoachingForm, OutcomeKind, Tile
from crm.core.clock import today
from crm.core.i18n import N_, _
from crm.core.inputs import Line, Lines


def _has_been(day: date) -> date:
    if day > today():
        raise ValueError(_("this day has yet to come"))
    return day


PastDay = Annotated[date, AfterValidator(_has_been)]


class ServiceStepInput(BaseModel):
    tile: Tile = Field(title=N_("Which part?"))
    form: CoachingForm | None = None
    day: date = Field(title=N_("Day"))
    done: bool = False
    note: Line = Field(default="", max_length=300)

    @model_validator(mode="after")
    def _done_on_a_day_that_was(self) -> Self:
        if self.done and self.day > today():
            raise ValueError(_("What is done was done today or before. Choose “planned”, or another day."))
        return self


class MomentInput(BaseModel):
    day: PastDay = Field(title=N_("Day"))
    words: Lines = Field(min_length=1, max_length=1000, title=N_("In their own words"))
    may_share: bool = False


class OutcomeInput(BaseModel):
    kind: OutcomeKind = Field(title=N_("What came of it?"))
    day: PastDay = Field(title=N_("Day"))
    note: Line = Field(default="", max_length=300)


Example = Annotated[Lines, Field(max_length=300)]


class ExamplesInput(BaseModel):
    """For the competence sheet; an empty one is left out."""

    examples: Annotated[list[Example], AfterValidator(lambda texts: [text for text in texts if text])] = Field(
        max_length=3, title=N_("Examples")
    )
