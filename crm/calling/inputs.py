"""What people fill in about call lists."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from crm.calling.models import Priority, SkipReason
from crm.companies.pasting import MOST_LINES
from crm.core.i18n import N_, _
from crm.core.inputs import Line
from crm.reference.queries import legal_forms, sbi, size_classes

LARGE_FROM = 101  # with this many staff work and rules are fixed; a job made to measure is rare there
LONGEST_POSTCODES = 2_000
_POSTCODE_PART = re.compile(r"([1-9]\d{0,3}|[1-9]\d{3}[A-Z]{2})(?:-([1-9]\d{3}))?")


def _trades(codes: tuple[str, ...]) -> tuple[str, ...]:
    if any(sbi(code) is None for code in codes):
        raise ValueError(_("this trade code does not exist"))
    return codes


def _sizes(codes: tuple[str, ...]) -> tuple[str, ...]:
    if any(code not in size_classes() for code in codes):
        raise ValueError(_("choose a size from the list"))
    return codes


def _legal_forms(codes: tuple[str, ...]) -> tuple[str, ...]:
    if any(code not in legal_forms() for code in codes):
        raise ValueError(_("choose a legal form from the list"))
    return codes


def postcode_ranges(text: str) -> list[tuple[str, str]]:
    """`33, 3311 AB, 3000-3099` as pairs of first and last beginning.

    Raises ValueError for a part that is no postcode area.
    """
    parts = [re.sub(r"\s", "", part).upper().replace("–", "-") for part in re.split(r"[,;]", text)]
    return [_range(part) for part in parts if part]


def _range(part: str) -> tuple[str, str]:
    match = _POSTCODE_PART.fullmatch(part)
    first, last = match.groups() if match else ("", None)
    if not match or (last and (len(first) != 4 or last < first)):
        raise ValueError(_("write postcode areas like 3311, 33 or 3300-3399"))
    return first, last or first


def _postcodes(text: str) -> str:
    postcode_ranges(text)
    return text


Codes = tuple[str, ...]
Postcodes = Annotated[Line, Field(max_length=LONGEST_POSTCODES), AfterValidator(_postcodes)]


class ListFilters(BaseModel):
    """Which companies go on a list. What is left empty does not count; trades are SBI codes of any level.

    Companies of LARGE_FROM staff and more only come along with `large`; those of unknown size always do.
    """

    model_config = ConfigDict(frozen=True)

    trades: Annotated[Codes, AfterValidator(_trades)] = ()
    towns: Codes = ()
    postcodes: Postcodes = ""
    sizes: Annotated[Codes, AfterValidator(_sizes)] = ()
    legal_forms: Annotated[Codes, AfterValidator(_legal_forms)] = ()
    large: bool = False
    never_called: bool = False
    leads: bool = False
    skip_listed: bool = True


Capacity = Annotated[int, Field(ge=1, le=10_000)]


class _NewList(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: Annotated[Line, Field(min_length=1, max_length=120, title=N_("Name of the list"))]
    script_version_id: int
    caller_ids: tuple[int, ...] = ()
    priority: Priority = Priority.NORMAL
    daily_capacity: Capacity | None = None


class ListInput(_NewList):
    """A list of all companies of a choice."""

    filters: ListFilters = ListFilters()
    is_live: bool = False


class NamedListInput(_NewList):
    """A list of these companies, which stays as it is."""

    company_ids: Annotated[tuple[int, ...], Field(min_length=1, max_length=MOST_LINES)]
    skip_listed: bool = True


class SkipInput(BaseModel):
    """Why a company is not called now; without a reason of the list it is said in words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: SkipReason
    note: Annotated[Line, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _in_words(self) -> Self:
        if self.reason is SkipReason.OTHER and not self.note:
            raise ValueError(_("Write down in a few words why."))
        return self


class RetryInput(BaseModel):
    """When a list tries again, and how often; either hours or working days. See Retry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hours: Annotated[Annotated[int, Field(ge=1, le=72)] | None, Field(title=N_("Wait"))] = None
    working_days: Annotated[Annotated[int, Field(ge=1, le=60)] | None, Field(title=N_("Wait"))] = None
    most_attempts: Annotated[int, Field(ge=1, le=20, title=N_("Most attempts"))]
    message_once_in: Annotated[int, Field(ge=0, le=10)] | None = None

    @model_validator(mode="after")
    def _one_wait(self) -> Self:
        if (self.hours is None) == (self.working_days is None):
            raise ValueError(_("Say after how many hours or working days to try again."))
        return self


class ListSettings(BaseModel):
    """What a coordinator can change about a list that callers work on."""

    model_config = ConfigDict(frozen=True)

    is_live: bool = False
    priority: Priority = Priority.NORMAL
    daily_capacity: Capacity | None = None
