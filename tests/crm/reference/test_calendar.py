from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.clock import AMSTERDAM
from crm.core.i18n import speaking
from crm.reference.calendar import (
    DayPart,
    add_working_days,
    building_holiday,
    call_window,
    day_part,
    desk_time_ago,
    desk_window,
    holiday_name,
    is_working_day,
    next_day_part,
    school_holiday,
)

DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


class TestCallWindow:
    def test_is_closed_on_sunday(self):
        assert call_window(date(2026, 11, 22)) is None

    def test_is_nine_to_ten_on_a_weekday(self):
        assert call_window(date(2026, 11, 24)) == (time(9), time(22))

    def test_is_ten_to_four_on_saturday(self):
        assert call_window(date(2026, 11, 28)) == (time(10), time(16))

    @pytest.mark.parametrize("day", [date(2026, 12, 25), date(2027, 1, 1), date(2027, 4, 27), date(2027, 5, 6)])
    def test_is_closed_on_public_holidays(self, day):
        assert call_window(day) is None

    @pytest.mark.parametrize("day", [date(2026, 5, 4), date(2028, 12, 5), date(2026, 12, 24)])
    def test_ends_early_on_the_evenings_that_families_keep(self, day):
        assert call_window(day) == (time(9), time(18, 30))

    def test_a_special_saturday_keeps_the_narrower_hours(self):
        assert call_window(date(2026, 12, 5)) == (time(10), time(16))

    @given(DAYS)
    def test_the_desk_never_opens_outside_the_legal_hours(self, day):
        desk, legal = desk_window(day), call_window(day)
        assert desk is None or (legal is not None and legal[0] <= desk[0] < desk[1] <= legal[1])


class TestWorkingDays:
    def test_skip_weekend_and_christmas(self):
        assert add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 28)

    def test_none_at_all_is_the_day_itself_or_the_first_working_day(self):
        assert add_working_days(date(2026, 11, 22), 0) == date(2026, 11, 23)

    @given(DAYS, st.integers(0, 30))
    def test_always_end_on_a_working_day_in_order(self, day, count):
        assert is_working_day(add_working_days(day, count))
        assert add_working_days(day, count) < add_working_days(day, count + 1)


class TestNextDayPart:
    def test_tries_midday_after_a_morning(self):
        monday_morning = datetime(2026, 11, 23, 10, 0, tzinfo=AMSTERDAM)
        assert next_day_part(monday_morning, working_days=1) == datetime(2026, 11, 24, 12, 30, tzinfo=AMSTERDAM)

    def test_tries_a_morning_after_an_afternoon(self):
        friday_afternoon = datetime(2026, 11, 27, 16, 0, tzinfo=AMSTERDAM)
        assert next_day_part(friday_afternoon, working_days=1) == datetime(2026, 11, 30, 9, 30, tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("clock", "part"),
    [
        ("09:00", DayPart.MORNING),
        ("11:59", DayPart.MORNING),
        ("12:00", DayPart.EARLY_AFTERNOON),
        ("14:59", DayPart.EARLY_AFTERNOON),
        ("15:00", DayPart.AFTERNOON),
        ("18:00", DayPart.EVENING),
    ],
)
def test_parts_of_the_day_are_those_of_the_dutch_clock(clock, part):
    assert day_part(datetime.fromisoformat(f"2026-11-24T{clock}+01:00")) is part
    assert day_part(datetime.fromisoformat(f"2026-07-24T{clock}+02:00").astimezone(UTC)) is part


def test_holidays_are_named_in_the_language_of_the_reader():
    with speaking("nl"):
        assert holiday_name(date(2026, 12, 25)) == "Eerste kerstdag"
    with speaking("en"):
        assert holiday_name(date(2026, 12, 25)) == "Christmas Day"


def test_closed_seasons_are_known():
    assert school_holiday(date(2026, 12, 28)).name == "Kerstvakantie"
    assert building_holiday(date(2027, 8, 10)) is not None
    assert building_holiday(date(2027, 11, 10)) is None


class TestDeskTimeAgo:
    @pytest.mark.parametrize(
        ("moment", "minutes", "since"),
        [
            ("2026-11-24 12:00+01:00", 60, "2026-11-24 11:00+01:00"),
            ("2026-11-24 09:30+01:00", 60, "2026-11-23 16:30+01:00"),
            ("2026-11-24 22:00+01:00", 60, "2026-11-24 16:00+01:00"),
            ("2026-11-30 10:00+01:00", 480, "2026-11-27 10:00+01:00"),  # a weekend between
            ("2026-12-28 10:00+01:00", 120, "2026-12-24 16:00+01:00"),  # and Christmas
            ("2026-03-30 10:00+02:00", 120, "2026-03-27 16:00+01:00"),  # the clock goes forward
        ],
    )
    def test_counts_only_the_hours_of_the_desk(self, moment, minutes, since):
        found = desk_time_ago(datetime.fromisoformat(moment), timedelta(minutes=minutes))
        assert found == datetime.fromisoformat(since)

    @given(st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)), st.integers(1, 5000))
    def test_more_time_is_longer_ago(self, moment, minutes):
        moment = moment.replace(tzinfo=UTC)
        shorter, longer = (desk_time_ago(moment, timedelta(minutes=count)) for count in (minutes, minutes + 1))
        assert longer < shorter < moment
