"""How likely it is that somebody of a trade comes to the phone in an hour of the week.

Nobody has measured this well for the Netherlands, so it starts from what people in the trade say
(data/reference/reachability.csv) and gives way to the desk's own calls.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache

from crm.core.clock import local
from crm.reference.trades import Effect, effect_at

# Assumed until there are own calls: they only order trades among each other.
USUAL = 0.40
ASSUMED = {Effect.GOOD: 0.50, Effect.AVOID: 0.30}

ENOUGH_CALLS = 30  # with fewer in an hour of the week, luck says more than the trade does
PRIOR_CALLS = 30  # what was assumed weighs as much as this many calls
STEP = 0.05  # who waits longest goes first among trades that differ less than this

Figures = Mapping[int, tuple[int, int]]  # our calls in each hour of a day, and in how many somebody was spoken


@dataclass(frozen=True, slots=True)
class Chance:
    """Of one trade group in one hour of the week: `calls` of our own, in `spoken` of which somebody was spoken."""

    value: float
    calls: int = 0
    spoken: int = 0

    @property
    def is_measured(self) -> bool:
        return self.calls >= ENOUGH_CALLS


def chance(trade_group: str, weekday: int, hour: int, *, calls: int = 0, spoken: int = 0) -> Chance:
    """0 is Monday; the hour is one of the Dutch clock."""
    prior = assumed(trade_group, weekday, hour)
    return Chance(shrunk(prior, calls, spoken) if calls >= ENOUGH_CALLS else prior, calls, spoken)


def shrunk(prior: float, calls: int, spoken: int) -> float:
    """Between what was assumed and what was measured; nearer to what was measured with every call."""
    return (prior * PRIOR_CALLS + spoken) / (PRIOR_CALLS + calls)


def stands_out(value: float, of_the_day: Sequence[float]) -> bool:
    """Whether the chance in an hour is clearly above the average of that day."""
    return value >= sum(of_the_day) / len(of_the_day) + STEP


def is_best_of_day(trade_group: str, weekday: int, hour: int, hours: Collection[int], figures: Figures) -> bool:
    """Whether people come to the phone clearly more in this hour than on average in it and `hours`."""
    found = {one: figures.get(one, (0, 0)) for one in {hour, *hours}}
    of_day = {
        one: chance(trade_group, weekday, one, calls=calls, spoken=spoken).value
        for one, (calls, spoken) in found.items()
    }
    return stands_out(of_day[hour], list(of_day.values()))


def rank(value: float) -> int:
    """The order of calling, the lowest first. Chances that hardly differ have the same rank."""
    return -round(value / STEP)


def hour_of_week(moment: datetime) -> tuple[int, int]:
    """Weekday (0 is Monday) and hour on the Dutch clock."""
    there = local(moment)
    return there.weekday(), there.hour


@cache
def assumed(trade_group: str, weekday: int, hour: int) -> float:
    """By the minutes of the hour that are good, or better avoided, for this trade."""
    effects = [effect_at(trade_group, weekday, time(hour, minute)) for minute in range(60)]
    return sum(ASSUMED[effect] if effect else USUAL for effect in effects) / len(effects)
