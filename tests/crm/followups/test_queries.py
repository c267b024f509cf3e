from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import event

from crm.companies.models import Contact
from crm.core.clock import at, now
from crm.core.errors import NotAllowed
from crm.followups.inputs import AgendaFilters
from crm.followups.models import FollowUpKind, FollowUpStatus
from crm.followups.queries import PAGE_SIZE, agenda, counts, due_callbacks, next_step, possible_owners
from crm.followups.rules import Group
from crm.followups.services import move


@pytest.fixture(autouse=True)
def on_a_tuesday_morning():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False):
        yield


class TestDueCallbacks:
    def test_are_own_open_calls_whose_time_has_come_oldest_first(self, session, caller, coach, make_follow_up):
        ago = {hours: now() - timedelta(hours=hours) for hours in (1, 2)}
        late = make_follow_up(owner_id=caller.id, kind=FollowUpKind.CALLBACK, due_at=ago[1])
        later = make_follow_up(owner_id=caller.id, kind=FollowUpKind.RECALL, due_at=ago[2])
        make_follow_up(owner_id=caller.id, kind=FollowUpKind.CALLBACK, due_at=now() + timedelta(hours=1))
        make_follow_up(owner_id=caller.id, kind=FollowUpKind.SEND_INFO, due_at=ago[1])
        make_follow_up(owner_id=coach.id, kind=FollowUpKind.CALLBACK, due_at=ago[1])
        make_follow_up(kind=FollowUpKind.CALLBACK, due_at=ago[1])
        make_follow_up(owner_id=caller.id, kind=FollowUpKind.RECALL, due_at=ago[1], status=FollowUpStatus.DONE)
        assert due_callbacks(session, caller, now()) == [later, late]
        assert due_callbacks(session, caller, now(), limit=1) == [later]

    def test_are_not_for_viewers(self, session, viewer):
        with pytest.raises(NotAllowed):
            due_callbacks(session, viewer, now())


class TestNextStep:
    def test_is_the_first_open_one_of_the_company(self, session, caller, make_company, make_follow_up):
        company = make_company()
        make_follow_up(company_id=company.id, due_at=now() + timedelta(days=2))
        first = make_follow_up(company_id=company.id, due_at=now() + timedelta(days=1))
        make_follow_up(company_id=company.id, due_at=now(), status=FollowUpStatus.DROPPED)
        make_follow_up(due_at=now())
        assert next_step(session, caller, company.id) == first

    def test_may_be_none(self, session, caller, make_company):
        assert next_step(session, caller, make_company().id) is None

    def test_is_not_for_viewers(self, session, viewer, make_company):
        with pytest.raises(NotAllowed):
            next_step(session, viewer, make_company().id)


class TestAgenda:
    def test_shows_each_with_its_company_contact_and_owner(self, session, caller, make_company, make_follow_up):
        company = make_company()
        contact = Contact(company_id=company.id, name="Mevrouw De Wit")
        session.add(contact)
        session.flush()
        make_follow_up(owner_id=caller.id, company_id=company.id, contact_id=contact.id)
        (item,) = agenda(session, caller)
        assert (item.company, item.contact, item.owner) == (company, "Mevrouw De Wit", caller.name)

    def test_overdue_comes_first_with_its_group(self, session, caller, make_follow_up):
        for days in (30, 2, 0.1, -1):
            make_follow_up(owner_id=caller.id, due_at=now() + timedelta(days=days))
        groups = [item.group for item in agenda(session, caller)]
        assert groups == [Group.OVERDUE, Group.TODAY, Group.THIS_WEEK, Group.LATER]

    def test_mine_the_teams_and_nobodys_are_kept_apart(self, session, caller, coordinator, make_follow_up):
        own = make_follow_up(owner_id=caller.id)
        free = make_follow_up(due_at=now() + timedelta(hours=2))
        make_follow_up(owner_id=caller.id, status=FollowUpStatus.DONE)
        assert [item.follow_up for item in agenda(session, caller, "mine")] == [own]
        assert [item.follow_up for item in agenda(session, caller, "unassigned")] == [free]
        assert [item.follow_up for item in agenda(session, coordinator, "team")] == [own, free]

    def test_a_caller_does_not_see_the_teams(self, session, caller, viewer):
        with pytest.raises(NotAllowed):
            agenda(session, caller, "team")
        with pytest.raises(NotAllowed):
            counts(session, caller, "team")
        with pytest.raises(NotAllowed):
            agenda(session, viewer)

    def test_can_be_filtered(self, session, coordinator, caller, make_follow_up):
        make_follow_up(owner_id=coordinator.id)
        wanted = make_follow_up(owner_id=caller.id, kind=FollowUpKind.HANDOVER)
        wanted.due_at = now()
        session.flush()
        for filters in (
            AgendaFilters(owner_id=caller.id),
            AgendaFilters(kind=FollowUpKind.HANDOVER),
            AgendaFilters(due_before=now() + timedelta(minutes=1)),
        ):
            assert [item.follow_up for item in agenda(session, coordinator, "team", filters)] == [wanted]
            assert sum(counts(session, coordinator, "team", filters).values()) == 1

    def test_comes_in_pages_without_loss(self, session, caller, make_follow_up):
        made = {make_follow_up(owner_id=caller.id).id for _number in range(PAGE_SIZE * 2 + 1)}
        seen = [item.follow_up.id for page in (1, 2, 3) for item in agenda(session, caller, page=page)]
        assert (len(seen), set(seen)) == (len(made), made)
        assert agenda(session, caller, page=4) == []

    def test_a_wild_page_number_shows_the_first(self, session, caller, make_follow_up):
        make_follow_up(owner_id=caller.id)
        assert len(agenda(session, caller, page=-7)) == 1

    def test_says_why_it_was_moved_last(self, session, caller, make_follow_up):
        follow_up = make_follow_up(owner_id=caller.id)
        for version, reason in enumerate(("Ziek", "Vakantie"), start=1):
            move(session, caller, follow_up.id, version=version, due_at=at(date(2026, 12, version), 11), reason=reason)
        assert agenda(session, caller)[0].follow_up.moved_because == "Vakantie"

    def test_takes_one_query_however_many_there_are(self, session, caller, make_company, make_follow_up):
        for number in range(10):
            company = make_company(name=f"Bedrijf {number}", name_key=f"bedrijf {number}")
            make_follow_up(owner_id=caller.id, company_id=company.id)
        session.expunge_all()
        seen = []
        with_counting = session.get_bind()
        event.listen(with_counting, "after_cursor_execute", lambda *args: seen.append(args[2]))
        assert {item.company.town for item in agenda(session, caller)} == {"Dordrecht"}
        assert len(seen) == 1


class TestCounts:
    def test_agree_with_the_agenda(self, session, caller, make_follow_up):
        for hours in (-30, -0.01, 0, 1, 13.9, 14.1, 100, 133.9, 134.1, 5000):
            make_follow_up(owner_id=caller.id, due_at=now() + timedelta(hours=hours))
        groups = [item.group for item in agenda(session, caller)]
        assert counts(session, caller) == {group: groups.count(group) for group in Group}


class TestPossibleOwners:
    def test_are_those_who_are_here_and_may_have_work(self, session, coordinator, caller, coach, viewer):
        found = possible_owners(session, coordinator)
        assert {caller.id, coach.id} <= set(found)
        assert viewer.id not in found

    def test_are_not_for_viewers(self, session, viewer):
        with pytest.raises(NotAllowed):
            possible_owners(session, viewer)
