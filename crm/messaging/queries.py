"""What somebody has not read yet."""

from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from crm.access.actor import Actor
from crm.messaging.models import Notice


def unread(session: Session, actor: Actor, *, limit: int = 10) -> Sequence[Notice]:
    """The newest first."""
    statement = select(Notice).where(Notice.user_id == actor.user_id, col(Notice.read_at).is_(None))
    return session.exec(statement.order_by(col(Notice.id).desc()).limit(limit)).all()


def unread_count(session: Session, actor: Actor) -> int:
    statement = select(func.count()).where(col(Notice.user_id) == actor.user_id, col(Notice.read_at).is_(None))
    return session.exec(statement).one()
