"""Work that is given to others all at once."""

from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from crm.access.models import Absence, User
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.core.clock import now, today
from crm.core.errors import ChangedMeanwhile, NotAllowed
from crm.followups.load import loads
from crm.followups.models import FollowUp, FollowUpStatus
from crm.followups.services import NobodyChosen, NoSuchOwner, clearing, division, drop, move, pass_on
from crm.followups.spreading import Item, Receiver, spread
from crm.messaging.queries import unread
from tests.conftest import add_user

DAY = date(2026, 11, 24)
PEOPLE = st.lists(st.integers(0, 9), min_size=1, max_size=8)


@pytest.fixture(autouse=True)
def on_a_tuesday_morning():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False):
        yield


@pytest.fixture
def coordinator(session):
    return add_user(session, Role.COORDINATOR, name="Mia Coördinator", language="en")


@pytest.fixture
def colleague(session):
    return add_user(session, Role.CALLER, name="Ria de Wit", language="en")


def owners(session):
    return Counter(session.exec(select(FollowUp.owner_id)).all())


def give_all(session, actor, holder_id, to):
    pass_on(session, actor, holder_id, to, seen=division(session, actor, holder_id, to).versions)


class TestSpread:
    @given(st.integers(0, 60), PEOPLE)
    def test_who_gets_something_ends_at_most_one_above_anybody(self, count, work):
        given_to = Counter(
            spread([Item(n, DAY) for n in range(count)], [Receiver(n, one, 10) for n, one in enumerate(work)]).values()
        )
        assert sum(given_to.values()) == count
        after = {n: one + given_to[n] for n, one in enumerate(work)}
        assert all(after[receiver] - other <= 1 for receiver in given_to for other in after.values())

    @given(st.integers(0, 60), st.lists(st.booleans(), min_size=1, max_size=8), st.booleans())
    def test_who_is_not_here_gets_nothing(self, count, here, for_weeks):
        away = frozenset({DAY})
        receivers = [
            Receiver(n, 0, 10 if one or not for_weeks else 0, frozenset() if one else away)
            for n, one in enumerate(here)
        ]
        given_to = Counter(spread([Item(n, DAY) for n in range(count)], receivers).values())
        assert set(given_to) <= ({n for n, one in enumerate(here) if one} or {None})
        assert max(given_to.values(), default=0) - min(given_to.values(), default=0) <= 1

    def test_who_is_here_half_of_the_days_gets_half_as_much(self):
        given_to = Counter(spread([Item(n, DAY) for n in range(30)], [Receiver(1, 0, 10), Receiver(2, 0, 5)]).values())
        assert given_to == {1: 20, 2: 10}


