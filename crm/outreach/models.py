"""Letters that ask a company for consent, and what its owner answers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from crm.core.i18n import N_
from crm.core.models import Record, Versioned
from crm.core.types import LabelledEnum, text_enum


class Answer(LabelledEnum):
    YES = "yes", N_("Yes, may be called")
    NO = "no", N_("No, never call")
    LATER = "later", N_("Not now")


class TouchKind(LabelledEnum):
    """How a company heard of us before a call."""

    LETTER = "letter", N_("Letter")
    ARTICLE = "article", N_("Article in a newspaper")
    POST = "post", N_("Post on social media")
    EMAIL = "email", N_("E-mail")
    VISIT = "visit", N_("Visit at the door")


class Obstacle(LabelledEnum):
    """Why a company gets no letter that asks for consent."""

    BLOCKED = "blocked", N_("Does not want to be called, or is blocked")
    STOPPED = "stopped", N_("Has stopped")
    CALLABLE = "callable", N_("May be called already")
    FORM = "form", N_("Legal form unknown: look it up first")
    NON_MAILING = "non_mailing", N_("Wants no advertising by post")
    NO_ADDRESS = "no_address", N_("Address not complete")
    RECENT = "recent", N_("Was written to not long ago")


class Tongue(StrEnum):
    """A language letters are written in."""

    NL = "nl"
    EN = "en"


class LetterText(Record, table=True):
    """The words of a letter and of the consent it asks for. Never changed: a new wording is a new row."""

    __table_args__ = (Index(None, "language", "id"),)

    language: Tongue = Field(sa_type=text_enum(Tongue))
    subject: str = Field(max_length=160)
    body: str
    consent: str
    made_by_id: int | None = Field(default=None, foreign_key="app_user.id")


class Mailing(Versioned, table=True):
    """Letters to many companies at once. `filters` keeps how they were chosen."""

    name: str = Field(max_length=120)
    filters: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    text_id: int = Field(foreign_key="letter_text.id")
    quiet_days: int
    made_by_id: int = Field(foreign_key="app_user.id")
    sent_on: date | None = None


class MailingCompany(Record, table=True):
    """A company that was chosen. It waits as long as it has neither a letter nor a reason why it gets none."""

    __table_args__ = (UniqueConstraint("mailing_id", "company_id"),)

    mailing_id: int = Field(foreign_key="mailing.id")
    company_id: int = Field(foreign_key="company.id", index=True)
    letter_id: int | None = Field(default=None, foreign_key="letter.id", unique=True)
    obstacle: Obstacle | None = Field(default=None, sa_type=text_enum(Obstacle))


class Letter(Versioned, table=True):
    """A letter to one company with a code of its own.

    The code is made from `seed` with the secret key of the installation, so that the letter can be printed again; the
    database alone gives no code away. It is looked up by `code_hash`.
    """

    __table_args__ = (Index(None, "company_id", "id"),)

    company_id: int = Field(foreign_key="company.id")
    text_id: int = Field(foreign_key="letter_text.id")
    seed: str = Field(max_length=32)
    code_hash: str = Field(unique=True, max_length=64)
    expires_at: datetime
    made_by_id: int = Field(foreign_key="app_user.id")
    sent_on: date | None = Field(default=None, index=True)
    answer: Answer | None = Field(default=None, sa_type=text_enum(Answer))
    answered_at: datetime | None = Field(default=None, index=True)
    consent_id: int | None = Field(default=None, foreign_key="consent.id")


class Campaign(Record, table=True):
    """Something that reached many companies at once: an article, a post. `filters` keeps which companies."""

    name: str = Field(max_length=120)
    kind: TouchKind = Field(sa_type=text_enum(TouchKind))
    on_day: date
    filters: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    made_by_id: int = Field(foreign_key="app_user.id")


class Touch(Record, table=True):
    """A company heard of us on that day. The first index finds what came before a call."""

    __table_args__ = (Index(None, "company_id", "kind", "on_day"), UniqueConstraint("campaign_id", "company_id"))

    company_id: int = Field(foreign_key="company.id")
    kind: TouchKind = Field(sa_type=text_enum(TouchKind))
    on_day: date
    note: str = Field(default="", max_length=300)
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    letter_id: int | None = Field(default=None, foreign_key="letter.id", unique=True)
    made_by_id: int | None = Field(default=None, foreign_key="app_user.id")


class Recommendation(Record, table=True):
    """What an employer says of us, and that we may say it to others; without `by_name` nobody hears who it was."""

    company_id: int = Field(foreign_key="company.id", index=True)
    words: str = Field(max_length=400)
    said_by: str = Field(default="", max_length=120)
    by_name: bool = False
    agreed_on: date
    withdrawn_at: datetime | None = None
    made_by_id: int = Field(foreign_key="app_user.id")
