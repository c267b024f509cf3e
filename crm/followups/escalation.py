"""A promised call that is late goes to the team, and later to the coordinators: each once, many in one message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, literal, update
from sqlmodel import Session, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from crm.access.absences import days_away, is_away
from crm.access.models import User
from crm.access.permissions import Permission
from crm.access.queries import people_who_may
from crm.core.clock import local
from crm.core.db import changed
from crm.core.i18n import _, ngettext, show_moment, speaking
from crm.followups.models import PROMISED_KINDS, FollowUp, FollowUpStatus
from crm.followups.rules import for_coordinators_since, for_team_since
from crm.messaging.models import NoticeKind
from crm.messaging.services import notify

BATCH = 1000  # the rest is for the next run


@dataclass(frozen=True, slots=True)
class _Late:
    """What was claimed together, and when the first of it was agreed for."""

    count: int
    first: datetime


def late_owners(session: Session, moment: datetime) -> Sequence[int]:
    """Who promised calls that the team may make from now on, and was not told so yet."""
    statement = select(FollowUp.owner_id).where(*_for_team(moment)).distinct().order_by(col(FollowUp.owner_id))
    return [owner_id for owner_id in session.exec(statement) if owner_id is not None]


def give_to_team(session: Session, owner_id: int, moment: datetime) -> int:
    """Claim what this person is late with and tell them; while they are not here, tell who divides the work instead.

    The promise stays theirs: whoever makes the call settles it. Tells how many, all in the caller's transaction.
    """
    late = _claim(session, (*_for_team(moment), col(FollowUp.owner_id) == owner_id), "to_team_at", moment)
    if late:
        owner = session.get_one(User, owner_id)
        here = _is_here(session, owner, moment)
        for reader in [owner] if here else people_who_may(session, Permission.FOLLOWUP_TEAM):
            with speaking(reader.language):
                _tell_of_team(session, reader, owner, late, moment)
    return late.count if late else 0


def tell_coordinators(session: Session, moment: datetime) -> int:
    """Claim what nobody has made for so long that the coordinators have to know. Tells how many."""
    late = _claim(session, _for_coordinators(moment), "to_coordinator_at", moment)
    if late:
        for reader in people_who_may(session, Permission.FOLLOWUP_TEAM):
            with speaking(reader.language):
                _tell_of_all(session, reader, late, moment)
    return late.count if late else 0


def _claim(session: Session, which: Sequence[ColumnElement[bool]], stamp: str, moment: datetime) -> _Late | None:
    """Of two schedulers one finds it claimed. None when there is nothing."""
    first = session.exec(select(func.min(FollowUp.due_at)).where(*which)).one()
    some = select(FollowUp.id).where(*which).order_by(col(FollowUp.due_at)).limit(BATCH)
    claim = (
        update(FollowUp).where(col(FollowUp.id).in_(some), getattr(FollowUp, stamp).is_(None)).values({stamp: moment})
    )
    count = changed(session, claim)
    return _Late(count, first) if count and first else None


def _for_team(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    left = is_left(literal(for_team_since(moment), UTCDateTime), literal(local(moment).date()))
    return (*_open_calls(moment), col(FollowUp.to_team_at).is_(None), col(FollowUp.owner_id).is_not(None), left)


def is_left(since: ColumnElement[datetime], day: ColumnElement[date]) -> ColumnElement[bool]:
    """Says in a statement about promised calls that are due whether the team may make them; see `for_team_since`."""
    return (col(FollowUp.due_at) <= since) | is_away(col(FollowUp.owner_id), day)


def _for_coordinators(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return (*_open_calls(for_coordinators_since(moment)), col(FollowUp.to_coordinator_at).is_(None))


def _open_calls(due_by: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(FollowUp.status) == FollowUpStatus.OPEN,
        col(FollowUp.kind).in_(PROMISED_KINDS),
        col(FollowUp.due_at) <= due_by,
    )


def _is_here(session: Session, owner: User, moment: datetime) -> bool:
    day = local(moment).date()
    return owner.active and not days_away(session, owner.id, day, day)


def _tell_of_team(session: Session, reader: User, owner: User, late: _Late, moment: datetime) -> None:
    if reader.id == owner.id:
        kind = NoticeKind.LATE
        words = ngettext(
            "{n} callback of yours is late: the team may make it now",
            "{n} callbacks of yours are late: the team may make them now",
            late.count,
        )
    else:
        kind = NoticeKind.UNASSIGNED
        words = ngettext(
            "{name} is not here: {n} callback is for the team",
            "{name} is not here: {n} callbacks are for the team",
            late.count,
        )
    once_key = f"late:{owner.id}:{moment.isoformat()}:{reader.id}"
    _tell(session, reader, late, kind=kind, once_key=once_key, title=words.format(n=late.count, name=owner.name))


def _tell_of_all(session: Session, reader: User, late: _Late, moment: datetime) -> None:
    words = ngettext(
        "{n} callback has not been made for too long",
        "{n} callbacks have not been made for too long",
        late.count,
    )
    once_key = f"escalated:{moment.isoformat()}:{reader.id}"
    _tell(session, reader, late, kind=NoticeKind.ESCALATED, once_key=once_key, title=words.format(n=late.count))


def _tell(session: Session, reader: User, late: _Late, *, kind: NoticeKind, once_key: str, title: str) -> None:
    first = _("The first was agreed for {moment}.").format(moment=show_moment(late.first))
    notify(session, reader.id, kind=kind, once_key=once_key, title=title, body=first, page="followups", mail=first)
