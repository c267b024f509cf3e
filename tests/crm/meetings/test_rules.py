from datetime import date, timedelta

import pytest
import time_machine

from crm.core.clock import at, now
from crm.meetings.models import Meeting, MeetingOutcome
from crm.meetings.rules import (
    MeetingInPast,
    MeetingTooFar,
    can_be_placed,
    check_moment,
    doubts_about,
    refusal,
)


def make_meeting(**overrides):
    fields = {"introduction_id": 1, "starts_at": at(date(2026, 11, 27), 10), "place": "Kade 1", "made_by_id": 1}
    return Meeting(**(fields | overrides))


class TestMoment:
    @time_machine.travel("2026-11-24 10:00+01:00", tick=False)
    def test_the_past_is_refused(self):
        with pytest.raises(MeetingInPast):
            check_moment(now())
        check_moment(now() + timedelta(minutes=1))

    @time_machine.travel("2026-11-24 10:00+01:00", tick=False)
    def test_more_than_a_year_ahead_is_a_typing_error(self):
        with pytest.raises(MeetingTooFar):
            check_moment(now() + timedelta(days=367))


class TestDoubts:
    def test_an_ordinary_morning_raises_none(self):
        assert doubts_about(at(date(2026, 11, 27), 10), 30) == []

    @pytest.mark.parametrize(
        ("day", "hour", "minutes"),
        [
            (date(2026, 11, 29), 10, 30),  # a Sunday
            (date(2026, 12, 26), 10, 30),  # Boxing Day
            (date(2026, 11, 27), 7, 30),
            (date(2026, 11, 27), 20, 30),
            (date(2026, 11, 27), 19, 90),
            (date(2026, 11, 27), 23, 90),
        ],
    )
    def test_an_odd_moment_does(self, day, hour, minutes):
        assert doubts_about(at(day, hour), minutes)


class TestOutcomes:
    def test_the_reason_of_who_says_no_is_kept_for_the_job_seeker(self):
        meeting = make_meeting(
            employer_outcome=MeetingOutcome.CLICK,
            candidate_outcome=MeetingOutcome.NO,
            candidate_reason="Te ver",
            employer_reason="x",
        )
        assert refusal(meeting) == "Te ver"
        assert refusal(make_meeting(employer_outcome=MeetingOutcome.CLICK)) is None

    @pytest.mark.parametrize(
        ("employer", "candidate", "possible"),
        [
            (MeetingOutcome.CONTRACT, MeetingOutcome.CLICK, True),
            (MeetingOutcome.TRIAL, MeetingOutcome.TRIAL, True),
            (MeetingOutcome.CONTRACT, MeetingOutcome.NO, False),
            (MeetingOutcome.CONTRACT, None, False),
            (MeetingOutcome.CLICK, MeetingOutcome.CLICK, False),
        ],
    )
    def test_a_placement_needs_work_from_the_one_and_no_refusal_from_the_other(self, employer, candidate, possible):
        assert can_be_placed(make_meeting(employer_outcome=employer, candidate_outcome=candidate)) is possible
