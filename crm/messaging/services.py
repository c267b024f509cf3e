"""Telling people something, once: a notice in the app, and an e-mail in the outbox."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.core.clock import now
from crm.core.models import Record
from crm.core.settings import settings
from crm.core.text import squeeze
from crm.messaging.models import Notice, OutboxMessage


def notify(session: Session, user_id: int, *, once_key: str, title: str, body: str = "", page: str = "") -> bool:
    """Leave a notice, unless one with this key was left before. `page` is where it leads: `companies?company=5`."""
    return _insert_once(
        session, Notice, once_key=once_key, user_id=user_id, title=squeeze(title)[:200], body=body, page=page
    )


def mark_read(session: Session, actor: Actor, notice_id: int | None = None) -> None:
    """One notice, or all, of the reader. Reading is no news to others, so the audit log leaves it out."""
    statement = update(Notice).where(col(Notice.user_id) == actor.user_id, col(Notice.read_at).is_(None))
    if notice_id is not None:
        statement = statement.where(col(Notice.id) == notice_id)
    session.execute(statement.values(read_at=now()))


def post_mail(
    session: Session, *, once_key: str, to: str, subject: str, body: str, calendar: str | bytes | None = None
) -> bool:
    """Put an e-mail in the outbox, unless it was there before, or nothing can be sent from here."""
    if not settings().smtp_host:
        return False
    return _insert_once(
        session,
        OutboxMessage,
        once_key=once_key,
        to_address=to,
        subject=squeeze(subject)[:200],
        body=body,
        calendar=calendar.decode() if isinstance(calendar, bytes) else calendar,
        next_attempt_at=now(),
    )


def _insert_once(session: Session, model: type[Record], **values: Any) -> bool:
    """Insert, or do nothing when `once_key` exists. Tells whether it is new."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(model).values(**values).on_conflict_do_nothing(index_elements=["once_key"])
    return session.execute(statement.returning(model.id)).first() is not None
