"""The address at which somebody's own calendar reads their agenda."""

from datetime import datetime

from sqlmodel import Field

from crm.core.models import Record


class CalendarFeed(Record, table=True):
    """One for each person. Only a hash of the secret in its address is kept; another address ends the old one."""

    user_id: int = Field(foreign_key="app_user.id", unique=True)
    token_hash: str = Field(unique=True, max_length=64)
    read_at: datetime | None = None