class TestPassOn:
    def test_all_of_somebody_is_spread_with_one_message_each(
        self, session, coordinator, caller, colleague, make_follow_up
    ):
        other = add_user(session, Role.CALLER, language="en")
        for n in range(5):
            make_follow_up(owner_id=caller.id, due_at=now() + timedelta(days=n))
        make_follow_up(owner_id=colleague.id)
        make_follow_up(owner_id=caller.id, status=FollowUpStatus.DONE)
        to = [colleague.id, other.id]
        planned = division(session, coordinator, caller.id, to)
        assert planned.counts == {colleague.id: 2, other.id: 3}
        assert pass_on(session, coordinator, caller.id, to, seen=planned.versions) == 5
        assert owners(session) == {caller.id: 1, colleague.id: 3, other.id: 3}
        (notice,) = unread(session, colleague)
        assert notice.title == "Mia Coördinator handed over 2 follow-ups to you"
        noted = select(AuditEntry).where(AuditEntry.action == "follow_up.handed_over")
        assert len(session.exec(noted).all()) == 5

    def test_of_who_left_to_one_person_or_the_team(self, session, coordinator, caller, colleague, make_follow_up):
        make_follow_up(owner_id=caller.id)
        session.get_one(User, caller.id).active = False
        give_all(session, coordinator, caller.id, [None])
        assert owners(session) == {None: 1}
        give_all(session, coordinator, None, [colleague.id])
        assert owners(session) == {colleague.id: 1}

    def test_on_a_day_on_which_nobody_is_here_it_is_for_the_team(
        self, session, coordinator, caller, colleague, make_follow_up
    ):
        other = add_user(session, Role.CALLER)
        make_follow_up(owner_id=caller.id)
        for one in (colleague, other):
            session.add(Absence(user_id=one.id, first_day=today(), last_day=today()))
        session.flush()
        assert division(session, coordinator, caller.id, [colleague.id, other.id]).counts == {None: 1}

    def test_what_changed_since_it_was_looked_at_is_said(self, session, coordinator, caller, colleague, make_follow_up):
        first = make_follow_up(owner_id=caller.id)
        seen = division(session, coordinator, caller.id, [colleague.id]).versions
        move(session, coordinator, first.id, version=1, due_at=now() + timedelta(days=1))
        session.flush()
        with pytest.raises(ChangedMeanwhile):
            pass_on(session, coordinator, caller.id, [colleague.id], seen=seen)

    def test_one_that_came_instead_of_another_was_not_looked_at(
        self, session, coordinator, caller, colleague, make_follow_up
    ):
        first = make_follow_up(owner_id=caller.id)
        seen = division(session, coordinator, caller.id, [colleague.id]).versions
        drop(session, coordinator, first.id, version=1)
        make_follow_up(owner_id=caller.id)
        with pytest.raises(ChangedMeanwhile):
            pass_on(session, coordinator, caller.id, [colleague.id], seen=seen)

    def test_very_much_goes_in_parts(self, session, coordinator, caller, colleague, make_follow_up, monkeypatch):
        monkeypatch.setattr(clearing, "MOST", 2)
        for _n in range(3):
            make_follow_up(owner_id=caller.id)
        planned = division(session, coordinator, caller.id, [colleague.id])
        assert (planned.total, planned.rest) == (2, 1)
        pass_on(session, coordinator, caller.id, [colleague.id], seen=planned.versions)
        assert owners(session) == {colleague.id: 2, caller.id: 1}

    def test_goes_to_who_can_have_it_and_by_who_divides_the_work(
        self, session, coordinator, caller, colleague, make_follow_up
    ):
        seen = {make_follow_up(owner_id=caller.id).id: 1}
        viewer = add_user(session, Role.VIEWER)
        for to, error in (([], NobodyChosen), ([caller.id], NobodyChosen), ([viewer.id], NoSuchOwner)):
            with pytest.raises(error):
                pass_on(session, coordinator, caller.id, to, seen=seen)
        for refused in (
            lambda: pass_on(session, colleague, caller.id, [colleague.id], seen={}),
            lambda: division(session, colleague, caller.id, [colleague.id]),
            lambda: loads(session, colleague),
        ):
            with pytest.raises(NotAllowed):
                refused()


def test_the_load_counts_late_today_and_the_working_days_ahead(session, coordinator, caller, colleague, make_follow_up):
    for hours in (-1, 1, 24, 24 * 3, 24 * 6, 24 * 30):  # the third is Friday, the sixth Monday
        make_follow_up(owner_id=caller.id, due_at=now() + timedelta(hours=hours))
    make_follow_up(owner_id=None)
    make_follow_up(owner_id=caller.id, status=FollowUpStatus.DONE)
    session.add(Absence(user_id=colleague.id, first_day=today(), last_day=today()))
    session.flush()
    found = {one.user_id: one for one in loads(session, coordinator)}
    mine = found[caller.id]
    assert (mine.open, mine.late, mine.today, mine.ahead) == (6, 1, 1, (1, 0, 1, 1, 0))
    assert (found[None].open, found[None].today) == (1, 1)
    assert [found[one.id].here for one in (caller, colleague)] == [True, False]
    assert found[coordinator.id].open == 0
