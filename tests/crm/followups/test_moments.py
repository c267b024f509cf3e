from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from crm.access.permissions import Role
from crm.core.clock import at, local
from crm.followups.inputs import FollowUpInput
from crm.followups.models import FollowUpKind
from crm.followups.moments import is_taken, proposals, taken_moments
from crm.followups.services import plan
from crm.reference.calendar import desk_window
from crm.reference.trades import trade_groups
from tests.conftest import add_user, make_company

TUESDAY = date(2026, 11, 24)


def test_a_free_day_gives_a_moment_in_each_part_of_it():
    assert proposals(at(TUESDAY, 0), []) == [at(TUESDAY, 9, 30), at(TUESDAY, 12, 30), at(TUESDAY, 15)]


def test_what_is_promised_already_is_passed_over():
    taken = [at(TUESDAY, 9, 30), at(TUESDAY, 9, 50)]

    assert proposals(at(TUESDAY, 0), taken)[0] == at(TUESDAY, 10, 15)


def test_a_holiday_and_a_weekend_are_passed_over():
    evening_before_christmas = at(date(2026, 12, 24), 22)

    assert proposals(evening_before_christmas, [])[0] == at(date(2026, 12, 28), 9, 30)


def test_days_on_which_somebody_is_not_here_are_passed_over():
    absent = {TUESDAY, TUESDAY + timedelta(days=1)}

    assert proposals(at(TUESDAY, 0), [], absent=absent)[0] == at(date(2026, 11, 26), 9, 30)


def test_who_is_away_for_three_weeks_has_no_moment():
    assert not proposals(at(TUESDAY, 0), [], absent={TUESDAY + timedelta(days=n) for n in range(30)})


def test_hours_in_which_a_trade_is_busy_are_passed_over():
    found = proposals(at(TUESDAY, 11), [], "horeca")

    assert found[:2] == [at(TUESDAY, 11), at(TUESDAY, 14)]  # not between half past eleven and two


def test_a_promise_less_than_a_quarter_away_takes_the_moment():
    assert is_taken(at(TUESDAY, 10), [at(TUESDAY, 10, 14)])
    assert not is_taken(at(TUESDAY, 10), [at(TUESDAY, 10, 15)])


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 1)),
    st.lists(st.timedeltas(timedelta(), timedelta(days=3)), max_size=20),
    st.sampled_from(sorted(trade_groups())),
)
def test_what_is_proposed_is_free_in_our_hours_and_in_order(start, promises, trade):
    start = start.replace(tzinfo=UTC)
    taken = [start + promise for promise in promises]
    found = proposals(start, taken, trade)

    assert len(found) == 3
    assert all(earlier < later for earlier, later in pairwise(found))
    for moment in found:
        window = desk_window(local(moment).date())
        assert moment >= start
        assert not is_taken(moment, taken)
        assert window
        assert window[0] <= local(moment).time() < window[1]


@pytest.fixture
def colleague(session):
    return add_user(session, Role.CALLER)


@pytest.fixture
def on_monday():
    with time_machine.travel("2026-11-23 09:00+01:00", tick=False):
        yield


@pytest.mark.usefixtures("on_monday")
class TestTakenMoments:
    def promise(self, session, actor, clock, kind=FollowUpKind.CALLBACK):
        wish = FollowUpInput(kind=kind, due_at=clock, owner_id=actor.id, company_id=make_company(session).id)
        return plan(session, actor, wish)

    def test_only_calls_of_this_person_count(self, session, caller, colleague):
        self.promise(session, caller, at(TUESDAY, 10))
        self.promise(session, caller, at(TUESDAY, 11), FollowUpKind.SEND_INFO)
        self.promise(session, colleague, at(TUESDAY, 12))

        assert taken_moments(session, caller, caller.id, at(TUESDAY, 0)) == [at(TUESDAY, 10)]
        assert taken_moments(session, caller, colleague.id, at(TUESDAY, 0)) == [at(TUESDAY, 12)]

    def test_the_team_has_no_agenda(self, session, caller):
        assert taken_moments(session, caller, None, at(TUESDAY, 0)) == []
