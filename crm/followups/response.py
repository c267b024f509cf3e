"""How long employers wait for an answer to what they asked, in the hours of the desk."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import now
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus
from crm.reference.calendar import desk_time_between

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
    took, waits = _answered(session, moment), _waiting(session, moment)
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


def _answered(session: Session, moment: datetime) -> defaultdict[FollowUpKind, list[timedelta]]:
    asked = col(FollowUp.asked_at)
    statement = (
        select(FollowUp.kind, FollowUp.asked_at, FollowUp.answered_at)
        .where(col(FollowUp.status) == FollowUpStatus.DONE, asked >= moment - PERIOD)
        .where(col(FollowUp.answered_at).is_not(None))
        .order_by(asked.desc())
        .limit(MOST)
    )
    took: defaultdict[FollowUpKind, list[timedelta]] = defaultdict(list)
    for kind, start, end in session.exec(statement):
        if start and end:
            took[FollowUpKind(kind)].append(desk_time_between(start, end))
    return took


def _waiting(session: Session, moment: datetime) -> defaultdict[FollowUpKind, list[timedelta]]:
    asked = col(FollowUp.asked_at)
    statement = (
        select(FollowUp.kind, FollowUp.asked_at)
        .where(col(FollowUp.status) == FollowUpStatus.OPEN, asked.is_not(None))
        .order_by(asked)
        .limit(MOST)
    )
    waits: defaultdict[FollowUpKind, list[timedelta]] = defaultdict(list)
    for kind, start in session.exec(statement):
        if start:
            waits[FollowUpKind(kind)].append(desk_time_between(start, moment))
    return waits
