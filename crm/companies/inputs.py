"""What people fill in about companies, checked before it reaches the database."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from crm.companies.models import ConsentChannel, SuppressionReason
from crm.core.clock import now, today
from crm.core.i18n import N_, _
from crm.core.inputs import EmailAddress, Line, Lines
from crm.core.text import name_key, squeeze
from crm.reference.queries import legal_forms, sbi

_POSTCODE = re.compile(r"[1-9]\d{3}(?!SA|SD|SS)[A-Z]{2}")


def _empty_is_none(value: object) -> object:
    return squeeze(value) or None if isinstance(value, str) else value


def _company_name(name: str) -> str:
    if not name_key(name):
        raise ValueError(_("give a name with letters or digits"))
    return name


def _postcode(text: str | None) -> str | None:
    code = (text or "").replace(" ", "").upper()
    if code and not _POSTCODE.fullmatch(code):
        raise ValueError(_("a postcode looks like 3311 AB"))
    return code or None


def _digits(text: str | None, length: int, message: str) -> str | None:
    digits = re.sub(r"[ .-]", "", text or "")
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) == length):
        raise ValueError(message)
    return digits or None


def _kvk_number(text: str | None) -> str | None:
    return _digits(text, 8, _("a KVK number has 8 digits"))


def _branch_number(text: str | None) -> str | None:
    return _digits(text, 12, _("a branch number has 12 digits"))


def _legal_form(code: str) -> str:
    if code not in legal_forms():
        raise ValueError(_("choose a legal form from the list"))
    return code


def _sbi_code(text: str | None) -> str | None:
    code = (text or "").replace(".", "").replace(" ", "").upper()
    if code and sbi(code) is None:
        raise ValueError(_("this trade code does not exist"))
    return code or None


def _website(text: str) -> str:
    bare = re.sub(r"^https?://", "", text, flags=re.IGNORECASE)
    if text and not re.fullmatch(r"[\w-]+(\.[\w-]+)+([/?#]\S*)?", bare):
        raise ValueError(_("a website looks like www.company.nl"))
    return f"https://{bare}" if text and bare == text else text


Name = Annotated[Line, Field(min_length=1, max_length=200), AfterValidator(_company_name)]
Postcode = Annotated[str | None, BeforeValidator(_empty_is_none), AfterValidator(_postcode)]
KvkNumber = Annotated[str | None, BeforeValidator(_empty_is_none), AfterValidator(_kvk_number)]
BranchNumber = Annotated[str | None, BeforeValidator(_empty_is_none), AfterValidator(_branch_number)]
SbiCode = Annotated[str | None, BeforeValidator(_empty_is_none), AfterValidator(_sbi_code)]
LegalFormCode = Annotated[Line, AfterValidator(_legal_form)]
Website = Annotated[Line, Field(max_length=200), AfterValidator(_website)]
PageAddress = Annotated[Line, Field(min_length=1, max_length=300), AfterValidator(_website)]
Staff = Annotated[Annotated[int, Field(ge=0, le=1_000_000)] | None, BeforeValidator(_empty_is_none)]


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, validate_default=True)


class CompanyInput(_Input):
    """What may be changed about a company by hand."""

    name: Name
    legal_form: LegalFormCode = "ONB"
    kvk_number: KvkNumber = None
    branch_number: BranchNumber = None
    sbi_code: SbiCode = None
    activity: Annotated[Line, Field(max_length=300)] = ""
    street: Annotated[Line, Field(max_length=200)] = ""
    postcode: Postcode = None
    town: Annotated[Line, Field(max_length=80)] = ""
    staff_min: Staff = None
    staff_max: Staff = None
    email: EmailAddress = ""
    website: Website = ""
    non_mailing: bool = False

    @model_validator(mode="after")
    def _staff_in_order(self) -> Self:
        if self.staff_min is not None and self.staff_max is not None and self.staff_min > self.staff_max:
            raise ValueError(_("the lowest number of staff is higher than the highest"))
        return self


class NumberInput(_Input):
    """A telephone number as it was typed, and where it comes from: people ask."""

    number: Annotated[Line, Field(min_length=1, max_length=120, title=N_("Telephone number"))]
    source: Annotated[Line, Field(min_length=1, max_length=120, title=N_("Where does it come from?"))]
    is_main: bool = False


class NumberBlockInput(_Input):
    """A number that is not called any more, why, and what is known about the request."""

    number: Annotated[Line, Field(min_length=1, max_length=120, title=N_("Telephone number"))]
    reason: SuppressionReason
    note: Annotated[Line, Field(max_length=500)] = ""


class TakeBackInput(_Input):
    """Why a block was a mistake."""

    why: Annotated[Line, Field(min_length=1, max_length=300)]


class NewCompanyInput(CompanyInput, NumberInput):
    """A company that is added by hand."""


class LeadInput(_Input):
    """A company somebody told us of, as far as they knew it."""

    name: Name
    town: Annotated[Line, Field(max_length=80)] = ""
    number: Annotated[Line, Field(max_length=120)] = ""


class ContactInput(_Input):
    name: Annotated[Line, Field(min_length=1, max_length=120)]
    function: Annotated[Line, Field(max_length=120)] = ""
    best_time: Annotated[Line, Field(max_length=120)] = ""


class ConsentInput(_Input):
    """Evidence: who said yes, when, how, to which words, and how we know it was them."""

    given_by: Annotated[Line, Field(min_length=1, max_length=120, title=N_("Who gave consent?"))]
    contact_id: int | None = None
    channel: Annotated[ConsentChannel, Field(title=N_("How?"))]
    text: Annotated[Lines, Field(min_length=1, max_length=2000, title=N_("Exact words"))]
    verified_how: Annotated[Line, Field(min_length=1, max_length=300, title=N_("How do you know it was them?"))]
    given_at: AwareDatetime = Field(default_factory=now)
    expires_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _times_in_order(self) -> Self:
        if self.given_at > now():
            raise ValueError(_("consent cannot be given in the future"))
        if self.expires_at and self.expires_at <= self.given_at:
            raise ValueError(_("consent ends after it was given"))
        return self


class WithdrawalInput(_Input):
    """How somebody took consent back, and what is known about it."""

    channel: Annotated[ConsentChannel, Field(title=N_("How?"))]
    how: Annotated[Line, Field(max_length=300)] = ""


class PublicationInput(_Input):
    """Where somebody asks for offers by telephone, in which words, and when we saw that."""

    url: PageAddress
    text: Annotated[Lines, Field(min_length=1, max_length=2000, title=N_("Exact words"))]
    seen_at: AwareDatetime = Field(default_factory=now)

    @model_validator(mode="after")
    def _was_seen(self) -> Self:
        if self.seen_at > now():
            raise ValueError(_("a page cannot be seen in the future"))
        return self


class RelationInput(_Input):
    """Of what a company is or was a customer, and how we know."""

    what: Annotated[Line, Field(min_length=1, max_length=300, title=N_("Customer of what?"))]
    how_known: Annotated[Line, Field(min_length=1, max_length=300, title=N_("How do we know?"))]
    since: date
    until: date | None = None

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.since > today():
            raise ValueError(_("a customer relation cannot begin in the future"))
        if self.until and not self.since <= self.until <= today():
            raise ValueError(_("a customer relation ends after it began, and not in the future"))
        return self
