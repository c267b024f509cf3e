"""Working days, holidays and the hours in which calling is allowed, on the Dutch clock."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from functools import cache

import holidays

from crm.core.clock import AMSTERDAM, at, local
from crm.core.i18n import language
from crm.core.settings import settings
from crm.reference.queries import rows

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SATURDAY, SUNDAY = 5, 6
REGION = "Midden"

Window = tuple[time, time]


@cache
def _public_holidays(code: str) -> holidays.HolidayBase:
    return holidays.country_holidays("NL", language={"nl": "nl", "en": "en_US"}[code])


def holiday_name(day: date) -> str | None:
    """The public holiday on this day, in the reader's language."""
    name: str | None = _public_holidays(language()).get(day)
    return name


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and holiday_name(day) is None


def add_working_days(day: date, count: int) -> date:
    """The working day `count` working days after `day`; with 0, `day` itself or the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    for _step in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def working_day_before(day: date, count: int) -> date:
    """The working day `count` (1 or more) working days before `day`."""
    for _step in range(count):
        day -= timedelta(days=1)
        while not is_working_day(day):
            day -= timedelta(days=1)
    return day


def add_months(day: date, count: int) -> date:
    """The same day so many months later, or earlier below zero; the last day of a month that is shorter."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@cache
def _windows() -> dict[str, list[tuple[date, date, Window]]]:
    table: dict[str, list[tuple[date, date, Window]]] = {}
    for row in rows("call_windows.csv"):
        until = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
        window = (time.fromisoformat(row["from"]), time.fromisoformat(row["until"]))
        table.setdefault(row["day"], []).append((date.fromisoformat(row["valid_from"]), until, window))
    return table


def call_window(day: date) -> Window | None:
    """The outer legal limits for calling on this day; None when calling is forbidden all day."""
    if holiday_name(day):
        return None
    found = [
        window
        for key in (WEEKDAYS[day.weekday()], f"{day:%m-%d}")
        for first, last, window in _windows().get(key, [])
        if first <= day <= last
    ]
    if not found or day.weekday() == SUNDAY:
        return None
    first, last = max(window[0] for window in found), min(window[1] for window in found)
    return (first, last) if first < last else None  # a day of mourning is a row without hours


def desk_window(day: date) -> Window | None:
    """The hours of this desk: working days only, never outside the legal limits."""
    legal = call_window(day)
    if legal is None or not is_working_day(day):
        return None
    return (
        max(legal[0], time(settings().call_from_hour)),
        min(legal[1], time(settings().call_until_hour)),
    )


def desk_hours(day: date) -> tuple[datetime, datetime] | None:
    """The same as moments, in UTC."""
    if (window := desk_window(day)) is None:
        return None
    opens, closes = (datetime.combine(day, clock, AMSTERDAM).astimezone(UTC) for clock in window)
    return opens, closes


@dataclass(frozen=True, slots=True)
class Period:
    """A time of year in which many companies are closed."""

    name: str
    first: date
    last: date


@cache
def _school_holidays() -> list[Period]:
    return [
        Period(row["name"], date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"]))
        for row in rows("school_holidays.csv")
        if row["region"] == REGION
    ]


@cache
def _building_holidays() -> list[Period]:
    return [
        Period("Bouwvak", date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"]))
        for row in rows("building_holidays.csv")
        if row["region"] == REGION
    ]


def school_holiday(day: date) -> Period | None:
    return next((period for period in _school_holidays() if period.first <= day <= period.last), None)


def building_holiday(day: date) -> Period | None:
    """The builders' holiday of the region; its dates are advice, not law."""
    return next((period for period in _building_holidays() if period.first <= day <= period.last), None)


def desk_time_ago(moment: datetime, duration: timedelta) -> datetime:
    """The moment (UTC) from which so much time in the hours of this desk has passed at `moment`."""
    day = local(moment).date()
    while True:
        if hours := desk_hours(day):
            start, end = hours
            open_for = max(min(end, moment) - start, timedelta())
            if open_for >= duration:
                return start + (open_for - duration)
            duration -= open_for
        day -= timedelta(days=1)


class DeskClock:
    """Runs only in the hours of this desk. It looks at each day from `since` once, however often it is read."""

    def __init__(self, since: datetime) -> None:
        self._first = local(since).date()
        self._before = [timedelta()]  # of each day: what passed on the days before it
        self._hours: list[tuple[datetime, datetime]] = []

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time from `start`, which is not before `since`, to `end` was in those hours."""
        return max(self._at(end) - self._at(start), timedelta()) if start < end else timedelta()

    def _at(self, moment: datetime) -> timedelta:
        place = (local(moment).date() - self._first).days
        while len(self._hours) <= place:
            self._look_at(self._first + timedelta(days=len(self._hours)))
        first, last = self._hours[place]
        return self._before[place] + max(min(last, moment) - first, timedelta())

    def _look_at(self, day: date) -> None:
        first, last = desk_hours(day) or (at(day, 0), at(day, 0))
        self._hours.append((first, last))
        self._before.append(self._before[-1] + (last - first))


# What people call the last day of a holiday that they say "after" of.
_SAID = {
    "kerst": "Tweede kerstdag",
    "christmas": "Tweede kerstdag",
    "pasen": "Tweede paasdag",
    "easter": "Tweede paasdag",
    "pinksteren": "Tweede pinksterdag",
    "hemelvaart": "Hemelvaartsdag",
    "koningsdag": "Koningsdag",
    "feestdagen": "Nieuwjaarsdag",
    "oud en nieuw": "Nieuwjaarsdag",
    "nieuwjaar": "Nieuwjaarsdag",
    "new year": "Nieuwjaarsdag",
}


def end_of_period(name: str, day: date) -> date | None:
    """The last day of the holiday of this name that ends on `day` or after it, the first of them.

    Names as people say them in Dutch, in small letters: "bouwvak", "zomervakantie", "kerst". None for other words,
    and for years of which the dates are not known yet.
    """
    periods = (period.last for period in _school_holidays() + _building_holidays() if period.name.lower() == name)
    years = holidays.country_holidays("NL", language="nl", years=(day.year, day.year + 1))
    single = (one for one, called in years.items() if called == _SAID.get(name))
    return min((last for last in (*periods, *single) if last >= day), default=None)


DAY_PARTS = (time(9, 30), time(12, 30), time(15, 0))


class DayPart(Enum):
    """What people call a part of the day; the names go with DAY_PARTS, the hours with how people speak."""

    MORNING = auto()
    EARLY_AFTERNOON = auto()
    AFTERNOON = auto()
    EVENING = auto()


_BEGINNINGS = {
    DayPart.EVENING: time(18),
    DayPart.AFTERNOON: time(15),
    DayPart.EARLY_AFTERNOON: time(12),
    DayPart.MORNING: time(0),
}


def day_part(moment: datetime) -> DayPart:
    """In what part of the day this is, on the Dutch clock."""
    clock = local(moment).time()
    return next(part for part, beginning in _BEGINNINGS.items() if clock >= beginning)


def next_day_part(moment: datetime, *, working_days: int) -> datetime:
    """A moment some working days later, in the next part of the day: morning, midday, afternoon in turn."""
    there = local(moment)
    part = sum(there.time() >= start for start in DAY_PARTS) % len(DAY_PARTS)
    day = add_working_days(there.date(), working_days)
    return datetime.combine(day, DAY_PARTS[part], AMSTERDAM)
