"""Companies, their numbers and contacts, and what stands between us and calling them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, String, UniqueConstraint
from sqlmodel import Field

from crm.core.clock import now
from crm.core.i18n import N_
from crm.core.models import Record, Versioned
from crm.core.types import LabelledEnum, text_enum


def ordered_text(length: int) -> String:
    """Text compared byte by byte in both databases, so that an index finds what starts with something."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class SuppressionReason(LabelledEnum):
    OBJECTION = "objection", N_("Does not want to be called")
    WRONG_NUMBER = "wrong_number", N_("Wrong number")
    COMPLAINT = "complaint", N_("Complaint")
    OTHER = "other", N_("Other reason")
    ERASED = "erased", N_("Asked to be erased")


class ConsentChannel(LabelledEnum):
    """How somebody said yes, or took it back."""

    TELEPHONE = "telephone", N_("by telephone")
    EMAIL = "email", N_("by e-mail")
    LETTER = "letter", N_("with the code in our letter")
    PAPER = "paper", N_("on paper, signed")
    CONVERSATION = "conversation", N_("in person")
    OTHER = "other", N_("in another way")


class Company(Versioned, table=True):
    """A branch of a business. KVK and branch numbers may start with a zero, so they are text.

    `legal_form_checked` repeats a doubtful legal form once somebody found out that it may be called.
    """

    __table_args__ = (
        Index(None, "name_key", "postcode"),
        Index(None, "sbi_code", "postcode"),
    )

    name: str = Field(max_length=200)
    name_key: str = Field(sa_type=ordered_text(200))
    legal_form: str = Field(default="ONB", max_length=8, index=True)
    legal_form_checked: str | None = Field(default=None, max_length=8)
    kvk_number: str | None = Field(default=None, max_length=8, index=True)
    branch_number: str | None = Field(default=None, max_length=12, unique=True)
    sbi_code: str | None = Field(default=None, sa_type=ordered_text(6))
    sbi_version: str = Field(default="2025", max_length=4)
    activity: str = Field(default="", max_length=300)
    street: str = Field(default="", max_length=200)
    postcode: str | None = Field(default=None, sa_type=ordered_text(6), index=True)
    town: str = Field(default="", sa_type=ordered_text(80), index=True)
    latitude: float | None = None
    longitude: float | None = None
    staff_min: int | None = Field(default=None, index=True)
    staff_max: int | None = None
    email: str = Field(default="", max_length=200)
    website: str = Field(default="", max_length=200)
    non_mailing: bool = False
    source: str = Field(default="", max_length=120)
    import_id: int | None = Field(default=None, foreign_key="import_batch.id", index=True)
    last_called_at: datetime | None = Field(default=None, index=True)
    stopped_at: datetime | None = None
    erased_at: datetime | None = None


def _backwards(context: Any) -> str:
    return str(context.get_current_parameters()["e164"][::-1])


class CompanyNumber(Record, table=True):
    """A telephone number as `+31…`, with the text it came from and where it was found.

    `backwards` is the same number from its last digit to its first, so that an index finds it by its last digits.
    """

    __table_args__ = (UniqueConstraint("company_id", "e164"),)

    company_id: int = Field(foreign_key="company.id")
    e164: str = Field(max_length=16, index=True)
    backwards: str = Field(
        default=None, sa_column=Column(ordered_text(16), nullable=False, index=True, default=_backwards)
    )
    original: str = Field(default="", max_length=120)
    is_main: bool = False
    is_wrong: bool = False
    source: str = Field(default="", max_length=120)


class Contact(Versioned, table=True):
    """Somebody at the company. No private numbers, no age, no health."""

    company_id: int = Field(foreign_key="company.id", index=True)
    name: str = Field(max_length=120)
    function: str = Field(default="", max_length=120)
    best_time: str = Field(default="", max_length=120)


