"""On what day a list will be done, as far as that can be known."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil

from crm.reference.calendar import add_working_days, is_working_day

LOOKED_BACK = 10  # working days
FARTHEST = 520  # working days, about two years

# Until a list has some attempts of its own, one attempt in two is taken to finish a company: half is reached at once,
# the others have two more tries. What the list itself shows weighs more with every attempt.
USUAL_SHARE, USUAL_WEIGHT = 0.5, 30


class Unknown(StrEnum):
    """Why no day can be named."""

    DONE = "done"
    STOPPED = "stopped"
    NOBODY = "nobody"
    NO_PACE = "no_pace"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Course:
    """How a list goes. `days` are the working days in which `recent` attempts were made, before today."""

    left: int
    done: int
    attempts: int
    recent: int
    days: int
    capacity: int | None = None
    callers: int = 1
    is_open: bool = True

    @property
    def per_day(self) -> float:
        """Attempts a day: what was reached, and before that what the list may have. 0 when neither is known."""
        reached = self.recent / self.days if self.days else 0.0
        return min(reached, self.capacity) if reached and self.capacity else reached or float(self.capacity or 0)

    @property
    def attempts_left(self) -> int:
        """With those for who is not reached at once."""
        share = (self.done + USUAL_SHARE * USUAL_WEIGHT) / (self.attempts + USUAL_WEIGHT)
        return ceil(self.left / min(share, 1.0))


@dataclass(frozen=True, slots=True)
class Forecast:
    """The day, or why it cannot be known."""

    day: date | None = None
    unknown: Unknown | None = None
    per_day: float = 0.0
    attempts_left: int = 0


def forecast(course: Course, today: date) -> Forecast:
    if why := _why_unknown(course):
        return Forecast(unknown=why)
    needed = ceil(course.attempts_left / course.per_day)
    if needed > FARTHEST:
        return Forecast(unknown=Unknown.FAR, per_day=course.per_day, attempts_left=course.attempts_left)
    return Forecast(add_working_days(today, needed), None, course.per_day, course.attempts_left)


def _why_unknown(course: Course) -> Unknown | None:
    if not course.left:
        return Unknown.DONE
    if not course.is_open:
        return Unknown.STOPPED
    if not course.callers:
        return Unknown.NOBODY
    return None if course.per_day else Unknown.NO_PACE


def first_day_looked_at(today: date) -> date:
    """The first of the LOOKED_BACK working days before today."""
    return _working_days_before(today, LOOKED_BACK)[-1]


def working_days_since(first: date, today: date) -> int:
    """How many of the LOOKED_BACK working days before today are on or after `first`."""
    return sum(day >= first for day in _working_days_before(today, LOOKED_BACK))


def _working_days_before(today: date, count: int) -> list[date]:
    found: list[date] = []
    day = today
    while len(found) < count:
        day = date.fromordinal(day.toordinal() - 1)
        if is_working_day(day):
            found.append(day)
    return found
