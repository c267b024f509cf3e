from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from crm.access.actor import SYSTEM, Actor
from crm.access.permissions import Role
from crm.core.clock import at, now
from crm.core.errors import NotFound
from crm.core.i18n import speaking
from crm.followups.models import FollowUpKind
from crm.followups.rules import (
    SOONEST_RECALL,
    DueInPast,
    DueTooFar,
    Group,
    NoCallsThen,
    OutcomeMissing,
    check_due,
    check_outcome,
    for_coordinators_since,
    for_team_since,
    group_of,
    may_assign,
    may_change,
    next_month,
    recall_day,
    usual_day,
    usual_moment,
)
from crm.reference.calendar import add_working_days, is_working_day
from crm.reference.queries import recall_reasons

TUESDAY = date(2026, 11, 24)
MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC))
CALLER = Actor(1, "Caller", Role.CALLER)
COORDINATOR = Actor(2, "Coordinator", Role.COORDINATOR)
VIEWER = Actor(3, "Viewer", Role.VIEWER)


@pytest.fixture(autouse=True)
def on_a_tuesday_morning():
    with time_machine.travel("2026-11-24 10:00:30+01:00", tick=False), speaking("en"):
        yield


class TestWhenItMayBeDue:
    def test_a_past_moment_is_refused_with_advice(self):
        with pytest.raises(DueInPast, match="later date"):
            check_due(FollowUpKind.OTHER, now() - timedelta(minutes=5))

    def test_the_present_minute_counts_as_now(self):
        check_due(FollowUpKind.OTHER, at(TUESDAY, 10, 0))

    def test_a_slip_in_the_year_is_refused(self):
        with pytest.raises(DueTooFar, match="year"):
            check_due(FollowUpKind.OTHER, datetime(2206, 11, 24, tzinfo=UTC))

    @pytest.mark.parametrize("kind", [FollowUpKind.CALLBACK, FollowUpKind.RECALL])
    @pytest.mark.parametrize("hour", [3, 8, 22, 23])
    def test_nobody_is_called_at_night(self, kind, hour):
        with pytest.raises(NoCallsThen, match=r"between 09:00 and 22:00"):
            check_due(kind, at(date(2026, 11, 25), hour))

    @pytest.mark.parametrize("day", [date(2026, 11, 29), date(2026, 12, 25), date(2027, 4, 27)])
    def test_nobody_is_called_on_a_sunday_or_public_holiday(self, day):
        with pytest.raises(NoCallsThen, match="Sunday or a public holiday"):
            check_due(FollowUpKind.CALLBACK, at(day, 11))

    def test_other_work_may_be_planned_at_any_hour(self):
        check_due(FollowUpKind.SEND_INFO, at(date(2026, 11, 29), 3))


class TestGroups:
    @pytest.mark.parametrize(
        ("due_at", "group"),
        [
            (at(TUESDAY, 9, 59), Group.OVERDUE),
            (at(TUESDAY, 10, 1), Group.TODAY),
            (at(TUESDAY, 23, 59), Group.TODAY),
            (at(date(2026, 11, 25), 0), Group.THIS_WEEK),
            (at(date(2026, 11, 29), 23, 59), Group.THIS_WEEK),
            (at(date(2026, 11, 30), 0), Group.LATER),
        ],
    )
    def test_divide_the_agenda_by_dutch_days(self, due_at, group):
        assert group_of(due_at, now()) is group

    def test_on_a_sunday_tomorrow_is_later(self):
        sunday = at(date(2026, 11, 29), 12)
        assert group_of(at(date(2026, 11, 29), 13), sunday) is Group.TODAY
        assert group_of(at(date(2026, 11, 30), 9), sunday) is Group.LATER

    @given(MOMENTS, MOMENTS, MOMENTS)
    def test_an_earlier_moment_is_never_in_a_later_group(self, one, other, moment):
        order = list(Group)
        first, second = sorted((one, other))
        assert order.index(group_of(first, moment)) <= order.index(group_of(second, moment))


class TestWhoMayTouchIt:
    def test_a_caller_changes_only_their_own(self):
        assert may_change(CALLER, CALLER.id)
        assert not may_change(CALLER, COORDINATOR.id)
        assert not may_change(CALLER, None)

    def test_a_coordinator_and_the_system_change_all(self):
        assert all(may_change(actor, owner) for actor in (COORDINATOR, SYSTEM) for owner in (1, 2, None))

    def test_a_caller_takes_from_the_team_and_gives_back(self):
        assert may_assign(CALLER, None, CALLER.id)
        assert may_assign(CALLER, CALLER.id, None)

    @pytest.mark.parametrize(("from_id", "to_id"), [(2, 1), (1, 2), (None, 2), (2, None)])
    def test_a_caller_never_moves_work_of_or_to_a_colleague(self, from_id, to_id):
        assert not may_assign(CALLER, from_id, to_id)
        assert may_assign(COORDINATOR, from_id, to_id)


