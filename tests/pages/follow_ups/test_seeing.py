"""What one sees of follow-ups: the list, the week and what is done."""

from datetime import date, timedelta

import pytest

from crm.access.permissions import Role
from crm.core.clock import at, now
from crm.core.db import transaction
from crm.core.i18n import speaking
from crm.followups.models import FollowUpKind, FollowUpStatus
from crm.followups.queries import PAGE_SIZE
from crm.followups.services import move
from crm.followups.templates import load_templates
from tests.pages.follow_ups.building import errors, everything, make, make_company, stored
from tests.pages.reading import NASTY, texts

pytestmark = pytest.mark.usefixtures("tuesday")


class TestWhatOneSees:
    def test_overdue_comes_first_under_its_own_heading(self, visit, add_person):
        caller = add_person(Role.CALLER)
        company = make_company()
        make(caller, due_at=now() + timedelta(days=30))
        make(caller, due_at=now() - timedelta(days=2), company_id=company.id, note="Vraag naar mei")
        screen = visit("followups", caller)
        assert not screen.exception
        headings = [heading.value for heading in screen.subheader]
        assert [words.split(": ")[1] for words in headings] == ["Overdue (1)", "Later (1)"]
        assert "2 days late" in texts(screen)
        assert "Vraag naar mei" in texts(screen)
        assert "2 open, 1 of them overdue" in texts(screen)

    def test_nothing_says_what_will_appear_here(self, visit, add_person):
        screen = visit("followups", add_person(Role.CALLER))
        assert "appears here by itself" in texts(screen)
        screen.button_group(key="scope").set_value("unassigned").run()
        assert "Nothing is waiting for the team" in texts(screen)

    def test_a_viewer_sees_nothing(self, visit, add_person):
        make()
        screen = visit("followups", add_person(Role.VIEWER))
        assert "Your role does not allow this" in screen.error[0].value
        assert not screen.button

    def test_only_a_coordinator_sees_the_whole_team(self, visit, add_person):
        make(add_person(Role.COACH))
        caller, coordinator = add_person(Role.CALLER), add_person(Role.COORDINATOR)
        offered = visit("followups", caller).button_group(key="scope").options
        screen = visit("followups", coordinator)
        assert {*screen.button_group(key="scope").options} - {*offered} == {"The whole team"}
        screen.button_group(key="scope").set_value("team").run()
        assert "1 open" in texts(screen)

    def test_notes_and_names_are_shown_as_they_were_typed(self, visit, add_person):
        caller = add_person(Role.CALLER)
        make(caller, note=NASTY, company_id=make_company(name=NASTY, name_key="x").id)
        screen = visit("followups", caller)
        assert not screen.exception
        assert NASTY in [part.value for part in screen.text]
        assert not any("<script>" in part.value for part in (*screen.markdown, *screen.caption, *screen.subheader))

    def test_the_filters_come_from_the_address(self, visit, add_person):
        caller = add_person(Role.CALLER)
        make(caller, kind=FollowUpKind.SEND_INFO, due_at=now() - timedelta(days=1))
        make(caller, kind=FollowUpKind.SEND_INFO, due_at=now() + timedelta(days=30))
        make(caller, due_at=now() - timedelta(days=1))
        screen = visit("followups", caller, kind="send_info", when="overdue")
        assert not screen.exception
        assert "1 open, 1 of them overdue" in texts(screen)

    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_an_address_means_the_same_in_every_language(self, visit, add_person, language):
        caller, coordinator = add_person(Role.CALLER), add_person(Role.COORDINATOR, language)
        make(caller, kind=FollowUpKind.SEND_INFO, due_at=now() - timedelta(days=1))
        make(coordinator, kind=FollowUpKind.SEND_INFO, due_at=now() - timedelta(days=1))
        with speaking(language):
            screen = visit("followups", coordinator, scope="team", when="overdue", person=str(caller.id))
            assert not screen.exception
            assert screen.button_group(key="scope").value == "team"
            assert len([button for button in screen.button if button.key.startswith("done-")]) == 1

    def test_a_choice_stands_in_the_address(self, visit, add_person):
        screen = visit("followups", add_person(Role.COORDINATOR), page="3")
        screen.button_group(key="scope").set_value("team").run()
        screen.selectbox(key="kind").set_value(FollowUpKind.RECALL).run()
        assert screen.query_params == {"scope": "team", "kind": "recall"}
        screen.selectbox(key="kind").set_value(None).run()
        screen.button_group(key="scope").set_value("mine").run()
        assert screen.query_params == {}

    def test_nonsense_in_the_address_is_no_choice(self, visit, add_person):
        caller = add_person(Role.CALLER)
        make(caller)
        screen = visit("followups", caller, scope="team", kind="<b>", when="Overdue", person="x", page="0")
        assert not screen.exception
        assert screen.button_group(key="scope").value == "mine"
        assert "1 open" in texts(screen)

    def test_many_come_in_pages(self, visit, add_person):
        caller = add_person(Role.CALLER)
        for minutes in range(PAGE_SIZE + 3):
            make(caller, due_at=now() + timedelta(minutes=minutes + 1), note=f"nummer {minutes:02}")
        screen = visit("followups", caller)
        assert f"nummer {PAGE_SIZE - 1}" in texts(screen)
        assert f"nummer {PAGE_SIZE}" not in texts(screen)
        for page in ("2", "9"):
            screen = visit("followups", caller, page=page)
            assert f"nummer {PAGE_SIZE}" in texts(screen)
            assert "nummer 00" not in texts(screen)


