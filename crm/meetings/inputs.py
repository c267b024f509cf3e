"""What somebody fills in about a kopkoffie and what comes of it."""

from datetime import date
from typing import Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from crm.core.clock import today
from crm.core.i18n import _
from crm.core.inputs import Line, Lines
from crm.meetings.models import Asker, UseState


class MeetingInput(BaseModel):
    starts_at: AwareDatetime
    minutes: int = Field(default=30, ge=10, le=240)
    place: Line = Field(min_length=1, max_length=200)
    host: Line = Field(default="", max_length=120)
    preparation: Lines = Field(default="", max_length=2000)


class UseInput(BaseModel):
    """How far the asking is. What has been asked was asked by somebody, on a day."""

    state: UseState
    asked_by: Asker | None = None
    asked_on: date | None = None

    @model_validator(mode="after")
    def _asked_by_somebody(self) -> Self:
        if self.state is UseState.TO_ASK:
            self.asked_by = self.asked_on = None
        elif self.asked_by is None or self.asked_on is None:
            raise ValueError(_("Fill in who asked, and when."))
        elif self.asked_on > today():
            raise ValueError(_("This day has yet to come. Choose the day on which it was asked."))
        return self
