"""Column types and enums that every feature shares."""

from enum import StrEnum
from typing import Self

from sqlalchemy import Enum as SqlEnum

from crm.core.i18n import _


class LabelledEnum(StrEnum):
    """An enum stored as its value, with a label for people: `SIGNAL = "signal", N_("Signal")`."""

    text: str

    def __new__(cls, value: str, text: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.text = text
        return member

    @property
    def label(self) -> str:
        return _(self.text)


def text_enum(enum: type[StrEnum], *, name: str = "") -> SqlEnum:
    """A text column with a check: readable in both databases, without a native PostgreSQL type.

    `name` is for a table with two columns of the same enum.
    """
    return SqlEnum(
        enum,
        name=name or enum.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
