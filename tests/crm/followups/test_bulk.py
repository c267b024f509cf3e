"""The same for several follow-ups at once."""

from datetime import timedelta

import pytest
import time_machine

from crm.access.permissions import Role
from crm.core.clock import now
from crm.core.i18n import speaking
from crm.followups.services import HandOver, bulk, obstacle
from crm.messaging.queries import unread
from tests.conftest import add_user


@pytest.fixture(autouse=True)
def on_a_tuesday_morning():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False), speaking("en"):
        yield


@pytest.fixture
def coordinator(session):
    return add_user(session, Role.COORDINATOR, name="Mia", language="en")


@pytest.fixture
def colleague(session):
    return add_user(session, Role.CALLER, language="en")


class TestHandOver:
    def test_many_are_one_message(self, session, coordinator, caller, colleague, make_follow_up):
        chosen = {make_follow_up(owner_id=caller.id, due_at=now() + timedelta(days=n)).id: 1 for n in (3, 1, 2)}
        chosen[make_follow_up(owner_id=colleague.id).id] = 1
        assert bulk(session, coordinator, chosen, HandOver(colleague.id, " Graag ")) == {}
        (notice,) = unread(session, colleague)
        assert notice.title == "Mia handed over 3 follow-ups to you"
        assert notice.body == "The first was agreed for Wed 25 Nov 10:00.\nGraag"

    def test_one_says_what_it_is(self, session, coordinator, caller, colleague, make_follow_up):
        chosen = {make_follow_up(owner_id=caller.id).id: 1}
        bulk(session, coordinator, chosen, HandOver(colleague.id, "Graag"))
        (notice,) = unread(session, colleague)
        assert notice.title == "Mia handed over to you: Something else"

    def test_one_whose_note_is_full_stays_and_the_rest_goes(
        self, session, coordinator, caller, colleague, make_follow_up
    ):
        full, other = (make_follow_up(owner_id=caller.id, note=note) for note in ("x" * 995, ""))
        action = HandOver(colleague.id, "Graag")
        why = "The note has no room for this word: it is 6 characters too long. Shorten either of them."
        assert [obstacle(coordinator, one, action) for one in (full, other)] == [why, ""]
        assert bulk(session, coordinator, {full.id: 1, other.id: 1}, action) == {full.id: why}
        assert [full.owner_id, other.owner_id] == [caller.id, colleague.id]
        assert len(unread(session, colleague)) == 1
