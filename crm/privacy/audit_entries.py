"""What the audit log says of somebody who is erased: who did what and when stays, what it was does not.

This is the one thing that ever changes the log.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, select, update
from sqlmodel import Session, col

from crm.audit.models import AuditEntry
from crm.companies.models import Suppression, TakenBackBlock


def forget_blocks(session: Session, kind: type[Suppression | TakenBackBlock], which: ColumnElement[bool]) -> None:
    """What the log says of these blocks; also of those that were taken back, under the number they had."""
    forget_entries(session, kind, select(col(kind.id)).where(which))
    if kind is TakenBackBlock:
        forget_entries(session, Suppression, select(col(TakenBackBlock.block_id)).where(which))


def forget_entries(session: Session, model: Any, ids: Select[Any]) -> None:
    about = (col(AuditEntry.subject_type) == model.__tablename__, col(AuditEntry.subject_id).in_(ids))
    session.execute(update(AuditEntry).where(*about).values(changes={}))
