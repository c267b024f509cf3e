"""Whose line is which, what was dialled on it, and what rings on it."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from crm.core.models import Record, Versioned
from crm.core.types import text_enum
from crm.telephony.dialling.port import Cause, DialState, Problem

UNDER_WAY = "state IN ('asked', 'ringing', 'answered')"


BY_LINK = "-"  # no system can have this name


class PhoneLine(Versioned, table=True):
    """The own telephone of a user. `system` is a name of the settings, BY_LINK, or empty for their default."""

    __table_args__ = (
        Index(
            "uq_phone_line_system_line",
            "system",
            "line",
            unique=True,
            sqlite_where=text("line <> ''"),
            postgresql_where=text("line <> ''"),
        ),
    )

    user_id: int = Field(foreign_key="app_user.id", unique=True)
    system: str = Field(default="", max_length=30)
    line: str = Field(default="", max_length=40)


class DialledCall(Record, table=True):
    """A number that a telephone system was asked to dial. In one call only one at a time: pressing twice dials once."""

    __table_args__ = (
        Index(
            "uq_dialled_call_under_way",
            "call_id",
            unique=True,
            sqlite_where=text(UNDER_WAY),
            postgresql_where=text(UNDER_WAY),
        ),
        Index(None, "system", "reference"),
        Index(None, "call_id", "id"),
    )

    call_id: int = Field(foreign_key="call.id")
    system: str = Field(max_length=30)
    line: str = Field(max_length=40)
    e164: str = Field(max_length=16)
    mark: str = Field(unique=True, max_length=50)
    reference: str | None = Field(default=None, max_length=200)
    state: DialState = Field(default=DialState.ASKED, sa_type=text_enum(DialState))
    cause: Cause | None = Field(default=None, sa_type=text_enum(Cause))
    problem: Problem | None = Field(default=None, sa_type=text_enum(Problem))
    answered_at: datetime | None = None
    ended_at: datetime | None = None


class RingingCall(Record, table=True):
    """Somebody calls a line of ours. Goes a day after it ended: the number may be of anybody."""

    __table_args__ = (
        UniqueConstraint("system", "reference"),
        Index(None, "user_id", "ended_at"),
        Index(None, "created_at"),
    )

    user_id: int = Field(foreign_key="app_user.id")
    system: str = Field(max_length=30)
    reference: str = Field(max_length=200)
    e164: str = Field(default="", max_length=16)
    state: DialState = Field(default=DialState.RINGING, sa_type=text_enum(DialState, name="ringingstate"))
    ended_at: datetime | None = None


class PhoneEvent(Record, table=True):
    """An event that was taken in, so that the same one counts once. Kept for a day."""

    __table_args__ = (UniqueConstraint("system", "event_id"), Index(None, "created_at"))

    system: str = Field(max_length=30)
    event_id: str = Field(max_length=100)
