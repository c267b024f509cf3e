"""Noting what a piece of work did to rows, so that it can be put back as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import event, inspect
from sqlmodel import Session

from crm.core.db import locked
from crm.core.models import Record

NEVER_NOTED = frozenset({"id", "created_at", "version"})

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowChange:
    """Values as JSON has them, of the columns that changed; `before` is None for a row that was made."""

    table: str
    id: int
    before: Values | None
    after: Values


class _Notes:
    def __init__(self, models: tuple[type[Record], ...]) -> None:
        self.models = models
        self.before: dict[Any, tuple[Record, Values | None]] = {}  # by their state, as rows cannot be hashed

    def collect(self, session: Session, _context: object, _instances: object) -> None:
        for row in session.new:
            if isinstance(row, self.models):
                self.before.setdefault(inspect(row), (row, None))
        for row in session.dirty:
            if isinstance(row, self.models):
                self._note(row)

    def _note(self, row: Record) -> None:
        _row, known = self.before.setdefault(inspect(row), (row, {}))
        if known is None:  # made in this same piece of work
            return
        for attribute in inspect(row).attrs:
            history = attribute.history
            if attribute.key not in NEVER_NOTED and history.has_changes() and history.deleted:
                known.setdefault(attribute.key, history.deleted[0])

    def changes(self) -> list[RowChange]:
        return [_change(row, before) for row, before in self.before.values() if before is None or before]


@contextmanager
def noting(session: Session, *models: type[Record]) -> Iterator[list[RowChange]]:
    """What happens to rows of these models; the list is filled when the work is done."""
    session.flush()
    notes, found = _Notes(models), list[RowChange]()
    event.listen(session, "before_flush", notes.collect)
    try:
        yield found
        session.flush()
    finally:
        event.remove(session, "before_flush", notes.collect)
    found.extend(notes.changes())


def put_back(session: Session, model: type[Record], change: RowChange) -> Record | None:
    """The row as it was before, locked; None when it was changed since, and then it stays as it is."""
    row = locked(session, model, change.id)
    if _values(row, change.after) != change.after:
        return None
    for name, value in (change.before or {}).items():
        setattr(row, name, _adapter(model, name).validate_python(value))
    return row


def _change(row: Record, before: Values | None) -> RowChange:
    names = before if before is not None else _columns(row)
    told = None if before is None else {name: _dump(row, name, value) for name, value in before.items()}
    return RowChange(str(row.__tablename__), row.id, told, _values(row, names))


def _columns(row: Record) -> list[str]:
    return [name for name in type(row).model_fields if name not in NEVER_NOTED]


def _values(row: Record, names: Any) -> Values:
    return {name: _dump(row, name, getattr(row, name)) for name in names}


def _dump(row: Record, name: str, value: Any) -> Any:
    same_clock = value.astimezone(UTC) if isinstance(value, datetime) else value  # as a database gives it back
    return _adapter(type(row), name).dump_python(same_clock, mode="json")


@cache
def _adapter(model: type[Record], name: str) -> TypeAdapter[Any]:
    kind: Any = model.model_fields[name].annotation
    return TypeAdapter(kind)
