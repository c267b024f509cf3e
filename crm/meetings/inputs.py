"""What somebody fills in to plan a kopkoffie."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from crm.core.text import squeeze, tidy

Line = Annotated[str, BeforeValidator(squeeze)]


class MeetingInput(BaseModel):
    starts_at: AwareDatetime
    minutes: int = Field(default=30, ge=10, le=240)
    place: Line = Field(min_length=1, max_length=200)
    host: Line = Field(default="", max_length=120)
    preparation: Annotated[str, BeforeValidator(tidy)] = Field(default="", max_length=2000)