class TestWhenToCallAgain:
    @pytest.mark.parametrize(
        ("reason", "about", "expected"),
        [
            ("PIEK", date(2027, 6, 1), date(2027, 3, 1)),
            ("PIEK", date(2027, 1, 1), date(2026, 12, 8)),  # three months before is over: as soon as makes sense
            ("PENSIOEN", date(2028, 8, 31), date(2028, 2, 29)),
            ("PENSIOEN", None, date(2026, 12, 8)),
            ("VOORJAAR", None, date(2027, 3, 1)),
            ("JAARBEGIN", None, date(2027, 1, 8)),
            ("WINTER", None, date(2026, 12, 1)),
            ("DRUK", None, date(2026, 12, 23)),
        ],
    )
    def test_fits_the_reason(self, reason, about, expected):
        assert recall_day(recall_reasons()[reason], TUESDAY, about) == expected

    @given(
        reason=st.sampled_from(list(recall_reasons().values())),
        day=st.dates(date(2024, 1, 1), date(2034, 1, 1)),
        about=st.none() | st.dates(date(2024, 1, 1), date(2040, 1, 1)),
    )
    def test_is_always_a_working_day_to_come_and_never_too_soon(self, reason, day, about):
        found = recall_day(reason, day, about)
        assert is_working_day(found)
        assert found > day
        if reason.needs:
            assert found >= add_working_days(day, SOONEST_RECALL)

    def test_this_month_means_the_one_of_next_year(self):
        assert [next_month(month, TUESDAY) for month in (11, 12)] == [date(2027, 11, 1), date(2026, 12, 1)]


class TestWhenATemplateIsDue:
    @pytest.mark.parametrize(
        ("working_days", "anchor", "expected"),
        [
            (1, date(2026, 11, 24), date(2026, 11, 25)),
            (1, date(2026, 11, 27), date(2026, 11, 30)),  # Friday, then Monday
            (1, date(2026, 12, 24), date(2026, 12, 28)),  # Christmas in between
            (1, date(2026, 11, 28), date(2026, 11, 30)),  # Saturday, then Monday
            (1, date(2027, 3, 26), date(2027, 3, 30)),  # Easter
            (10, date(2026, 11, 24), date(2026, 12, 8)),
            (65, date(2026, 11, 24), date(2027, 2, 25)),
            (0, date(2026, 11, 24), date(2026, 11, 24)),
            (0, date(2026, 11, 28), date(2026, 11, 30)),
            (-1, date(2026, 11, 30), date(2026, 11, 27)),
            (-2, date(2026, 12, 28), date(2026, 12, 23)),
        ],
    )
    def test_working_days_are_counted_without_weekends_and_holidays(self, working_days, anchor, expected):
        assert usual_day(working_days, anchor) == expected

    def test_it_is_at_ten_also_after_the_clock_changed(self):
        assert usual_moment(1, date(2027, 3, 26)) == at(date(2027, 3, 30), 10)

    def test_or_now_when_that_is_over(self):
        assert usual_moment(-1, TUESDAY) == now()

    @given(working_days=st.integers(-20, 780), anchor=st.dates(date(2024, 1, 1), date(2034, 1, 1)))
    def test_it_is_a_working_day_on_the_right_side(self, working_days, anchor):
        day = usual_day(working_days, anchor)
        assert is_working_day(day)
        assert day < anchor if working_days < 0 else day >= anchor


class TestLate:
    @pytest.mark.parametrize(
        ("moment", "team", "coordinators"),
        [
            (at(TUESDAY, 12), at(TUESDAY, 11), at(TUESDAY - timedelta(days=1), 12)),
            (at(TUESDAY, 9, 30), at(TUESDAY - timedelta(days=1), 16, 30), at(TUESDAY - timedelta(days=1), 9, 30)),
            (at(TUESDAY, 23), at(TUESDAY, 16), at(TUESDAY, 9)),
        ],
    )
    def test_is_counted_in_the_hours_of_the_desk(self, moment, team, coordinators):
        assert (for_team_since(moment), for_coordinators_since(moment)) == (team, coordinators)


class TestWhatCameOfIt:
    @pytest.mark.parametrize(("code", "words"), [("GESPROKEN", ""), (None, "Belt zelf terug")])
    def test_is_one_of_the_list_or_told_in_words(self, code, words):
        check_outcome(FollowUpKind.CALLBACK, code, words)

    def test_is_needed_where_it_matters(self):
        with pytest.raises(OutcomeMissing):
            check_outcome(FollowUpKind.AFTERCARE, None, "  ")

    def test_may_be_left_out_where_it_goes_without_saying(self):
        check_outcome(FollowUpKind.SEND_INFO, None, "")

    def test_has_to_be_of_this_kind(self):
        with pytest.raises(NotFound):
            check_outcome(FollowUpKind.AFTERCARE, "GESPROKEN", "")
