"""What may be written down about a hidden job."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from crm.core.i18n import _
from crm.core.text import squeeze, tidy
from crm.reference.days import in_week_order
from crm.reference.queries import competences, reasons


def _known_reason(code: str) -> str:
    if code not in reasons():
        raise ValueError(_("choose a reason from the list"))
    return code


def _known_competences(codes: list[str]) -> list[str]:
    if not set(codes) <= competences().keys():
        raise ValueError(_("choose competences from the list"))
    return sorted(set(codes))


Line = Annotated[str, BeforeValidator(squeeze)]
Lines = Annotated[str, BeforeValidator(tidy)]


class HiddenJobInput(BaseModel):
    title: Line = Field(min_length=1, max_length=120)
    reason: Annotated[str, AfterValidator(_known_reason)]
    tasks: Lines = Field(default="", max_length=2000)
    hours_per_week: float | None = Field(default=None, ge=0, le=60, allow_inf_nan=False)
    days: Annotated[list[str], AfterValidator(in_week_order)] = []
    start: Line = Field(default="", max_length=120)
    must_have: Lines = Field(default="", max_length=1000)
    learnable: Lines = Field(default="", max_length=1000)
    importance: int | None = Field(default=None, ge=0, le=10)
    competences: Annotated[list[str], AfterValidator(_known_competences)] = []


class BoardFilters(BaseModel):
    """What part of the board to show; nothing chosen shows all of it."""

    text: Line = Field(default="", max_length=100)
    town: str = Field(default="", max_length=80)
    mine: bool = False
    stale: bool = False
