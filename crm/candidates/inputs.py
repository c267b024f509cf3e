"""What may be written down about a job seeker, and nothing else."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from crm.candidates.models import Barrier, CandidateStatus
from crm.core.i18n import _
from crm.core.inputs import EmailAddress, Line, Lines
from crm.core.text import squeeze
from crm.reference.inputs import CompetenceCodes, Days
from crm.telephony.numbers import parse_numbers

_POSTCODE = re.compile(r"[1-9][0-9]{3}(?:(?!SA|SD|SS)[A-Z]{2})?")


def _postcode(text: str) -> str | None:
    code = re.sub(r"\s", "", text).upper()
    if code and not _POSTCODE.fullmatch(code):
        raise ValueError(_("write it as 3311 AB"))
    return code or None


def _phone(text: str) -> str:
    if not text:
        return ""
    found = parse_numbers(text)
    if len(found) != 1:
        raise ValueError(_("write one telephone number, for example 06 12345678"))
    return found[0].e164


def _trades(names: list[str]) -> list[str]:
    return list(dict.fromkeys(name for name in map(squeeze, names) if name))


Trade = Annotated[str, Field(max_length=60)]


class CandidateInput(BaseModel):
    name: Line = Field(min_length=1, max_length=120)
    email: EmailAddress = ""
    phone: Annotated[Line, AfterValidator(_phone)] = ""
    postcode: Annotated[str | None, BeforeValidator(lambda text: _postcode(text or ""))] = None
    town: Line = Field(default="", max_length=80)
    trades: Annotated[list[Trade], AfterValidator(_trades)] = Field(default=[], max_length=20)
    strengths: Lines = Field(default="", max_length=2000)
    hours_min: int = Field(default=0, ge=0, le=60)
    hours_max: int = Field(default=40, ge=0, le=60)
    days: Days = []
    travel_km: int = Field(default=15, ge=0, le=200)
    barriers: list[Barrier] = []
    meets_programme: bool | None = None
    coach_id: int | None = None
    competences: CompetenceCodes = []

    @model_validator(mode="after")
    def _hours_in_order(self) -> Self:
        if self.hours_min > self.hours_max:
            raise ValueError(_("The least hours are more than the most hours."))
        return self


class CandidateConsentInput(BaseModel):
    """What somebody agreed to: `text` is what was shown or read aloud, word for word."""

    text: Lines = Field(min_length=10, max_length=2000)
    until: date


class CandidateFilters(BaseModel):
    """What part of the list to show; by default who looks for work."""

    text: Line = Field(default="", max_length=100)
    town: str = Field(default="", max_length=80)
    competence: str = Field(default="", max_length=8)
    status: CandidateStatus | None = CandidateStatus.ACTIVE
