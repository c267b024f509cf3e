"""What the product tells people: in the app, and by e-mail through the outbox."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from crm.core.models import Record


class Notice(Record, table=True):
    """A message in the app. `once_key` makes sure the same thing is told once."""

    __table_args__ = (Index(None, "user_id", "read_at", "id"),)

    user_id: int = Field(foreign_key="app_user.id")
    once_key: str = Field(unique=True, max_length=120)
    title: str = Field(max_length=200)
    body: str = ""
    page: str = Field(default="", max_length=60)
    read_at: datetime | None = None


class OutboxMessage(Record, table=True):
    """An e-mail that must go out. It is a row before it is sent, so a crash cannot lose or invent it."""

    once_key: str = Field(unique=True, max_length=120)
    to_address: str = Field(max_length=200)
    subject: str = Field(max_length=200)
    body: str
    calendar: str | None = None
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, index=True)
    sent_at: datetime | None = None
    last_error: str = ""
