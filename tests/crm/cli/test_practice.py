"""The practice clock of the demo."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis.strategies import datetimes

from crm.cli.practice import practice_start
from crm.core.clock import AMSTERDAM, local
from crm.reference.calendar import desk_window


def dutch(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ("2026-11-23 09:00", None),
        ("2026-11-23 16:00", None),
        ("2026-11-23 16:30", "2026-11-24 10:00"),
        ("2026-11-23 07:00", "2026-11-23 10:00"),
        ("2026-11-23 23:30", "2026-11-24 10:00"),
        ("2026-11-22 12:00", "2026-11-23 10:00"),
        ("2026-11-27 20:00", "2026-11-30 10:00"),
        ("2026-12-24 18:00", "2026-12-28 10:00"),
        ("2027-03-27 23:00", "2027-03-30 10:00"),  # over Easter and the change to summer time
    ],
)
def test_practice_starts_on_the_next_working_day_at_ten(now: str, start: str | None) -> None:
    assert practice_start(dutch(now)) == (dutch(start) if start else None)


@given(datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)))  # as far as the call windows go
def test_whenever_it_starts_the_desk_is_open_and_time_goes_forward(naive: datetime) -> None:
    moment = naive.replace(tzinfo=AMSTERDAM)
    start = practice_start(moment) or moment
    window = desk_window(local(start).date())
    assert start >= moment
    assert window is not None
    assert window[0] <= local(start).time() < window[1]
