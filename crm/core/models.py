"""The base of every table."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import declared_attr, registry
from sqlmodel import Field, SQLModel

from crm.core.clock import now

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Record(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """A table with a number of its own and the moment it was made."""

    @declared_attr.directive
    @classmethod
    def __tablename__(cls) -> Any:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    id: int = Field(default=None, primary_key=True)
    created_at: datetime = Field(default_factory=now)


class Versioned(Record):
    """A record that people edit: `version` grows with every change, so nobody overwrites a colleague."""

    version: int = 1
