"""Opening and closing the address of one's own agenda."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.models import CalendarFeed
from crm.access.permissions import Permission
from crm.access.queries import token_hash
from crm.agenda.queries import feed_of
from crm.audit.services import record
from crm.core.clock import now

NOTED_EVERY = timedelta(hours=1)


def open_feed(session: Session, actor: Actor) -> str:
    """The secret of a new address, which is shown once; an earlier one ends."""
    actor.require(Permission.FOLLOWUP_OWN)
    close_feed(session, actor)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(user_id=actor.user_id, token_hash=token_hash(token))
    session.add(feed)
    record(session, actor, "calendar_feed.made", feed)
    return token


def close_feed(session: Session, actor: Actor) -> None:
    """Whoever has the address reads nothing any more."""
    if feed := feed_of(session, actor):
        record(session, actor, "calendar_feed.ended", feed)
        session.execute(delete(CalendarFeed).where(col(CalendarFeed.id) == feed.id))


def note_reading(session: Session, feed: CalendarFeed) -> None:
    """That a calendar still reads it: so people see whether their address is in use."""
    session.execute(update(CalendarFeed).where(col(CalendarFeed.id) == feed.id).values(read_at=now()))


def is_noted(feed: CalendarFeed) -> bool:
    """Whether that was lately enough; calendars ask every few minutes."""
    return feed.read_at is not None and feed.read_at > now() - NOTED_EVERY
