"""Moments as people say them: "di 10:00", "over 2 weken", "1 maart", "na de bouwvak".

Nothing is guessed: a text with one word too many is not understood at all, for a promise on the wrong day is worse
than a question.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from crm.core.clock import local
from crm.followups.spoken.clocks import take_clock
from crm.followups.spoken.days import take_day
from crm.followups.spoken.durations import take_duration
from crm.followups.spoken.words import plain, weekday_of
from crm.reference.calendar import add_working_days

# Words that change nothing, wherever they stand.
_FILLING = re.compile(r"\b(op|om|rond|de|het|in|van|dag|aan|graag|weer|eens|a ?s|at|on|the|uur)\b")


@dataclass(frozen=True, slots=True)
class SpokenMoment:
    """On the Dutch clock. `clock` is None when only a day was said."""

    day: date
    clock: time | None = None


def read_moment(text: str, moment: datetime) -> SpokenMoment | None:
    """What was meant, said at `moment` (aware); None when it was not understood as a whole."""
    there = local(moment)
    try:
        rest, after = take_duration(plain(text), there)
        if after:
            return _whole(rest, SpokenMoment(after.date(), after.time()))
        rest, day = take_day(rest, there.date())
        rest, clock = take_clock(rest)
    except (ValueError, OverflowError):  # the 31st of April, 25 o'clock, in a million weeks
        return None
    if day is None and clock is None:
        return None
    return _whole(rest, SpokenMoment(day or _next_time(clock, there), clock))


def read_clock(text: str) -> time | None:
    """The time of day in a text, whatever else it says."""
    try:
        return take_clock(plain(text))[1]
    except ValueError:
        return None


def _next_time(clock: time | None, there: datetime) -> date:
    """Only an hour was said: today when it is still to come, else the next working day."""
    return there.date() if clock and clock > there.time() else add_working_days(there.date(), 1)


def _whole(rest: str, found: SpokenMoment) -> SpokenMoment | None:
    """Only if nothing is left that could mean something else; a weekday beside a date must be the weekday it is."""
    left = _FILLING.sub(" ", rest).split()
    return found if all(weekday_of(word) == found.day.weekday() for word in left) else None
