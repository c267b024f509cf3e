"""When people of a trade will come to the phone again."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.calling.chance import ENOUGH_CALLS, Figures, hour_of_week, is_best_of_day
from crm.calling.models import HourFigures
from crm.core.clock import local
from crm.followups.moments import absent_days, free_moments, taken_moments
from crm.reference.calendar import desk_window
from crm.reference.trades import Effect, effect_at

PAUSE = timedelta(hours=1)  # what comes sooner is no other moment


def next_good_moment(
    session: Session, actor: Actor, owner_id: int | None, trade_group: str, after: datetime
) -> datetime | None:
    """The first moment (UTC) in which this trade often answers and the owner promised no call to anybody else.

    None when nobody knows a good hour of this trade, or none is free in three weeks.
    """
    start = after + PAUSE
    taken = taken_moments(session, actor, owner_id, start)
    absent = absent_days(session, actor, owner_id, start)
    figures = _figures(session, trade_group)
    free = free_moments(start, taken, trade_group, absent)
    return next((one for one in free if _is_good(trade_group, one, figures)), None)


def _is_good(trade_group: str, moment: datetime, figures: dict[int, dict[int, tuple[int, int]]]) -> bool:
    """By our own calls when there are enough; before that, by what people in the trade say."""
    weekday, hour = hour_of_week(moment)
    of_day: Figures = figures[weekday]
    window = desk_window(local(moment).date())
    if window and of_day.get(hour, (0, 0))[0] >= ENOUGH_CALLS:
        return is_best_of_day(trade_group, weekday, hour, range(window[0].hour, window[1].hour), of_day)
    return effect_at(trade_group, weekday, local(moment).time()) is Effect.GOOD


def _figures(session: Session, trade_group: str) -> dict[int, dict[int, tuple[int, int]]]:
    """Of each weekday."""
    found: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for row in session.exec(select(HourFigures).where(HourFigures.trade_group == trade_group)):
        found[row.weekday][row.hour] = (row.calls, row.spoken)
    return found
