from datetime import date

import pytest
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling.chance import ENOUGH_CALLS
from crm.calling.good_moments import next_good_moment
from crm.calling.models import HourFigures
from crm.core.clock import at
from crm.followups.models import FollowUp, FollowUpKind
from tests.conftest import add_user

TUESDAY = date(2026, 11, 24)
WEDNESDAY = date(2026, 11, 25)


@pytest.fixture
def caller(session: Session) -> Actor:
    return add_user(session, Role.CALLER)


def test_the_next_hour_in_which_the_trade_is_said_to_answer(session: Session, caller: Actor) -> None:
    assert next_good_moment(session, caller, caller.id, "horeca", at(TUESDAY, 10)) == at(TUESDAY, 14, 30)
    assert next_good_moment(session, caller, caller.id, "horeca", at(TUESDAY, 16)) == at(WEDNESDAY, 9, 30)


def test_a_holiday_is_passed_over(session: Session, caller: Actor) -> None:
    christmas_eve = at(date(2026, 12, 24), 17)

    assert next_good_moment(session, caller, caller.id, "building", christmas_eve) == at(date(2026, 12, 28), 9)


def test_nobody_promises_two_calls_at_once(session: Session, caller: Actor) -> None:
    session.add(FollowUp(kind=FollowUpKind.CALLBACK, due_at=at(TUESDAY, 14, 30), owner_id=caller.id))
    session.flush()

    assert next_good_moment(session, caller, caller.id, "horeca", at(TUESDAY, 10)) == at(TUESDAY, 14, 45)
    assert next_good_moment(session, caller, None, "horeca", at(TUESDAY, 10)) == at(TUESDAY, 14, 30)


def test_our_own_calls_count_once_there_are_enough(session: Session, caller: Actor) -> None:
    weekday = TUESDAY.weekday()
    poor = HourFigures(weekday=weekday, hour=14, trade_group="horeca", calls=ENOUGH_CALLS - 1, spoken=0)
    session.add(poor)
    session.add(HourFigures(weekday=weekday, hour=15, trade_group="horeca", calls=100, spoken=90))
    session.flush()
    assert next_good_moment(session, caller, caller.id, "horeca", at(TUESDAY, 10)) == at(TUESDAY, 14, 30)

    poor.calls = 100
    session.flush()
    assert next_good_moment(session, caller, caller.id, "horeca", at(TUESDAY, 10)) == at(TUESDAY, 15)


def test_of_other_trades_nobody_knows_until_we_measured(session: Session, caller: Actor) -> None:
    assert next_good_moment(session, caller, caller.id, "other", at(TUESDAY, 10)) is None

    session.add(HourFigures(weekday=0, hour=11, trade_group="other", calls=60, spoken=55))
    session.flush()
    assert next_good_moment(session, caller, caller.id, "other", at(TUESDAY, 10)) == at(date(2026, 11, 30), 11)
