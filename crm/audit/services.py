"""Writing the audit log. Every service that writes calls `record`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, event, inspect
from sqlalchemy.orm import LoaderCallableStatus
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.audit.models import AuditEntry
from crm.core.models import Record

HIDDEN = frozenset({"password_hash", "token_hash", "code_hash", "seed"})
NOISE = frozenset({"id", "created_at", "version"})
LOG_IS_KEPT = timedelta(days=5 * 365)
BATCH = 1000

Changes = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """A detail with what it was before. Left out when that is the same."""

    before: object
    after: object


def record(session: Session, actor: Actor, action: str, subject: Record, **details: object) -> None:
    """Note that `actor` did `action`; the changed fields are read off `subject` since the last call.

    A detail is what is no field of `subject`: a value that came with the action, or a Change.
    """
    session.flush()
    changes = session.info.get("changes", {}).pop(inspect(subject), {})
    changes |= _told(details)
    session.add(
        AuditEntry(
            actor_id=actor.id,
            action=action,
            subject_type=subject.__tablename__,
            subject_id=subject.id,
            changes=changes,
        )
    )


def forget_old(session: Session, moment: datetime) -> int:
    """Some of the entries that are past their term, the oldest first. Tells how many."""
    oldest = select(AuditEntry.id, AuditEntry.created_at).order_by(col(AuditEntry.id)).limit(BATCH)
    old = [entry_id for entry_id, made in session.exec(oldest) if made < moment - LOG_IS_KEPT]
    session.execute(delete(AuditEntry).where(col(AuditEntry.id).in_(old)))
    return len(old)


def forget_details(session: Session, subject: type[Record], ids: Collection[int], names: Collection[str]) -> None:
    """Take these details out of all that the log says of these records: the words of people have a shorter term."""
    about = (AuditEntry.subject_type == subject.__tablename__, col(AuditEntry.subject_id).in_(ids))
    for entry in session.exec(select(AuditEntry).where(*about)):
        kept = {name: change for name, change in entry.changes.items() if name not in names}
        if kept != entry.changes:
            entry.changes = kept


def _told(details: dict[str, object]) -> Changes:
    told = {}
    for name, value in details.items():
        change = value if isinstance(value, Change) else Change(None, value)
        if change is not value or change.before != change.after:
            told[name] = [_plain(change.before), _plain(change.after)]
    return told


@event.listens_for(Session, "before_flush")
def _collect(session: Session, _context: object, _instances: object) -> None:
    # A flush forgets what a field was before, so it is noted here, whoever caused the flush.
    noted = session.info.setdefault("changes", {})
    for subject in (*session.new, *session.dirty):
        if isinstance(subject, Record) and not isinstance(subject, AuditEntry):
            known = noted.setdefault(inspect(subject), {})
            for name, (before, after) in _differences(subject).items():
                known[name] = [known[name][0] if name in known else before, after]


def _differences(subject: Record) -> Changes:
    found = {}
    for attribute in inspect(subject).attrs:
        history = attribute.history
        if attribute.key in NOISE or not history.has_changes():
            continue
        before = history.deleted[0] if history.deleted else None
        after = history.added[0] if history.added else None
        if before is None and after is None:
            continue
        hidden = attribute.key in HIDDEN
        found[attribute.key] = ["…", "…"] if hidden else [_plain(before), _plain(after)]
    return found


def _plain(value: object) -> object:
    if value is LoaderCallableStatus.NO_VALUE:
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str | int | float | bool | list | dict | None):
        return value
    return str(value)
