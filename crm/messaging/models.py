"""What the product tells people: in the app, and by e-mail through the outbox."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from crm.core.i18n import N_
from crm.core.models import Record
from crm.core.types import LabelledEnum, text_enum

DIGEST_AT = "08:00"  # for who has not chosen


class NoticeKind(LabelledEnum):
    """What a notice is about. Who gets to hear of it, and how, is in KINDS of the rules."""

    PROMISE_DUE = "promise_due", N_("A follow-up of mine is due")
    LATE = "late", N_("A callback of mine is late")
    HANDED_OVER = "handed_over", N_("Work is handed over to me")
    TAKEN_OVER = "taken_over", N_("A colleague takes over my company or makes my call")
    CORRECTED = "corrected", N_("A colleague corrects the result of my call")
    ANSWERED = "answered", N_("A company answers a letter")
    SELF_ASSESSED = "self_assessed", N_("A job seeker fills in the self-assessment")
    UNASSIGNED = "unassigned", N_("Work is due that nobody has")
    ESCALATED = "escalated", N_("A callback of the team is late")
    LIST_ASKED = "list_asked", N_("A coach asks for a call list")
    LIST_MADE = "list_made", N_("A call list I asked for is made")
    AGAINST_RULES = "against_rules", N_("A call against the rules is written down")
    PROBLEM = "problem", N_("Something in the system does not work")


class Channel(LabelledEnum):
    """How somebody hears of it."""

    APP = "app", N_("In the app")
    MAIL = "mail", N_("E-mail at once")
    DIGEST = "digest", N_("Morning overview")


class Notice(Record, table=True):
    """A message for one person. `once_key` makes sure the same thing is told once.

    Without `in_app` it waits for the morning overview alone.
    """

    __table_args__ = (Index(None, "user_id", "in_app", "read_at", "id"), Index(None, "created_at"))

    user_id: int = Field(foreign_key="app_user.id")
    kind: NoticeKind = Field(sa_type=text_enum(NoticeKind))
    once_key: str = Field(unique=True, max_length=120)
    title: str = Field(max_length=200)
    body: str = ""
    page: str = Field(default="", max_length=60)
    in_app: bool = True
    read_at: datetime | None = None


class NoticeChoice(Record, table=True):
    """How somebody wants to hear of one kind of thing; without a row it is as the rules say."""

    __table_args__ = (UniqueConstraint("user_id", "kind"),)

    user_id: int = Field(foreign_key="app_user.id")
    kind: NoticeKind = Field(sa_type=text_enum(NoticeKind))
    app: bool = False
    mail: bool = False
    digest: bool = False

    @property
    def channels(self) -> frozenset[Channel]:
        return frozenset(channel for channel in Channel if getattr(self, channel.value))


class DigestChoice(Record, table=True):
    """Whether somebody wants an overview in the morning, and at what time on the Dutch clock: `08:00`."""

    user_id: int = Field(foreign_key="app_user.id", unique=True)
    wanted: bool = True
    at: str = Field(default=DIGEST_AT, max_length=5)


class Digest(Record, table=True):
    """The overview of one day was made for somebody, also when there was nothing to say."""

    __table_args__ = (UniqueConstraint("user_id", "day"),)

    user_id: int = Field(foreign_key="app_user.id")
    day: date = Field(index=True)


class OutboxMessage(Record, table=True):
    """An e-mail that must go out. It is a row before it is sent, so a crash cannot lose or invent it.

    It waits for `next_attempt_at` until it was sent or given up. What it said is emptied when it was sent.
    """

    __table_args__ = (Index(None, "sent_at", "id"), Index(None, "given_up_at", "id"))

    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    kind: NoticeKind | None = Field(default=None, sa_type=text_enum(NoticeKind))
    once_key: str = Field(unique=True, max_length=120)
    to_address: str = Field(max_length=200)
    subject: str = Field(max_length=200)
    body: str
    html: str = ""
    calendar: str | None = None
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, index=True)
    sent_at: datetime | None = None
    given_up_at: datetime | None = None
    last_error: str = ""
