"""Users, by what they come in, and failed attempts."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from crm.access.permissions import Role
from crm.core.models import Record, Versioned
from crm.core.types import text_enum


class User(Versioned, table=True):
    """Somebody who signs in. Never deleted: work refers to its maker; `active` ends all access."""

    __tablename__ = "app_user"  # "user" is a reserved word in PostgreSQL

    email: str = Field(unique=True, max_length=200)
    name: str = Field(max_length=120)
    role: Role = Field(sa_type=text_enum(Role))
    password_hash: str
    language: str = Field(default="nl", max_length=2)
    active: bool = True

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


class SignInSession(Record, table=True):
    """One browser that is signed in. Only a hash of the cookie is kept."""

    token_hash: str = Field(unique=True, max_length=64)
    user_id: int = Field(foreign_key="app_user.id", index=True)
    expires_at: datetime = Field(index=True)


class CalendarFeed(Record, table=True):
    """The address at which somebody's own calendar reads their agenda: one for each person.

    Only a hash of the secret in it is kept; another address ends the old one.
    """

    user_id: int = Field(foreign_key="app_user.id", unique=True)
    token_hash: str = Field(unique=True, max_length=64)
    read_at: datetime | None = None


class SignInFailure(Record, table=True):
    """Failed attempts for one account or one address (a keyed hash of it), to slow guessing down."""

    subject: str = Field(unique=True, max_length=64)
    failures: int = 0
    last_failure_at: datetime


class Absence(Record, table=True):
    """Days on which somebody is not here, the first and the last included. Why is not kept: it may be illness."""

    __table_args__ = (Index(None, "user_id", "last_day"), Index(None, "last_day"))

    user_id: int = Field(foreign_key="app_user.id")
    first_day: date
    last_day: date
