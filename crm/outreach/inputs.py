"""What people fill in about letters, and what an owner answers."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from crm.calling.inputs import ListFilters
from crm.core.clock import today
from crm.core.i18n import N_, _
from crm.core.inputs import Line, Lines
from crm.outreach.models import Answer, Tongue, TouchKind
from crm.outreach.wording import IN_CONSENT, PLACEHOLDERS, check
from crm.telephony.numbers import read_numbers


def _in_letter(text: str) -> str:
    check(text, frozenset(PLACEHOLDERS))
    return text


def _in_consent(text: str) -> str:
    check(text, IN_CONSENT)
    if "{organisatie}" not in text:
        raise ValueError(_("say who may call: write {placeholder}").format(placeholder="{organisatie}"))
    return text


def _telephone(text: str) -> str:
    found, _refused = read_numbers(text) if text else ([], [])
    if text and len(found) != 1:
        raise ValueError(_("“{text}” is not one Dutch telephone number.").format(text=text))
    return text


MOST_LETTERS = 500  # in one print; a larger mailing is made in parts, and so are the answers it brings
QUIET_DAYS = 30  # a company that got a letter gets no other so soon; the first one can be printed again


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, validate_default=True)


class LetterTextInput(_Input):
    language: Tongue
    subject: Annotated[Line, Field(min_length=1, max_length=160), AfterValidator(_in_letter)]
    body: Annotated[Lines, Field(min_length=1, max_length=4000), AfterValidator(_in_letter)]
    consent: Annotated[Line, Field(min_length=1, max_length=1000), AfterValidator(_in_consent)]


class MailingInput(_Input):
    """Letters to many companies: which ones, how many at most, and how long those already written to are left alone."""

    name: Annotated[Line, Field(min_length=1, max_length=120, title=N_("Name of the mailing"))]
    filters: ListFilters
    most: Annotated[int, Field(ge=1, le=MOST_LETTERS, title=N_("At most how many letters?"))] = 100
    quiet_days: Annotated[int, Field(ge=QUIET_DAYS, le=730)] = 180
    language: Tongue = Tongue.NL


def _past(day: date) -> date:
    if day > today():
        raise ValueError(_("choose today or an earlier day"))
    return day


PastDay = Annotated[date, AfterValidator(_past), Field(title=N_("On which day?"))]


class TouchInput(_Input):
    """That a company heard of us, written down by hand."""

    kind: TouchKind
    on_day: PastDay
    note: Annotated[Line, Field(max_length=300)] = ""


class RecommendationInput(_Input):
    """What an employer says of us. Without a yes to being quoted there is nothing to write down."""

    words: Annotated[Line, Field(min_length=1, max_length=400, title=N_("What did the employer say?"))]
    said_by: Annotated[Line, Field(max_length=120)] = ""
    by_name: bool = False
    agreed_on: PastDay


class CampaignInput(_Input):
    """That a whole selection of companies heard of us."""

    name: Annotated[Line, Field(min_length=1, max_length=120)]
    kind: TouchKind
    on_day: PastDay
    filters: ListFilters


class AnswerInput(_Input):
    """What somebody answers with the code of a letter. Only who says yes has to say who they are."""

    answer: Answer
    name: Annotated[Line, Field(max_length=120)] = ""
    function: Annotated[Line, Field(max_length=120)] = ""
    telephone: Annotated[Line, Field(max_length=60), AfterValidator(_telephone)] = ""
    best_time: Annotated[Line, Field(max_length=120)] = ""
    no_letters: bool = False

    @model_validator(mode="after")
    def _yes_comes_from_somebody(self) -> "AnswerInput":
        if self.answer is Answer.YES and not self.name:
            raise ValueError(_("Fill in your name. With it we know who gave consent."))
        if self.answer is Answer.YES and not self.function:
            raise ValueError(_("Fill in your function, for example owner."))
        return self
