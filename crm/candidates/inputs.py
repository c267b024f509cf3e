"""What may be written down about a job seeker, and nothing else."""

import re
from datetime import date, time
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, field_validator, model_validator

from crm.candidates.models import Barrier, CandidateStatus, IntakeStep, Level, Purpose, TravelBy
from crm.companies.models import ConsentChannel
from crm.core.i18n import _
from crm.core.inputs import EmailAddress, Line, Lines
from crm.core.text import squeeze
from crm.reference.inputs import Days
from crm.reference.queries import competences
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


def _levels(given: object) -> object:
    """A code without a level is what somebody can do."""
    return dict.fromkeys(given, Level.ABLE) if isinstance(given, list) else given


def _known(levels: dict[str, Level]) -> dict[str, Level]:
    if not levels.keys() <= competences().keys():
        raise ValueError(_("choose competences from the list"))
    return dict(sorted(levels.items()))


CompetenceLevels = Annotated[dict[str, Level], BeforeValidator(_levels), AfterValidator(_known)]
Story = Annotated[Lines, Field(max_length=2000)]


class PersonInput(BaseModel):
    """Who somebody is and how we reach them."""

    name: Line = Field(min_length=1, max_length=120)
    email: EmailAddress = ""
    phone: Annotated[Line, AfterValidator(_phone)] = ""
    best_reached: Line = Field(default="", max_length=120)
    postcode: Annotated[str | None, BeforeValidator(lambda text: _postcode(text or ""))] = None
    town: Line = Field(default="", max_length=80)


class PastInput(BaseModel):
    """What somebody did and is proud of."""

    trades: Annotated[list[Trade], AfterValidator(_trades)] = Field(default=[], max_length=20)
    work_done: Story = ""
    proud_of: Story = ""


class SkillsInput(BaseModel):
    strengths: Story = ""
    competences: CompetenceLevels = {}


class WhenInput(BaseModel):
    """When and how far away somebody can work."""

    hours_min: int = Field(default=0, ge=0, le=60)
    hours_max: int = Field(default=40, ge=0, le=60)
    days: Days = []
    from_time: time | None = None
    until_time: time | None = None
    travel_km: int = Field(default=15, ge=0, le=200)
    travel_by: list[TravelBy] = []

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.hours_min > self.hours_max:
            raise ValueError(_("The least hours are more than the most hours."))
        if self.from_time and self.until_time and self.from_time >= self.until_time:
            raise ValueError(_("The day ends before it begins: look at the times."))
        return self


class BarriersInput(BaseModel):
    barriers: list[Barrier] = []
    meets_programme: bool | None = None


class WishesInput(BaseModel):
    wishes: Story = ""
    not_wanted: Story = ""


class AgreementsInput(BaseModel):
    """Who coaches; what is agreed to has rows of its own."""

    coach_id: int | None = None


class CandidateInput(PersonInput, PastInput, SkillsInput, WhenInput, BarriersInput, WishesInput, AgreementsInput):
    """All of it at once."""


StepInput = (
    PersonInput | PastInput | SkillsInput | WhenInput | BarriersInput | WishesInput | AgreementsInput | CandidateInput
)
STEPS: dict[IntakeStep, type[StepInput]] = {
    IntakeStep.PERSON: PersonInput,
    IntakeStep.PAST: PastInput,
    IntakeStep.SKILLS: SkillsInput,
    IntakeStep.WHEN: WhenInput,
    IntakeStep.BARRIERS: BarriersInput,
    IntakeStep.WISHES: WishesInput,
    IntakeStep.AGREEMENTS: AgreementsInput,
}


class CandidateConsentInput(BaseModel):
    """What somebody agreed to, and until and including what day: the words are those shown or read aloud."""

    texts: dict[Purpose, Annotated[Lines, Field(min_length=10, max_length=2000)]]
    channel: ConsentChannel
    until: date

    @field_validator("texts")
    @classmethod
    def _something(cls, texts: dict[Purpose, str]) -> dict[Purpose, str]:
        if not texts:
            raise ValueError(_("Tick what the job seeker agrees to."))
        return texts


class CandidateFilters(BaseModel):
    """What part of the list to show; by default who looks for work."""

    text: Line = Field(default="", max_length=100)
    town: str = Field(default="", max_length=80)
    competence: str = Field(default="", max_length=8)
    status: CandidateStatus | None = CandidateStatus.ACTIVE
    unfinished: bool = False
