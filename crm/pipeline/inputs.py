"""What may be written down about a hidden job."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from crm.core.i18n import _
from crm.core.text import squeeze
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


class HiddenJobInput(BaseModel):
    title: Annotated[str, AfterValidator(squeeze), Field(min_length=1, max_length=120)]
    reason: Annotated[str, AfterValidator(_known_reason)]
    tasks: str = Field(default="", max_length=2000)
    hours_per_week: float | None = Field(default=None, ge=0, le=60, allow_inf_nan=False)
    days: Annotated[list[str], AfterValidator(in_week_order)] = []
    start: Annotated[str, AfterValidator(squeeze), Field(max_length=120)] = ""
    must_have: str = Field(default="", max_length=1000)
    learnable: str = Field(default="", max_length=1000)
    importance: int | None = Field(default=None, ge=0, le=10)
    competences: Annotated[list[str], AfterValidator(_known_competences)] = []
