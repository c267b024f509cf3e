"""How long employers wait for an answer to what they asked, in the hours of the desk."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import now
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus
from crm.reference.calendar import DeskClock

Asked = tuple[FollowUpKind, datetime, datetime | None]

PERIOD = timedelta(days=90)
MOST = 5000  # the latest answers, and those that wait longest


@dataclass(frozen=True, slots=True)
class Response:
    """Of one kind: how long answers took to what was asked in the period, and what still waits. None for no answers."""

    kind: FollowUpKind
    answered: int
    median: timedelta | None
    ninety_percent_within: timedelta | None
    waiting: int
    longest: timedelta | None


def response_times(session: Session, actor: Actor) -> list[Response]:
    """Of each kind with something asked, in the order of the kinds."""
    actor.require(Permission.FOLLOWUP_TEAM)
    moment = now()
    asked, status = col(FollowUp.asked_at), col(FollowUp.status)
    latest = (status == FollowUpStatus.DONE, asked >= moment - PERIOD, col(FollowUp.answered_at).is_not(None))
    answered = _asked(session, asked.desc(), *latest)
    waiting = _asked(session, asked.asc(), status == FollowUpStatus.OPEN, asked.is_not(None))
    clock = DeskClock(min((start for _kind, start, _end in (*answered, *waiting)), default=moment))
    took, waits = _times(clock, answered, moment), _times(clock, waiting, moment)
    return [
        Response(
            kind,
            len(took[kind]),
            percentile(took[kind], 50),
            percentile(took[kind], 90),
            len(waits[kind]),
            max(waits[kind], default=None),
        )
        for kind in FollowUpKind
        if took[kind] or waits[kind]
    ]


def percentile(values: Sequence[timedelta], percent: int) -> timedelta | None:
    """The smallest of them within which so many percent are."""
    return sorted(values)[ceil(len(values) * percent / 100) - 1] if values else None


def _asked(session: Session, order: ColumnElement[Any], *which: ColumnElement[bool]) -> list[Asked]:
    statement = select(FollowUp.kind, FollowUp.asked_at, FollowUp.answered_at).where(*which).order_by(order)
    return [(FollowUpKind(kind), start, end) for kind, start, end in session.exec(statement.limit(MOST)) if start]


def _times(clock: DeskClock, rows: Sequence[Asked], moment: datetime) -> defaultdict[FollowUpKind, list[timedelta]]:
    """Until the answer, or until now for what waits."""
    found: defaultdict[FollowUpKind, list[timedelta]] = defaultdict(list)
    for kind, start, end in rows:
        found[kind].append(clock.between(start, end or moment))
    return found