class TestWeek:
    def test_is_the_one_in_the_address(self, visit, add_person):
        caller = add_person(Role.CALLER)
        screen = visit("followups", caller, week="2026-W53")
        assert not screen.exception
        assert "Week 53: Mon 28 Dec to Sun 3 Jan" in texts(screen)
        screen.button(key="week-after").click().run()
        assert screen.query_params["week"] == "2027-W01"
        screen.button(key="week-now").click().run()
        assert "Week 48" in texts(screen)
        assert screen.button_group(key="view").value == "week"
        screen.button_group(key="view").set_value("list").run()
        assert "week" not in screen.query_params
        assert "appears here by itself" in texts(screen)

    def test_nonsense_in_the_address_gives_this_week(self, visit, add_person):
        screen = visit("followups", add_person(Role.CALLER), week="<b>")
        assert not screen.exception
        assert "Week 48" in texts(screen)

    def test_a_coordinator_may_choose_whose(self, visit, add_person):
        caller, coordinator = add_person(Role.CALLER), add_person(Role.COORDINATOR)
        assert not visit("followups", caller, week="2026-W48").selectbox
        screen = visit("followups", coordinator, week="2026-W48")
        screen.selectbox(key="person").set_value(caller.id).run()
        assert not screen.exception


class TestDone:
    def test_with_an_outcome(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = make(caller)
        screen = visit("followups", caller)
        screen.button(key=f"done-{follow_up.id}").click().run()
        screen.text_area(key=f"outcome-{follow_up.id}-1").set_value("Komt dinsdag kijken")
        screen.button(key="save-done").click().run()
        assert not screen.exception
        done = stored(follow_up)
        assert (done.status, done.outcome) == (FollowUpStatus.DONE, "Komt dinsdag kijken")
        assert "appears here by itself" in texts(screen)

    def test_what_comes_after_is_shown_and_may_be_left_out_this_time(self, visit, add_person):
        caller = add_person(Role.CALLER)
        with transaction() as session:
            load_templates(session)
        first, second = (make(caller, kind=FollowUpKind.SEND_INFO) for _time in range(2))
        screen = visit("followups", caller)
        for follow_up, wanted in ((first, False), (second, True)):
            screen.button(key=f"done-{follow_up.id}").click().run()
            (box,) = [box for box in screen.checkbox if box.key.startswith(f"coming-{follow_up.id}-")]
            assert "Nabellen over de informatie" in box.label
            box.set_value(wanted).run()
            screen.button(key="save-done").click().run()
        assert not screen.exception
        assert [row.after_id for row in everything()] == [None, None, second.id]

    def test_one_of_the_outcomes_is_chosen_where_that_matters(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = make(caller, kind=FollowUpKind.AFTERCARE)
        screen = visit("followups", caller)
        screen.button(key=f"done-{follow_up.id}").click().run()
        screen.button(key="save-done").click().run()
        assert "Choose what came of it" in errors(screen)
        screen.button_group(key=f"outcome-code-{follow_up.id}-1").set_value("GOED").run()
        screen.button(key="save-done").click().run()
        assert (stored(follow_up).status, stored(follow_up).outcome_code) == (FollowUpStatus.DONE, "GOED")

    def test_undo_right_after(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = make(caller)
        screen = visit("followups", caller)
        screen.button(key=f"done-{follow_up.id}").click().run()
        screen.button(key="save-done").click().run()
        assert screen.button(key="undo-last").label == "Undo :gray[Something else]"
        screen.button(key="undo-last").click().run()
        assert not screen.exception
        assert stored(follow_up).status is FollowUpStatus.OPEN
        assert "1 open" in texts(screen)

    def test_or_no_longer_needed(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = make(caller)
        screen = visit("followups", caller)
        screen.button(key=f"done-{follow_up.id}").click().run()
        screen.button(key="save-dropped").click().run()
        assert stored(follow_up).status is FollowUpStatus.DROPPED

    def test_what_a_colleague_just_moved_is_not_closed_blindly(self, visit, add_person):
        caller, coordinator = add_person(Role.CALLER), add_person(Role.COORDINATOR)
        follow_up = make(caller)
        screen = visit("followups", caller)
        screen.button(key=f"done-{follow_up.id}").click().run()
        with transaction() as session:
            move(session, coordinator, follow_up.id, version=1, due_at=at(date(2026, 12, 1), 11))
        screen.text_area(key=f"outcome-{follow_up.id}-1").set_value("Mijn verhaal")
        screen.button(key="save-done").click().run()
        assert "Somebody else has changed this" in errors(screen)
        assert stored(follow_up).status is FollowUpStatus.OPEN
        assert screen.text_area(key=f"outcome-{follow_up.id}-1").value == "Mijn verhaal"
