"""Companies not called yet for one job seeker, and asking for a call list with them."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling import lists
from crm.candidates.models import Candidate
from crm.companies.models import SuppressionReason
from crm.companies.services import suppress
from crm.core.clock import now
from crm.core.errors import NotAllowed, NotFound
from crm.matching.call_lists import list_for
from crm.matching.uncalled import MOST_NEAR, AskedToday, ask_for_list, tell_list_is_made, uncalled_for
from crm.messaging.models import Notice, NoticeKind
from tests.conftest import add_user, make_candidate, make_company
from tests.crm.calling.building import make_list


@pytest.fixture
def baker(session: Session) -> Candidate:
    return make_candidate(session, name="Ria Jansen", trades=["Bakker"], competences=[], travel_km=10)


def told(session: Session, kind: NoticeKind) -> list[Notice]:
    return list(session.exec(select(Notice).where(Notice.kind == kind).order_by(col(Notice.id))))


class TestUncalled:
    def test_tells_how_many_of_which_trades_and_the_nearest(
        self, session: Session, coach: Actor, baker: Candidate
    ) -> None:
        make_company(session, name="ver", sbi_code="10710", latitude=51.86, longitude=4.67)
        make_company(session, name="dichtbij", sbi_code="10710", latitude=51.82, longitude=4.67)
        make_company(session, name="winkel", sbi_code="47241", latitude=None)
        make_company(session, name="andere branche", sbi_code="41000")
        found = uncalled_for(session, coach, baker.id)
        assert found.number == 3
        assert [n for _trade, n in found.trades] == [2, 1]
        assert [(near.company.name, near.km) for near in found.nearest] == [
            ("dichtbij", 1),
            ("ver", 6),
            ("winkel", None),
        ]
        assert any("Bakker" in reason for reason in found.reasons)

    def test_counts_what_the_list_of_a_coordinator_would_have(
        self, session: Session, coach: Actor, coordinator: Actor, caller: Actor, baker: Candidate
    ) -> None:
        companies = [make_company(session, sbi_code="10710") for _each in range(MOST_NEAR + 4)]
        suppress(session, coordinator, companies[0].id, reason=SuppressionReason.OBJECTION)
        companies[1].last_called_at = now()
        make_list(session, [caller], [companies[2]])
        make_company(session, sbi_code="10710", legal_form="EMZ")  # may not be called
        session.flush()
        found = uncalled_for(session, coach, baker.id)
        choice = lists.preview(session, coordinator, list_for(session, coordinator, baker.id).filters)
        assert found.number == choice.callable - choice.listed == MOST_NEAR + 1
        assert len(found.nearest) == MOST_NEAR

    def test_of_nobody_has_no_nearest(self, session: Session, coach: Actor, baker: Candidate) -> None:
        found = uncalled_for(session, coach, baker.id)
        assert (found.number, found.trades, found.nearest) == (0, [], [])

    def test_is_for_who_may_see_job_seekers_and_companies(
        self, session: Session, caller: Actor, viewer: Actor, coach: Actor, baker: Candidate
    ) -> None:
        for actor in (caller, viewer):
            with pytest.raises(NotAllowed):
                uncalled_for(session, actor, baker.id)
        with pytest.raises(NotFound):
            uncalled_for(session, coach, 404_404)


class TestAsking:
    def test_tells_every_coordinator_with_a_way_to_the_choice_and_no_name(
        self, session: Session, coach: Actor, coordinator: Actor, baker: Candidate
    ) -> None:
        other = add_user(session, Role.COORDINATOR)
        ask_for_list(session, coach, baker.id)
        messages = told(session, NoticeKind.LIST_ASKED)
        assert [one.user_id for one in messages] == [coordinator.user_id, other.user_id]
        assert {one.page for one in messages} == {f"call_lists?new=1&candidate={baker.id}"}
        assert "Jansen" not in messages[0].title + messages[0].body
        assert "bakkerij" in messages[0].body
        last = uncalled_for(session, coach, baker.id).last
        assert last is not None
        assert (last.person, last.made) == (coach.name, False)

    def test_is_done_once_a_day(self, session: Session, coach: Actor, coordinator: Actor, baker: Candidate) -> None:
        ask_for_list(session, coach, baker.id)
        with pytest.raises(AskedToday):
            ask_for_list(session, coach, baker.id)
        with time_machine.travel(now() + timedelta(days=1), tick=False):
            ask_for_list(session, coach, baker.id)
        assert len(told(session, NoticeKind.LIST_ASKED)) == 2

    def test_who_asked_hears_once_that_it_is_made(
        self, session: Session, coach: Actor, coordinator: Actor, baker: Candidate
    ) -> None:
        tell_list_is_made(session, coordinator, baker.id)
        assert told(session, NoticeKind.LIST_MADE) == []
        ask_for_list(session, coach, baker.id)
        for _each in range(2):
            tell_list_is_made(session, coordinator, baker.id)
        (message,) = told(session, NoticeKind.LIST_MADE)
        assert (message.user_id, message.page) == (coach.user_id, f"candidates?candidate={baker.id}&part=work")
        last = uncalled_for(session, coach, baker.id).last
        assert last is not None
        assert (last.person, last.made) == (coordinator.name, True)

    def test_is_for_who_may_change_job_seekers(
        self, session: Session, coach: Actor, caller: Actor, baker: Candidate
    ) -> None:
        with pytest.raises(NotAllowed):
            ask_for_list(session, caller, baker.id)
        with pytest.raises(NotAllowed):
            tell_list_is_made(session, coach, baker.id)
