"""When jobs run, for any moment and on days on which the clocks change."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import example, given
from hypothesis import strategies as some

from crm.core.clock import local
from crm.scheduling.rules import Daily, Every, first_run

MOMENTS = some.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
TIMES = some.builds(time, some.integers(0, 23), some.integers(0, 59))
PERIODS = some.timedeltas(timedelta(seconds=1), timedelta(days=2))
TERMS = some.timedeltas(timedelta(0), timedelta(hours=23))
CLOCKS_BACK = datetime(2026, 10, 25, 0, 59, tzinfo=UTC)  # 02:59, and a minute later 02:00 again
CLOCKS_FORWARD = datetime(2027, 3, 28, 0, 59, tzinfo=UTC)  # 01:59, and a minute later 03:00


class TestEveryDay:
    @given(TIMES, MOMENTS)
    @example(time(2, 30), CLOCKS_BACK)
    @example(time(2, 30), CLOCKS_FORWARD)
    def test_each_dutch_day_has_one_moment_and_they_follow_each_other(self, at, moment):
        daily, days = Daily(at), []
        for _day in range(3):
            following = daily.after(moment)
            assert following > moment
            moment = following
            days.append(local(moment).date())
        assert [day - days[0] for day in days] == [timedelta(0), timedelta(days=1), timedelta(days=2)]

    @given(TIMES, MOMENTS)
    @example(time(2, 30), CLOCKS_BACK)
    @example(time(2, 30), CLOCKS_FORWARD)
    def test_between_the_last_moment_and_the_next_there_is_no_other(self, at, moment):
        daily = Daily(at)
        last, following = daily.latest(moment), daily.after(moment)
        assert last <= moment < following
        assert daily.after(last) == following
        assert timedelta(hours=22) < following - last < timedelta(hours=26)

    def test_it_is_a_time_in_the_netherlands_in_summer_and_in_winter(self):
        night = Daily(time(3, 30))
        assert night.after(datetime(2026, 7, 1, tzinfo=UTC)) == datetime(2026, 7, 1, 1, 30, tzinfo=UTC)
        assert night.after(datetime(2026, 12, 1, tzinfo=UTC)) == datetime(2026, 12, 1, 2, 30, tzinfo=UTC)


class TestBeginning:
    @given(PERIODS, TERMS, MOMENTS, some.timedeltas(timedelta(days=-400), timedelta(days=400)))
    def test_an_interval_never_lasts_longer_than_it_should(self, period, term, moment, ago):
        planned = first_run(Every(period), term, moment - ago, moment)
        assert moment <= planned <= moment + period
        if ago >= period:
            assert planned == moment

    def test_what_never_ran_begins_at_once(self):
        moment = datetime(2026, 11, 24, 9, tzinfo=UTC)
        assert first_run(Every(timedelta(minutes=1)), timedelta(0), None, moment) == moment

    @given(TIMES, TERMS, MOMENTS, some.timedeltas(timedelta(0), timedelta(days=3)))
    def test_a_missed_day_is_made_up_for_once_while_it_is_useful(self, at, term, moment, ago):
        daily, last_start = Daily(at), moment - ago
        planned = first_run(daily, term, last_start, moment)
        missed = daily.latest(moment)
        if last_start < missed and moment - missed <= term:
            assert planned == moment
            assert first_run(daily, term, moment, moment) == daily.after(moment)
        else:
            assert planned == daily.after(moment)

    def test_after_a_night_without_power_the_work_of_the_night_is_done_in_the_morning(self):
        night, morning = Daily(time(3, 30)), datetime(2026, 11, 24, 8, tzinfo=UTC)
        day_before = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
        assert first_run(night, timedelta(hours=12), day_before, morning) == morning
        assert first_run(night, timedelta(hours=2), day_before, morning) == datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
