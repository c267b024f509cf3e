"""The day a list is done: from its pace, its retries, weekends and holidays."""

from datetime import date
from typing import Any

import pytest

from crm.calling.lists.forecast import Course, Unknown, first_day_looked_at, forecast, working_days_since

MONDAY = date(2026, 11, 23)


def course(**overrides: Any) -> Course:
    # With as many attempts as there were finished companies the share is known well enough to reckon with by heart.
    return Course(**({"left": 100, "done": 5_000, "attempts": 10_000, "recent": 200, "days": 10} | overrides))


def test_who_is_not_reached_at_once_takes_more_attempts() -> None:
    assert course().attempts_left == 200
    assert course(done=0, attempts=0).attempts_left == 200
    assert course(done=2_500).attempts_left > 390
    assert course(done=10_000).attempts_left < 105


def test_the_day_follows_from_the_pace_over_working_days() -> None:
    found = forecast(course(), MONDAY)
    assert (found.day, found.per_day, found.attempts_left) == (date(2026, 12, 7), 20.0, 200)


def test_holidays_are_left_out() -> None:
    assert forecast(course(left=30), date(2026, 12, 24)).day == date(2026, 12, 30)  # 25 December is a Friday


@pytest.mark.parametrize(
    ("given", "per_day"),
    [
        ({"recent": 200, "days": 10}, 20),
        ({"recent": 200, "days": 10, "capacity": 15}, 15),
        ({"recent": 200, "days": 10, "capacity": 40}, 20),
        ({"recent": 0, "days": 0, "capacity": 15}, 15),
        ({"recent": 0, "days": 5, "capacity": 15}, 15),
        ({"recent": 0, "days": 0}, 0),
    ],
)
def test_the_pace_is_what_was_reached_and_never_more_than_is_allowed(given: dict[str, Any], per_day: float) -> None:
    assert course(**given).per_day == per_day


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"left": 0}, Unknown.DONE),
        ({"is_open": False}, Unknown.STOPPED),
        ({"callers": 0}, Unknown.NOBODY),
        ({"recent": 0, "days": 0}, Unknown.NO_PACE),
        ({"left": 1_000_000}, Unknown.FAR),
    ],
)
def test_it_says_why_when_no_day_can_be_named(given: dict[str, Any], why: Unknown) -> None:
    found = forecast(course(**given), MONDAY)
    assert (found.day, found.unknown) == (None, why)


def test_ten_working_days_are_looked_back_on() -> None:
    assert first_day_looked_at(MONDAY) == date(2026, 11, 9)
    assert working_days_since(date(2026, 1, 1), MONDAY) == 10
    assert working_days_since(date(2026, 11, 20), MONDAY) == 1
    assert working_days_since(MONDAY, MONDAY) == 0
