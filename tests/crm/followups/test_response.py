"""How long employers wait for an answer."""

from datetime import datetime, timedelta

import pytest
import time_machine

from crm.access.permissions import Role
from crm.core.errors import NotAllowed
from crm.followups.models import FollowUpKind, FollowUpStatus
from crm.followups.response import percentile, response_times
from crm.reference import calendar
from crm.reference.calendar import DeskClock
from tests.conftest import add_user


@pytest.fixture(autouse=True)
def on_a_tuesday_at_noon():
    with time_machine.travel("2026-11-24 12:00+01:00", tick=False):  # the desk is open from 9 to 17
        yield


def moment(text):
    return datetime.fromisoformat(f"2026-{text}+01:00")


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("11-24 10:00", "11-24 11:30", 1.5),
        ("11-24 16:00", "11-25 10:00", 2),
        ("11-27 16:00", "11-30 10:00", 2),  # a weekend between
        ("11-24 20:00", "11-24 21:00", 0),
        ("11-24 10:00", "11-24 10:00", 0),
        ("11-24 11:00", "11-24 10:00", 0),
        ("12-24 16:00", "12-28 10:00", 2),  # Christmas between
    ],
)
def test_only_the_hours_of_the_desk_count(start, end, hours):
    for since in (start, "11-01 00:00"):
        assert DeskClock(moment(since)).between(moment(start), moment(end)) == timedelta(hours=hours)


def test_each_day_is_looked_at_once(monkeypatch):
    looked: list[object] = []
    known = calendar.desk_window
    monkeypatch.setattr(calendar, "desk_window", lambda day: looked.append(day) or known(day))
    clock = DeskClock(moment("11-01 00:00"))
    times = {clock.between(moment("11-01 00:00"), moment("11-24 12:00")) for _time in range(100)}
    assert (times, len(looked)) == ({timedelta(hours=8 * 16 + 3)}, 24)


def test_a_percentile_is_the_time_within_which_so_many_are():
    hours = [timedelta(hours=n) for n in (10, 1, 9, 2, 8, 3, 7, 4, 6, 5)]
    assert percentile(hours, 50) == timedelta(hours=5)
    assert percentile(hours, 90) == timedelta(hours=9)
    assert percentile(hours[:1], 90) == timedelta(hours=10)
    assert percentile([], 50) is None


def test_answers_and_what_waits_are_told_per_kind(session, make_follow_up):
    coordinator = add_user(session, Role.COORDINATOR)
    done = {"kind": FollowUpKind.SEND_INFO, "status": FollowUpStatus.DONE}
    for hour in (10, 11, 12):
        make_follow_up(asked_at=moment("11-23 09:00"), answered_at=moment(f"11-23 {hour}:00"), **done)
    old = datetime.fromisoformat("2026-08-20 10:00+02:00")
    make_follow_up(asked_at=old, answered_at=moment("11-23 10:00"), **done)
    make_follow_up(kind=FollowUpKind.SEND_INFO, asked_at=moment("11-24 11:00"))
    make_follow_up(kind=FollowUpKind.HANDOVER, asked_at=moment("11-23 16:00"))
    make_follow_up(kind=FollowUpKind.HANDOVER, asked_at=moment("11-23 16:00"), status=FollowUpStatus.DROPPED)
    make_follow_up(kind=FollowUpKind.CALLBACK)
    info, handover = response_times(session, coordinator)
    hours = [timedelta(hours=n) for n in (2, 3, 1)]
    assert (info.kind, info.answered, info.waiting) == (FollowUpKind.SEND_INFO, 3, 1)
    assert [info.median, info.ninety_percent_within, info.longest] == hours
    assert (handover.kind, handover.answered, handover.median, handover.waiting) == (FollowUpKind.HANDOVER, 0, None, 1)
    assert handover.longest == timedelta(hours=4)


def test_only_who_divides_the_work_sees_it(session, caller):
    with pytest.raises(NotAllowed):
        response_times(session, caller)