class Suppression(Record, table=True):
    """Do not call: a company, a person at it, or a number.

    What was erased leaves a `mark`: a keyed hash by which it is recognised when it comes back (see marks.py).
    """

    company_id: int | None = Field(default=None, foreign_key="company.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    e164: str | None = Field(default=None, max_length=16, index=True)
    mark: str | None = Field(default=None, max_length=64, unique=True)
    reason: SuppressionReason = Field(sa_type=text_enum(SuppressionReason))
    note: str = Field(default="", max_length=500)
    made_by_id: int | None = Field(default=None, foreign_key="app_user.id")


class TakenBackBlock(Record, table=True):
    """A block that turned out to be a mistake, kept as evidence: what it was, who took it back and why.

    `block_id` is the number it had, by which the audit log knows it; `created_at` is when it was taken back.
    """

    block_id: int
    company_id: int | None = Field(default=None, foreign_key="company.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    e164: str | None = Field(default=None, max_length=16, index=True)
    reason: SuppressionReason = Field(sa_type=text_enum(SuppressionReason))
    note: str = Field(default="", max_length=500)
    blocked_at: datetime
    made_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    why: str = Field(max_length=300)
    taken_back_by_id: int | None = Field(default=None, foreign_key="app_user.id")


class Consent(Versioned, table=True):
    """Evidence that a company without legal personality may be called.

    `recorded_by_id` is empty when the owner answered on a public page, `contact_id` when we do not know who it was.
    """

    company_id: int = Field(foreign_key="company.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    given_by: str = Field(max_length=120)
    channel: ConsentChannel = Field(sa_type=text_enum(ConsentChannel))
    text: str
    verified_how: str = Field(default="", max_length=300)
    given_at: datetime = Field(default_factory=now)
    expires_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_channel: ConsentChannel | None = Field(
        default=None, sa_type=text_enum(ConsentChannel, name="withdrawn_channel")
    )
    withdrawn_how: str = Field(default="", max_length=300)
    recorded_by_id: int | None = Field(default=None, foreign_key="app_user.id")

    def holds_at(self, moment: datetime) -> bool:
        return (
            self.given_at <= moment
            and (self.expires_at is None or moment < self.expires_at)
            and (self.withdrawn_at is None or moment < self.withdrawn_at)
        )


class Publication(Versioned, table=True):
    """Evidence that somebody published contact data to receive offers, which a number on a website alone is not."""

    company_id: int = Field(foreign_key="company.id", index=True)
    url: str = Field(max_length=300)
    text: str
    seen_at: datetime = Field(default_factory=now)
    ended_at: datetime | None = None
    recorded_by_id: int = Field(foreign_key="app_user.id")


class CustomerRelation(Versioned, table=True):
    """Evidence that a company was a customer of ours, of what, and how we know."""

    company_id: int = Field(foreign_key="company.id", index=True)
    what: str = Field(max_length=300)
    how_known: str = Field(max_length=300)
    since: date
    until: date | None = None
    recorded_by_id: int = Field(foreign_key="app_user.id")


class Referral(Record, table=True):
    """Somebody told us to call this company: another company, or a job seeker with a tip.

    Whom we spoke at that company is known by the call. `may_name` says that they agreed to be named in the call that
    follows; `thanked_on` when a job seeker heard what came of it.
    """

    __table_args__ = (
        UniqueConstraint("company_id", "introducer_company_id"),
        UniqueConstraint("company_id", "candidate_id"),
        CheckConstraint("company_id <> introducer_company_id", name="not_itself"),
    )

    company_id: int = Field(foreign_key="company.id")
    introducer_company_id: int | None = Field(default=None, foreign_key="company.id", index=True)
    candidate_id: int | None = Field(default=None, foreign_key="candidate.id", index=True)
    call_id: int | None = Field(default=None, foreign_key="call.id", index=True)
    may_name: bool = False
    thanked_on: date | None = None
    made_by_id: int = Field(foreign_key="app_user.id")


class ImportBatch(Record, table=True):
    """One import of a file: where companies came from."""

    file_name: str = Field(max_length=200)
    file_sha256: str = Field(max_length=64, index=True)
    source: str = Field(default="", max_length=120)
    made_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    rejected: int = 0
