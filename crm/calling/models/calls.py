"""Who holds which company, the calls themselves, and what was said in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, Index, SmallInteger, UniqueConstraint, literal_column, text
from sqlmodel import Field, col

from crm.core.clock import now
from crm.core.i18n import N_
from crm.core.models import Record, Versioned
from crm.core.types import LabelledEnum, text_enum
from crm.reference.models import Disposition, Reached
from crm.reference.queries import result_of


class CallStatus(LabelledEnum):
    """A parked call waits, still its caller's own, until the call that came in between is done."""

    OPEN = "open", N_("Open")
    PARKED = "parked", N_("Parked")
    DONE = "done", N_("Done")


UNFINISHED = (CallStatus.OPEN, CallStatus.PARKED)


class ObjectionRight(LabelledEnum):
    OFFERED = "offered", N_("Yes, mentioned")
    NOT_OFFERED = "not_offered", N_("No, not mentioned")
    NO_CONTACT = "no_contact", N_("Nobody spoken")


class CallWay(LabelledEnum):
    """How the two came to speak. At the desk we call; the others are written down afterwards or rang themselves."""

    DESK = "desk", N_("From the desk")
    INCOMING = "incoming", N_("They called us")
    OWN_PHONE = "own_phone", N_("With another phone")
    VISIT = "visit", N_("Visit")

    @property
    def is_ours(self) -> bool:
        """We called them: the right to object has to be mentioned, and the rules of calling hold."""
        return self in {CallWay.DESK, CallWay.OWN_PHONE}


class Claim(Record, table=True):
    """Who holds a company, with all its numbers, until when. One company, one caller.

    A caller holds one company to call, and at most one more: that of the call that is parked.
    """

    __table_args__ = (UniqueConstraint("user_id", "parked"),)

    company_id: int = Field(foreign_key="company.id", unique=True)
    user_id: int = Field(foreign_key="app_user.id")
    parked: bool = False
    entry_id: int | None = Field(default=None, foreign_key="call_list_entry.id")
    follow_up_id: int | None = Field(default=None, foreign_key="follow_up.id")
    expires_at: datetime = Field(index=True)


class Call(Versioned, table=True):
    """One conversation, or an attempt at it. Open until its wrap-up; a caller has at most one open and one parked.

    `reached` says what the line gave, `disposition` what was said, if it was answered. Put back, it has neither.
    """

    __table_args__ = (
        Index(
            "uq_call_open_per_caller",
            "caller_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "uq_call_parked_per_caller",
            "caller_id",
            unique=True,
            sqlite_where=text("status = 'parked'"),
            postgresql_where=text("status = 'parked'"),
        ),
        Index(None, "company_id", "id"),
        Index(None, "entry_id"),
        Index(None, "caller_id", "ended_at"),
        Index(None, "list_id", "ended_at"),
        Index(None, "list_id", "reached", "disposition"),
        CheckConstraint("(disposition IS NOT NULL) = (coalesce(reached, '') = 'answered')", name="one_result"),
        CheckConstraint("(parked_at IS NOT NULL) = (status = 'parked')", name="parked_since"),
    )

    company_id: int = Field(foreign_key="company.id")
    caller_id: int = Field(foreign_key="app_user.id")
    list_id: int | None = Field(default=None, foreign_key="call_list.id")
    entry_id: int | None = Field(default=None, foreign_key="call_list_entry.id")
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    e164: str = Field(default="", max_length=16)
    script_version_id: int = Field(foreign_key="script_version.id")
    way: CallWay = Field(
        default=CallWay.DESK, sa_type=text_enum(CallWay), sa_column_kwargs={"server_default": CallWay.DESK.value}
    )
    status: CallStatus = Field(default=CallStatus.OPEN, sa_type=text_enum(CallStatus))
    dialled_at: datetime | None = None
    parked_at: datetime | None = None
    ended_at: datetime | None = Field(default=None, index=True)
    reached: Reached | None = Field(default=None, sa_type=text_enum(Reached))
    disposition: str | None = Field(default=None, max_length=32, index=True)
    objection_right: ObjectionRight | None = Field(default=None, sa_type=text_enum(ObjectionRight))
    notes: str = ""
    notes_saved_at: datetime | None = None

    @property
    def is_incoming(self) -> bool:
        return self.way is CallWay.INCOMING

    @property
    def result(self) -> Disposition | None:
        """What the caller chose, in one."""
        return result_of(self.reached, self.disposition)

    @result.setter
    def result(self, chosen: Disposition) -> None:
        self.reached = chosen.reached
        self.disposition = chosen.code if chosen.reached is Reached.ANSWERED else None


def is_in(status: CallStatus, call: type[Call] = Call) -> ColumnElement[bool]:
    """Says in a statement about calls where they are.

    Written into the text of it: given as a value, SQLite plans the statement anew each time, to see whether one of the
    indexes on calls of one status serves.
    """
    return col(call.status) == literal_column(f"'{status.value}'")


class WrapUp(Record, table=True):
    """What the result of a call changed, kept for the day on which it can be put right.

    `changes` has the rows as crm.core.tracing notes them; `follow_up_id` is the planned call that it was.
    """

    created_at: datetime = Field(default_factory=now, index=True)
    call_id: int = Field(foreign_key="call.id", unique=True)
    follow_up_id: int | None = Field(default=None, foreign_key="follow_up.id")
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)


class CallAnswer(Record, table=True):
    """An answer given at a node of the script. Going back marks it undone, never removes it."""

    __table_args__ = (Index(None, "call_id", "id"),)

    call_id: int = Field(foreign_key="call.id")
    node: str = Field(max_length=32)
    answer: str = Field(max_length=60)
    objection: str | None = Field(default=None, max_length=32)
    undone_at: datetime | None = None


class CallField(Record, table=True):
    """Something written down during a call, saved as it is given."""

    __table_args__ = (UniqueConstraint("call_id", "name"),)

    call_id: int = Field(foreign_key="call.id")
    name: str = Field(max_length=60)
    value: Any = Field(default=None, sa_type=JSON)
    saved_at: datetime = Field(default_factory=now)


class HourFigures(Record, table=True):
    """How often somebody was spoken on calls to a trade group in an hour of the week, kept as calls end."""

    __table_args__ = (UniqueConstraint("weekday", "hour", "trade_group"),)

    weekday: int = Field(sa_type=SmallInteger)
    hour: int = Field(sa_type=SmallInteger)
    trade_group: str = Field(max_length=16)
    calls: int = 0
    spoken: int = 0
