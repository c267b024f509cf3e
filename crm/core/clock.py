"""The one source of time: stored as aware UTC, shown in Europe/Amsterdam."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from crm.core.settings import settings

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@cache
def _offset() -> timedelta:
    return timedelta(seconds=settings().clock_offset)


def now() -> datetime:
    """The present moment in UTC, moved by `KOPKOFFIE_CLOCK_OFFSET` (practice and tests)."""
    return datetime.now(UTC) + _offset()


def local(moment: datetime) -> datetime:
    return moment.astimezone(AMSTERDAM)


def today() -> date:
    """The calendar day in the Netherlands."""
    return local(now()).date()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A wall-clock time in the Netherlands, as UTC."""
    return datetime.combine(day, time(hour, minute), AMSTERDAM).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Start (included) and end (excluded) of a Dutch calendar day, in UTC."""
    return at(day, 0), at(day + timedelta(days=1), 0)
