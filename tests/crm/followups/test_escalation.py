"""Promised calls that are late: to the team, then to the coordinators, each once."""

from datetime import timedelta

import pytest
import time_machine

from crm.access.models import Absence, User
from crm.access.permissions import Role
from crm.core.clock import now, today
from crm.followups.escalation import BATCH, give_to_team, late_owners, tell_coordinators
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus
from crm.followups.services import move
from crm.messaging.models import NoticeKind
from crm.messaging.queries import unread
from tests.conftest import add_user


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-24 12:00+01:00", tick=False) as clock:  # the desk is open from 9 to 17
        yield clock


@pytest.fixture
def coordinator(session):
    return add_user(session, Role.COORDINATOR, language="en")


@pytest.fixture
def owner(session):
    return add_user(session, Role.CALLER, name="Ria de Wit", language="en")


@pytest.fixture
def make_call(make_follow_up):
    def make(owner, late: timedelta, **overrides):
        fields = {"kind": FollowUpKind.CALLBACK, "owner_id": owner and owner.id, "due_at": now() - late}
        return make_follow_up(**(fields | overrides))

    return make


def escalate(session):
    return sum(give_to_team(session, owner_id, now()) for owner_id in late_owners(session, now()))


def told(session, reader, kind):
    return [notice.title for notice in unread(session, reader) if notice.kind is kind]


class TestToTheTeam:
    def test_after_an_hour_its_owner_hears_once_that_the_team_may_make_it(self, session, owner, make_call, clock):
        call = make_call(owner, timedelta(minutes=59))
        assert escalate(session) == 0
        clock.shift(timedelta(minutes=1))
        assert escalate(session) == 1
        clock.shift(timedelta(hours=2))
        assert escalate(session) == 0
        assert told(session, owner, NoticeKind.LATE) == ["1 callback of yours is late: the team may make it now"]
        session.refresh(call)
        assert (call.to_team_at, call.owner_id) == (now() - timedelta(hours=2), owner.id)

    def test_many_are_one_message(self, session, owner, make_call):
        for _ in range(7):
            make_call(owner, timedelta(hours=2))
        assert escalate(session) == 7
        assert told(session, owner, NoticeKind.LATE) == ["7 callbacks of yours are late: the team may make them now"]

    def test_of_who_is_not_here_it_is_at_once_and_others_hear_it(self, session, owner, coordinator, make_call):
        make_call(owner, timedelta(minutes=1))
        make_call(owner, -timedelta(minutes=1))
        session.add(Absence(user_id=owner.id, first_day=today(), last_day=today()))
        session.flush()
        assert escalate(session) == 1
        words = ["Ria de Wit is not here: 1 callback is for the team"]
        assert told(session, coordinator, NoticeKind.UNASSIGNED) == words
        assert not unread(session, owner)

    def test_of_who_left_others_hear_it(self, session, owner, coordinator, make_call):
        make_call(owner, timedelta(hours=2))
        session.get_one(User, owner.id).active = False
        session.flush()
        assert escalate(session) == 1
        assert told(session, coordinator, NoticeKind.UNASSIGNED)

    def test_what_is_done_or_no_call_or_moved_stays_where_it_is(self, session, owner, make_call, clock):
        make_call(owner, timedelta(hours=2), status=FollowUpStatus.DONE)
        make_call(owner, timedelta(hours=2), kind=FollowUpKind.SEND_INFO)
        moved = make_call(owner, timedelta(hours=2))
        assert escalate(session) == 1
        move(session, owner, moved.id, version=None, due_at=now() + timedelta(hours=1))
        assert escalate(session) == 0
        clock.shift(timedelta(hours=3))
        assert escalate(session) == 1

    def test_two_schedulers_that_saw_the_same_tell_once(self, session, owner, make_call):
        make_call(owner, timedelta(hours=2))
        seen = late_owners(session, now())
        assert [give_to_team(session, owner_id, now()) for owner_id in (*seen, *seen)] == [1, 0]
        assert len(unread(session, owner)) == 1


class TestToTheCoordinators:
    def test_after_a_working_day_they_hear_once_of_all_together(self, session, owner, coordinator, make_call, clock):
        make_call(owner, timedelta(hours=23))
        late = make_call(None, timedelta(days=1))
        assert tell_coordinators(session, now()) == 1
        clock.shift(timedelta(minutes=5))
        assert tell_coordinators(session, now()) == 0
        words = ["1 callback has not been made for too long"]
        assert told(session, coordinator, NoticeKind.ESCALATED) == words
        assert not unread(session, owner)
        session.refresh(late)
        assert late.to_coordinator_at == now() - timedelta(minutes=5)

    def test_a_weekend_does_not_make_it_late(self, session, owner, coordinator, make_call, clock):
        clock.move_to("2026-11-27 16:00+01:00")
        make_call(owner, timedelta())
        clock.move_to("2026-11-30 15:59+01:00")
        assert tell_coordinators(session, now()) == 0
        clock.shift(timedelta(minutes=1))
        assert tell_coordinators(session, now()) == 1

    def test_more_than_a_batch_is_done_in_the_next_run(self, session, owner, make_call):
        fields = {"kind": FollowUpKind.CALLBACK, "owner_id": owner.id, "due_at": now() - timedelta(days=3)}
        session.add_all(FollowUp(**fields) for _ in range(BATCH + 1))
        session.flush()
        assert [tell_coordinators(session, now()) for _ in range(3)] == [BATCH, 1, 0]
