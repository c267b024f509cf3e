"""What somebody was told, what waits to be read, and how they want to hear of things."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from crm.access.actor import Actor
from crm.access.models import SignInSession
from crm.access.queries import token_hash
from crm.core.clock import now
from crm.messaging.models import Channel, DigestChoice, Notice, NoticeChoice, NoticeKind
from crm.messaging.rules import KINDS, PAGE_SIZE, kinds_for, pages

MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class NoticePage:
    rows: Sequence[Notice]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return pages(self.total)


def unread(session: Session, actor: Actor, *, limit: int = 10) -> Sequence[Notice]:
    """The newest first."""
    return session.exec(select(Notice).where(*_unread(actor)).order_by(col(Notice.id).desc()).limit(limit)).all()


def unread_count(session: Session, actor: Actor) -> int:
    """At most MOST_COUNTED, so that a full box costs no more than a few notices."""
    some = select(Notice.id).where(*_unread(actor)).limit(MOST_COUNTED)
    return session.exec(select(func.count()).select_from(some.subquery())).one()


def unread_for(session: Session, token: str) -> int:
    """What `unread_count` gives, for whoever is signed in with this cookie: the one thing a look at the bell costs."""
    return session.exec(_counted(), params={"token": token_hash(token), "moment": now()}).one()


@cache
def _counted() -> SelectOfScalar[int]:
    # Every open screen asks for this all day, and building a statement costs more than running it.
    reader = (
        select(SignInSession.user_id)
        .where(SignInSession.token_hash == bindparam("token"), SignInSession.expires_at > bindparam("moment"))
        .scalar_subquery()
    )
    waiting = (col(Notice.user_id) == reader, col(Notice.in_app).is_(True), col(Notice.read_at).is_(None))
    some = select(Notice.id).where(*waiting).limit(MOST_COUNTED)
    return select(func.count()).select_from(some.subquery())


def notices(session: Session, actor: Actor, *, only_unread: bool = False, page: int = 1) -> NoticePage:
    """What was told in the app, the newest first. The last page when there are no so many any more."""
    chosen = _unread(actor) if only_unread else _mine(actor)
    total = session.exec(select(func.count()).select_from(Notice).where(*chosen)).one()
    number = min(page, pages(total))
    newest = select(Notice).where(*chosen).order_by(col(Notice.id).desc())
    rows = session.exec(newest.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return NoticePage(rows, total, number)


def channels_of(session: Session, user_id: int, kind: NoticeKind) -> frozenset[Channel]:
    """How this person hears of this. What was meant for an overview that is turned off comes in the app."""
    chosen = select(NoticeChoice).where(NoticeChoice.user_id == user_id, NoticeChoice.kind == kind)
    choice = session.exec(chosen).one_or_none()
    channels = choice.channels if choice else KINDS[kind].channels
    if Channel.DIGEST in channels and not _digest_of(session, user_id).wanted:
        return channels - {Channel.DIGEST} | {Channel.APP}
    return channels


def choices(session: Session, actor: Actor) -> dict[NoticeKind, frozenset[Channel]]:
    """How one hears of each kind of thing that one can hear of."""
    chosen = session.exec(select(NoticeChoice).where(NoticeChoice.user_id == actor.user_id))
    own = {choice.kind: choice.channels for choice in chosen}
    return {kind: own.get(kind, KINDS[kind].channels) for kind in kinds_for(actor)}


def digest_choice(session: Session, actor: Actor) -> DigestChoice:
    """One's own choice, or the default as a row that is not kept."""
    return _digest_of(session, actor.user_id)


def _digest_of(session: Session, user_id: int) -> DigestChoice:
    chosen = session.exec(select(DigestChoice).where(DigestChoice.user_id == user_id)).one_or_none()
    return chosen or DigestChoice(user_id=user_id)


def news_for(session: Session, actor: Actor, since: datetime, *, limit: int) -> Sequence[Notice]:
    """What somebody was told since then and has not read, of the kinds they want in the overview of the morning."""
    wanted = [kind for kind, channels in choices(session, actor).items() if Channel.DIGEST in channels]
    statement = (
        select(Notice)
        .where(Notice.user_id == actor.user_id, col(Notice.kind).in_(wanted))
        .where(col(Notice.created_at) > since, col(Notice.read_at).is_(None))
    )
    return session.exec(statement.order_by(col(Notice.id).desc()).limit(limit)).all()


def _mine(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (col(Notice.user_id) == actor.user_id, col(Notice.in_app).is_(True))


def _unread(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (*_mine(actor), col(Notice.read_at).is_(None))
