"""The outbox as an administrator sees it: what waits, what went out, what was given up. Never what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.access.queries import people_who_may
from crm.audit.services import record
from crm.core.clock import now, today
from crm.core.db import locked
from crm.core.errors import ChangedMeanwhile, CrmError
from crm.core.i18n import N_, _, speaking
from crm.core.types import LabelledEnum
from crm.messaging.models import NoticeKind, OutboxMessage
from crm.messaging.rules import PAGE_SIZE, pages
from crm.messaging.services import notify

MOST_COUNTED = 1000
MOST_AT_ONCE = 500


class OutboxState(LabelledEnum):
    WAITING = "waiting", N_("Waiting")
    GIVEN_UP = "given_up", N_("Not delivered")
    SENT = "sent", N_("Sent")


# The moment that tells the state, with which each list is sorted too.
_MOMENT = {
    OutboxState.WAITING: col(OutboxMessage.next_attempt_at),
    OutboxState.GIVEN_UP: col(OutboxMessage.given_up_at),
    OutboxState.SENT: col(OutboxMessage.sent_at),
}


@dataclass(frozen=True, slots=True)
class OutboxFilters:
    """`text` is part of a name or an address."""

    state: OutboxState = OutboxState.WAITING
    kind: NoticeKind | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """`moment` is when it was sent or given up, or is tried again; `kind` is None for a morning overview."""

    id: int
    kind: NoticeKind | None
    name: str
    address: str
    made_at: datetime
    moment: datetime
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class OutboxPage:
    rows: Sequence[OutboxRow]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return pages(self.total)


class NobodyToSendTo(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This person no longer works here, so nothing is sent."))


def outbox(session: Session, actor: Actor, filters: OutboxFilters, page: int = 1) -> OutboxPage:
    """Of the newest MOST_COUNTED that fit; what waits is in the order in which it goes out.

    The last page when there are no so many any more.
    """
    actor.require(Permission.OUTBOX_MANAGE)
    total = _count(session, filters)
    number = min(page, pages(total))
    moment = _MOMENT[filters.state]
    in_order = moment.asc() if filters.state is OutboxState.WAITING else moment.desc()
    message = OutboxMessage
    statement = (
        select_columns(
            col(message.id),
            col(message.kind),
            func.coalesce(User.name, ""),
            col(message.to_address),
            col(message.created_at),
            moment,
            col(message.attempts),
            col(message.last_error),
        )
        .join(User, col(message.user_id) == User.id, isouter=True)
        .where(*_chosen(filters))
        .order_by(in_order, col(message.id))
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    rows = [OutboxRow(*row) for row in session.execute(statement)]
    return OutboxPage(rows, total, number)


def outbox_counts(session: Session, actor: Actor) -> dict[OutboxState, int]:
    """How many there are in each state, at most MOST_COUNTED."""
    actor.require(Permission.OUTBOX_MANAGE)
    return {state: _count(session, OutboxFilters(state)) for state in OutboxState}


def resend(session: Session, actor: Actor, message_id: int) -> OutboxMessage:
    """Try again what was given up, as if it were new, at the address the person has now.

    Raises ChangedMeanwhile when it is not given up any more, or NobodyToSendTo.
    """
    actor.require(Permission.OUTBOX_MANAGE)
    message = locked(session, OutboxMessage, message_id)
    if message.given_up_at is None:
        raise ChangedMeanwhile
    reader = session.get(User, message.user_id) if message.user_id else None
    if reader and not reader.active:
        raise NobodyToSendTo
    message.to_address = reader.email if reader else message.to_address
    message.attempts, message.given_up_at, message.next_attempt_at = 0, None, now()
    record(session, actor, "mail.resent", message)
    return message


def resend_all(session: Session, actor: Actor, filters: OutboxFilters) -> int:
    """All that was given up and fits, for who still works here; at most MOST_AT_ONCE. Tells how many."""
    actor.require(Permission.OUTBOX_MANAGE)
    statement = (
        select(OutboxMessage.id)
        .join(User, col(OutboxMessage.user_id) == User.id, isouter=True)
        .where(*_chosen(filters), col(OutboxMessage.given_up_at).is_not(None), col(User.active).is_not(False))
        .order_by(col(OutboxMessage.id))
        .limit(MOST_AT_ONCE)
    )
    return len([resend(session, actor, message_id) for message_id in session.exec(statement).all()])


def tell_administrators(session: Session) -> None:
    """That something could not be delivered: once a day, however much it is."""
    for reader in people_who_may(session, Permission.OUTBOX_MANAGE):
        with speaking(reader.language):
            notify(
                session,
                reader.id,
                kind=NoticeKind.PROBLEM,
                once_key=f"mail.given_up:{today().isoformat()}:{reader.id}",
                title=_("An e-mail could not be delivered"),
                body=_("Look why, and send it again when that is put right."),
                page="outbox",
            )


def _chosen(filters: OutboxFilters) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = [_MOMENT[filters.state].is_not(None)]
    if filters.kind:
        clauses.append(col(OutboxMessage.kind) == filters.kind)
    if text := filters.text.strip():
        fits = (col(name).icontains(text, autoescape=True) for name in (User.name, OutboxMessage.to_address))
        clauses.append(or_(*fits))
    return clauses


def _count(session: Session, filters: OutboxFilters) -> int:
    some = (
        select(OutboxMessage.id)
        .join(User, col(OutboxMessage.user_id) == User.id, isouter=True)
        .where(*_chosen(filters))
        .limit(MOST_COUNTED)
    )
    return session.exec(select(func.count()).select_from(some.subquery())).one()
