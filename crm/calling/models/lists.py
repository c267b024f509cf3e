"""Call lists, what is on them, and who calls them."""

from datetime import date, datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlmodel import Field

from crm.core.clock import now
from crm.core.i18n import N_, _
from crm.core.models import Record, Versioned
from crm.core.types import LabelledEnum, text_enum
from crm.reference.models import Retry
from crm.reference.trades import OTHER


class ListStatus(LabelledEnum):
    OPEN = "open", N_("Open")
    PAUSED = "paused", N_("Paused")
    CLOSED = "closed", N_("Closed")


class Priority(IntEnum):
    """Which list goes first; kept as a number so that the database can put lists in this order."""

    HIGH = 1
    NORMAL = 2
    LOW = 3

    @property
    def label(self) -> str:
        return _(_PRIORITIES[self])


_PRIORITIES = {Priority.HIGH: N_("High"), Priority.NORMAL: N_("Normal"), Priority.LOW: N_("Low")}


class EntryState(LabelledEnum):
    WAITING = "waiting", N_("Waiting")
    CLAIMED = "claimed", N_("Being called")
    DONE = "done", N_("Done")
    BLOCKED = "blocked", N_("May not be called")


class SkipReason(LabelledEnum):
    """Why a caller does not call this company now. Who knows the people there leaves it to colleagues for good."""

    CLOSED = "closed", N_("They are closed now")
    MOMENT = "moment", N_("This is a bad moment for them")
    KNOWN = "known", N_("I know these people")
    OTHER = "other", N_("Something else")


class CallList(Versioned, table=True):
    """A set of companies to call with one script. `filters` keeps how it was chosen; it is empty for chosen names.

    A live list was brought up to date at `updated_at`, with all there was up to and with `newest_import`.
    `daily_capacity` is how many attempts a day it may have at most; while it has one, `attempts_that_day` counts them.
    """

    __table_args__ = (
        CheckConstraint("priority BETWEEN 1 AND 3", "priority"),
        CheckConstraint("daily_capacity > 0", "daily_capacity"),
    )

    name: str = Field(max_length=120)
    script_version_id: int = Field(foreign_key="script_version.id")
    filters: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    status: ListStatus = Field(default=ListStatus.OPEN, sa_type=text_enum(ListStatus))
    is_live: bool = False
    updated_at: datetime | None = None
    newest_import: int = 0
    priority: int = Field(default=Priority.NORMAL.value, sa_type=SmallInteger)
    daily_capacity: int | None = None
    attempts_on: date | None = None
    attempts_that_day: int = 0
    made_by_id: int = Field(foreign_key="app_user.id")


class NamesDraft(Record, table=True):
    """Names that a coordinator pasted for a list that is still to be made.

    `chosen` says by line which company is meant, 0 for none of them.
    """

    user_id: int = Field(foreign_key="app_user.id", unique=True)
    changed_at: datetime = Field(default_factory=now)
    text: str = ""
    chosen: dict[str, int] = Field(default_factory=dict, sa_type=JSON)


class CallListMember(Record, table=True):
    """A caller who works on a list."""

    __table_args__ = (UniqueConstraint("user_id", "list_id"),)

    list_id: int = Field(foreign_key="call_list.id", index=True)
    user_id: int = Field(foreign_key="app_user.id")


class RetryRule(Versioned, table=True):
    """When a list tries again after a result, where that is not as in the reference data."""

    __table_args__ = (
        UniqueConstraint("list_id", "disposition"),
        CheckConstraint("(hours IS NULL) <> (working_days IS NULL)", name="one_wait"),
    )

    list_id: int = Field(foreign_key="call_list.id")
    disposition: str = Field(max_length=32)
    hours: int | None = None
    working_days: int | None = None
    most_attempts: int
    message_once_in: int | None = None

    @property
    def retry(self) -> Retry:
        return Retry(self.hours, self.working_days, self.most_attempts, self.message_once_in)


RETRY = "retry"


class CallListEntry(Record, table=True):
    """One company on one list. The index makes the next one cost the same in a list of any length.

    `lane` is what it queues in: the group of its trade until it was called, then RETRY.
    """

    __table_args__ = (
        UniqueConstraint("list_id", "company_id"),
        Index(None, "list_id", "state", "lane", "due_at", "id"),
    )

    list_id: int = Field(foreign_key="call_list.id")
    company_id: int = Field(foreign_key="company.id", index=True)
    state: EntryState = Field(default=EntryState.WAITING, sa_type=text_enum(EntryState))
    due_at: datetime = Field(default_factory=now)
    attempts: int = 0
    lane: str = Field(default=OTHER, max_length=16)
    blocked_because: str = Field(default="", max_length=300)


class SkippedCompany(Record, table=True):
    """A company that a caller did not call, why, and from when it is on its list again."""

    __table_args__ = (Index(None, "list_id", "id"), Index(None, "user_id", "reason"), Index(None, "company_id", "id"))

    company_id: int = Field(foreign_key="company.id")
    list_id: int | None = Field(default=None, foreign_key="call_list.id")
    user_id: int = Field(foreign_key="app_user.id")
    reason: SkipReason = Field(sa_type=text_enum(SkipReason))
    note: str = Field(default="", max_length=200)
    until: datetime
