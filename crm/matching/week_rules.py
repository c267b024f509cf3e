"""What a week of small jobs may be: its days, its hours, its times of day, and the travel between two places.

A day holds JOBS_A_DAY jobs at most, so whether jobs go together is known of each two of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations

from crm.matching.facts import WHOLE_DAY, Position, days_needed, kilometres
from crm.matching.weights import weights
from crm.reference.days import Day

JOBS_A_DAY = 2
ROUNDING = 1e-6  # hours
WEEK = [day.value for day in Day]
WORKING_DAYS = WEEK[:5]


@dataclass(frozen=True, slots=True)
class SmallJob:
    """`days` are those of the work, empty when any will do; `score` is 0 to 100, how well it fits the person.

    `starts` and `ends` are the minutes of the day between which the work is done; a whole day when any will do.
    """

    id: int
    company_id: int
    hours: float
    days: frozenset[str] = frozenset()
    position: Position | None = None
    score: int = 50
    starts: int = 0
    ends: int = WHOLE_DAY

    @property
    def days_needed(self) -> int:
        return days_needed(self.hours, self.days)

    @property
    def hours_a_day(self) -> float:
        return self.hours / self.days_needed

    @property
    def minutes_a_day(self) -> int:
        """No more than fit between its times: who wrote down fewer hours than days times hours meant about so much."""
        return min(round(60 * self.hours_a_day), self.ends - self.starts)


@dataclass(frozen=True, slots=True)
class Wish:
    """Hours a week and days somebody can work, empty for any weekday; kilometres as the crow flies.

    `starts` and `ends` are the minutes of the day between which somebody can work; `speed` is in kilometres an hour.
    """

    hours_min: float
    hours_max: float
    days: frozenset[str] = frozenset()
    travel_km: int = 15
    position: Position | None = None
    starts: int = 0
    ends: int = WHOLE_DAY
    speed: float = field(default_factory=lambda: weights().speed_by(()))

    @property
    def week(self) -> list[str]:
        return [day for day in WEEK if day in (self.days or WORKING_DAYS)]


@dataclass(frozen=True, slots=True)
class Shift:
    """A job on one day, at the earliest it can be done there; in minutes of the day."""

    job: SmallJob
    starts: int
    ends: int


def obstacle(job: SmallJob, wish: Wish) -> str:
    """The first reason why this person cannot do a job at all; empty when there is none."""
    if job.hours > wish.hours_max:
        return "too_many_hours"
    if apart(job.position, wish.position) > wish.travel_km:
        return "too_far"
    if not job.days <= set(wish.week) or job.days_needed > len(wish.week):
        return "other_days"
    if job.hours_a_day > weights().day_hours:
        return "long_days"
    return "" if day_plan([job], wish) else "other_times"


def day_plan(jobs: Sequence[SmallJob], wish: Wish) -> tuple[Shift, ...]:
    """These jobs one after the other on one day, as early as they can; empty when that cannot be."""
    for order in permutations(sorted(jobs, key=lambda job: (job.starts, job.id))):
        if shifts := _in_order(order, wish):
            return shifts
    return ()


def _in_order(jobs: Sequence[SmallJob], wish: Wish) -> tuple[Shift, ...]:
    shifts: list[Shift] = []
    for job in jobs:
        arrives = shifts[-1].ends + travel_minutes(shifts[-1].job, job, wish) if shifts else wish.starts
        starts = max(job.starts, wish.starts, arrives)
        if starts + job.minutes_a_day > min(job.ends, wish.ends):
            return ()
        shifts.append(Shift(job, starts, starts + job.minutes_a_day))
    return tuple(shifts)


def travel_minutes(one: SmallJob, other: SmallJob, wish: Wish) -> int:
    """From one to the other; none within a company, and none where a place is not known."""
    distance = apart(one.position, other.position)
    if one.company_id == other.company_id or not distance:
        return 0
    return round(weights().travel_minutes + 60 * distance / wish.speed)


def clash(one: SmallJob, other: SmallJob, wish: Wish) -> str:
    """Why these two cannot be on one day; empty when they can."""
    if one.hours_a_day + other.hours_a_day > weights().day_hours + ROUNDING:
        return "long_day"
    if apart(one.position, other.position) > wish.travel_km:
        return "far_apart"
    return "" if day_plan([one, other], wish) else "same_time"


def must_share_a_day(one: SmallJob, other: SmallJob, wish: Wish) -> bool:
    if one.days and other.days:
        return bool(one.days & other.days)
    return one.days_needed + other.days_needed > len(wish.week)


def apart(here: Position | None, there: Position | None) -> float:
    """Kilometres; 0 where a place is not known."""
    return kilometres(here, there) if here and there else 0.0
