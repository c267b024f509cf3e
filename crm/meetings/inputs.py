"""What somebody fills in to plan a kopkoffie."""

from pydantic import AwareDatetime, BaseModel, Field

from crm.core.inputs import Line, Lines


class MeetingInput(BaseModel):
    starts_at: AwareDatetime
    minutes: int = Field(default=30, ge=10, le=240)
    place: Line = Field(min_length=1, max_length=200)
    host: Line = Field(default="", max_length=120)
    preparation: Lines = Field(default="", max_length=2000)
