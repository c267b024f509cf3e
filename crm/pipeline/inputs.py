"""What may be written down about a hidden job."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from crm.core.i18n import _
from crm.core.inputs import Line, Lines
from crm.reference.inputs import CompetenceCodes, Days
from crm.reference.queries import reasons


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


class BoardFilters(BaseModel):
    """What part of the board to show; nothing chosen shows all of it."""

    text: Line = Field(default="", max_length=100)
    town: str = Field(default="", max_length=80)
    mine: bool = False
    stale: bool = False
