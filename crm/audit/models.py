"""The audit log: who did what to which record, and what changed."""

from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from crm.core.models import Record


class AuditEntry(Record, table=True):
    """Written once, never changed. `changes` maps a field to its value before and after."""

    __table_args__ = (Index(None, "subject_type", "subject_id", "id"),)

    actor_id: int | None = Field(default=None, foreign_key="app_user.id", index=True)
    action: str = Field(max_length=60)
    subject_type: str = Field(max_length=40)
    subject_id: int
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
