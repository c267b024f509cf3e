"""A clock for practice: calling is forbidden at night and on Sundays, but a demo can be tried at any hour."""

from datetime import date, datetime, time, timedelta

from crm.core.clock import at, local
from crm.reference.calendar import desk_window

START = time(10)
ENOUGH = timedelta(hours=1)


def practice_start(moment: datetime) -> datetime | None:
    """The moment practice should begin: ten o'clock on the next working day; None when the desk is open now."""
    there = local(moment)
    window = desk_window(there.date())
    closes_soon = there + ENOUGH
    if window and window[0] <= there.time() and closes_soon.date() == there.date() and closes_soon.time() <= window[1]:
        return None
    day = there.date()
    while (start := _start_on(day)) is None or start <= moment:
        day += timedelta(days=1)
    return start


def _start_on(day: date) -> datetime | None:
    window = desk_window(day)
    if window is None:
        return None
    start = START if window[0] <= START < window[1] else window[0]
    return at(day, start.hour, start.minute)
