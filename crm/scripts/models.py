"""Call scripts as they were at a moment: a version never changes."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.core.models import Record


class ScriptVersion(Record, table=True):
    """One version of a script. `source` is the YAML it was loaded from, `checksum` its SHA-256."""

    __table_args__ = (UniqueConstraint("key", "number"),)

    key: str = Field(max_length=60)
    number: int
    title: str = Field(max_length=120)
    language: str = Field(default="nl", max_length=2)
    source: str
    checksum: str = Field(max_length=64, unique=True)
