"""Moments to propose for a follow-up: within our hours, free in the agenda of who does it, good for the company."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from sqlmodel import Session, col, select

from crm.access.absences import days_away
from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import local
from crm.followups.models import CALLING_KINDS, FollowUp, FollowUpStatus
from crm.reference.calendar import DAY_PARTS, desk_hours
from crm.reference.trades import OTHER, Effect, effect_at

QUARTER = timedelta(minutes=15)
AHEAD = timedelta(days=21)  # nobody's agenda is full for three weeks, and holidays are shorter
PROPOSED = 3


def taken_moments(session: Session, actor: Actor, owner_id: int | None, start: datetime) -> list[datetime]:
    """When this person has promised to call, in the three weeks from `start`. Nobody's for the team."""
    actor.require(Permission.FOLLOWUP_OWN)
    promised = select(FollowUp.due_at).where(
        FollowUp.status == FollowUpStatus.OPEN,
        FollowUp.owner_id == owner_id,
        col(FollowUp.kind).in_(CALLING_KINDS),
        col(FollowUp.due_at).between(start - QUARTER, start + AHEAD),
    )
    return list(session.exec(promised.order_by(col(FollowUp.due_at))).all()) if owner_id else []


def absent_days(session: Session, actor: Actor, owner_id: int | None, start: datetime) -> frozenset[date]:
    """The days of the three weeks from `start` on which this person is not here. None for the team."""
    actor.require(Permission.FOLLOWUP_OWN)
    first = local(start).date()
    return days_away(session, owner_id, first, first + AHEAD) if owner_id else frozenset()


def proposals(
    start: datetime, taken: Collection[datetime], trade_group: str = OTHER, absent: Collection[date] = ()
) -> list[datetime]:
    """The first free moments (UTC) from `start`, each in another part of a day; fewer for who is away so long."""
    return list(islice(_one_each_part(free_moments(start, taken, trade_group, absent)), PROPOSED))


def is_taken(moment: datetime, taken: Collection[datetime]) -> bool:
    """Whether another promise is less than a quarter of an hour away."""
    return any(abs(moment - other) < QUARTER for other in taken)


def _one_each_part(moments: Iterator[datetime]) -> Iterator[datetime]:
    """The first in each morning, midday and afternoon; nobody wants to be called before the first."""
    found: set[tuple[date, int]] = set()
    for moment in moments:
        there = local(moment)
        part = (there.date(), sum(there.time() >= start for start in DAY_PARTS))
        if part[1] and part not in found:
            found.add(part)
            yield moment


def free_moments(
    start: datetime, taken: Collection[datetime], trade_group: str, absent: Collection[date] = ()
) -> Iterator[datetime]:
    """Every quarter of an hour (UTC) of the three weeks from `start` that is ours, free, and not busy for the trade."""
    for moment in _quarters(start, absent):
        there = local(moment)
        avoided = effect_at(trade_group, there.weekday(), there.time()) is Effect.AVOID
        if not avoided and not is_taken(moment, taken):
            yield moment


def _quarters(start: datetime, absent: Collection[date]) -> Iterator[datetime]:
    """Every quarter of an hour of ours, in UTC: on the Dutch clock one would come twice when it goes back."""
    first = local(start).date()
    for day in (first + timedelta(days=days) for days in range(AHEAD.days)):
        if day not in absent and (hours := desk_hours(day)):
            moment, end = hours
            while moment < end:
                if moment >= start:
                    yield moment
                moment += QUARTER
