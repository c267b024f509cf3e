from datetime import date, time, timedelta

import pytest
import time_machine
from pydantic import ValidationError

from crm.core.clock import at, today
from crm.core.errors import NotAllowed
from crm.followups.inputs import Dropped
from crm.followups.models import FollowUpStatus
from crm.followups.week import MOST, monday_of, week, week_name

MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def on_a_tuesday_morning():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False):
        yield


def test_has_what_one_person_has_open_in_these_days(session, caller, coach, make_follow_up, make_company):
    company = make_company()
    late = make_follow_up(owner_id=caller.id, due_at=at(MONDAY, 9))
    last = make_follow_up(owner_id=caller.id, due_at=at(date(2026, 11, 27), 16, 45), company_id=company.id)
    make_follow_up(owner_id=caller.id, due_at=at(date(2026, 11, 30), 9))
    make_follow_up(owner_id=caller.id, due_at=at(date(2026, 11, 20), 9))
    make_follow_up(owner_id=caller.id, due_at=at(MONDAY, 9), status=FollowUpStatus.DONE)
    make_follow_up(owner_id=coach.id, due_at=at(MONDAY, 9))

    shown = week(session, caller, MONDAY)

    assert [item.follow_up for item in shown.items] == [late, last]
    assert shown.items[1].company == company
    assert [day.day.weekday() for day in shown.days] == [0, 1, 2, 3, 4]
    assert (shown.first_hour, shown.last_hour, shown.is_cut) == (9, 17, False)


def test_a_holiday_has_its_name_and_no_hours(session, caller):
    friday = week(session, caller, date(2026, 12, 21)).days[4]

    assert (friday.window, bool(friday.holiday)) == (None, True)


def test_holds_what_is_due_outside_our_hours_and_in_the_weekend(session, caller, make_follow_up):
    make_follow_up(owner_id=caller.id, due_at=at(date(2026, 11, 28), 7, 30))
    make_follow_up(owner_id=caller.id, due_at=at(date(2026, 11, 24), 20, 15))

    shown = week(session, caller, MONDAY)

    assert [day.day.weekday() for day in shown.days] == [0, 1, 2, 3, 4, 5]
    assert (shown.days[5].window, shown.first_hour, shown.last_hour) == (None, 7, 21)
    assert shown.days[0].window == (time(9), time(17))


def test_that_of_a_colleague_is_for_who_divides_the_work(session, caller, coach, coordinator, make_follow_up):
    make_follow_up(owner_id=coach.id, due_at=at(MONDAY, 9))

    assert len(week(session, coordinator, MONDAY, coach.id).items) == 1
    with pytest.raises(NotAllowed):
        week(session, caller, MONDAY, coach.id)


def test_is_never_longer_than_a_screen_can_hold(session, caller, make_follow_up):
    for minutes in range(MOST + 1):
        make_follow_up(owner_id=caller.id, due_at=at(MONDAY, 9) + timedelta(minutes=minutes))

    shown = week(session, caller, MONDAY)

    assert (len(shown.items), shown.is_cut) == (MOST, True)


def test_a_week_has_a_name_in_the_address():
    assert week_name(today()) == "2026-W48"
    assert monday_of("2026-W48") == MONDAY
    assert week_name(date(2027, 1, 1)) == "2026-W53"


@pytest.mark.parametrize(
    "name", ["", "2026", "2026-W54", "2026-W", "x-W1", "9999-W52", "-1-W01", "２０２６-W01", "2026-W1e1"]
)
def test_what_is_no_week_has_no_monday(name):
    assert monday_of(name) is None


def test_where_a_card_was_put_is_a_moment_on_the_dutch_clock():
    put = Dropped.model_validate({"follow_up_id": 1, "seen_version": 2, "day": "2026-11-25", "minute": 615})

    assert put.due_at == at(date(2026, 11, 25), 10, 15)


@pytest.mark.parametrize("wrong", [{"minute": 1440}, {"minute": -15}, {"day": "2026-13-01"}, {"owner_id": 3}])
def test_what_no_browser_of_ours_sends_is_refused(wrong):
    with pytest.raises(ValidationError):
        Dropped.model_validate({"follow_up_id": 1, "seen_version": 2, "day": "2026-11-25", "minute": 615} | wrong)
