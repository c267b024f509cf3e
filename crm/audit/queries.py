"""Reading the audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.models import AuditEntry
from crm.core.models import Record


@dataclass(frozen=True, slots=True)
class AuditFilters:
    subject_type: str | None = None
    subject_id: int | None = None
    actor_id: int | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    id: int
    moment: datetime
    person: str | None
    action: str
    subject_type: str
    subject_id: int
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """`older` is where the next page starts; None on the last one."""

    rows: list[AuditRow]
    older: int | None


def entries(
    session: Session, actor: Actor, filters: AuditFilters, *, before: int | None = None, size: int = 50
) -> AuditPage:
    """The newest first, from just before entry `before`: as quick on the last page as on the first."""
    actor.require(Permission.AUDIT_VIEW)
    statement = select(AuditEntry, User.name).outerjoin(User, col(AuditEntry.actor_id) == User.id)
    for name in ("subject_type", "subject_id", "actor_id"):
        if (wanted := getattr(filters, name)) is not None:
            statement = statement.where(col(getattr(AuditEntry, name)) == wanted)
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    found = session.exec(statement.order_by(col(AuditEntry.id).desc()).limit(size + 1)).all()
    rows = [_row(entry, person) for entry, person in found[:size]]
    return AuditPage(rows, rows[-1].id if len(found) > size else None)


def people(session: Session, actor: Actor) -> dict[int, str]:
    """Everybody who can be in the log, by name; accounts are never deleted."""
    actor.require(Permission.AUDIT_VIEW)
    return dict(session.exec(select(User.id, User.name).order_by(User.name).limit(1000)).all())


def _row(entry: AuditEntry, person: str | None) -> AuditRow:
    return AuditRow(
        entry.id, entry.created_at, person, entry.action, entry.subject_type, entry.subject_id, entry.changes
    )


@dataclass(frozen=True, slots=True)
class LastChange:
    person: str
    at: datetime


def last_change(session: Session, record: Record) -> LastChange | None:
    """Who changed a record last, and when: for screens that may already show it. None when nobody is named."""
    statement = (
        select(User.name, AuditEntry.created_at)
        .join(AuditEntry, col(AuditEntry.actor_id) == User.id)
        .where(AuditEntry.subject_type == record.__tablename__, AuditEntry.subject_id == record.id)
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    )
    row = session.exec(statement).first()
    return LastChange(*row) if row else None
