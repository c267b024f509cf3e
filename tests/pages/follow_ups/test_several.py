"""Several follow-ups at once, who does one, and a new one."""

from datetime import date

import pytest
from sqlmodel import select

from crm.access.models import User
from crm.access.permissions import Role
from crm.core.clock import at
from crm.core.db import transaction
from crm.followups.models import FollowUp, FollowUpKind, FollowUpTemplate
from crm.followups.services import move
from crm.followups.templates import load_templates
from tests.pages.follow_ups.building import errors, everything, make, make_company, stored
from tests.pages.reading import texts

pytestmark = pytest.mark.usefixtures("tuesday")


class TestBulk:
    @pytest.fixture
    def screen(self, visit, add_person):
        self.caller, self.coordinator = add_person(Role.CALLER), add_person(Role.COORDINATOR)
        self.call = make(self.caller, kind=FollowUpKind.CALLBACK, due_at=at(date(2026, 11, 25), 16))
        self.care = make(self.caller, kind=FollowUpKind.AFTERCARE, due_at=at(date(2026, 11, 26), 11))
        self.other = make(self.caller, due_at=at(date(2026, 11, 27), 11))
        screen = visit("followups", self.coordinator)
        screen.button_group(key="scope").set_value("team").run()
        screen.button(key="pick-all").click().run()
        screen.button(key="bulk-open").click().run()
        return screen

    def test_moves_each_to_its_own_time_and_says_what_cannot(self, screen):
        screen.date_input(key="bulk-day").set_value(date(2026, 12, 5)).run()  # a Saturday until four
        assert "2 move to Sat 5 Dec." in texts(screen).replace("\\", "")
        assert "calling is allowed between 10:00 and 16:00" in texts(screen).replace("\\", "")
        screen.button(key="save-bulk").click().run()
        assert not screen.exception
        moved = [stored(one).due_at for one in (self.call, self.care, self.other)]
        assert moved == [self.call.due_at, at(date(2026, 12, 5), 11), at(date(2026, 12, 5), 11)]

    def test_done_asks_what_came_of_it_where_that_matters(self, screen):
        screen.button_group(key="bulk").set_value("done").run()
        assert "1 will be done." in texts(screen)
        screen.text_input(key="bulk-outcome").set_value("Besproken").run()
        assert "3 will be done." in texts(screen)
        screen.button(key="save-bulk").click().run()
        assert {stored(one).outcome for one in (self.call, self.care, self.other)} == {"Besproken"}

    def test_hands_over_what_was_not_changed_meanwhile(self, screen, add_person):
        screen.button_group(key="bulk").set_value("pass").run()
        screen.selectbox(key="bulk-owner").set_value(self.coordinator.id).run()
        with transaction() as session:
            move(session, self.caller, self.care.id, version=1, due_at=at(date(2026, 12, 1), 11))
        screen.button(key="save-bulk").click().run()
        owners = [stored(one).owner_id for one in (self.call, self.care, self.other)]
        assert owners == [self.coordinator.id, self.caller.id, self.coordinator.id]

    def test_what_is_chosen_and_what_stays_is_called_by_its_company(self, visit, add_person):
        caller, coordinator = add_person(Role.CALLER), add_person(Role.COORDINATOR)
        company = make_company(name="Café (oud)", name_key="cafe oud")
        follow_up = make(caller, kind=FollowUpKind.AFTERCARE, company_id=company.id)
        screen = visit("followups", coordinator, scope="team")
        (box,) = screen.checkbox
        assert box.label == "Choose: Aftercare, Café (oud)"
        assert screen.selectbox(key=f"owner-{follow_up.id}-1").label == "Who does this: Aftercare, Café (oud)"
        screen.button(key="pick-all").click().run()
        screen.button(key="bulk-open").click().run()
        screen.date_input(key="bulk-day").set_value(date(2026, 11, 23)).run()
        assert "Aftercare\\, Café \\(oud\\)\\: This moment is already over" in texts(screen)

    def test_is_not_for_callers(self, visit, add_person):
        caller = add_person(Role.CALLER)
        make(caller)
        assert not [button for button in visit("followups", caller).button if button.key == "pick-all"]


class TestWhoDoesIt:
    def test_anyone_takes_what_is_nobodys(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = make()
        screen = visit("followups", caller)
        screen.button_group(key="scope").set_value("unassigned").run()
        assert not [box for box in screen.selectbox if box.key.startswith("owner-")]
        screen.button(key=f"take-{follow_up.id}").click().run()
        assert stored(follow_up).owner_id == caller.id

    def test_the_second_to_take_it_hears_so(self, visit, add_person):
        caller, quicker = add_person(Role.CALLER), add_person(Role.CALLER)
        follow_up = make()
        screen = visit("followups", caller)
        screen.button_group(key="scope").set_value("unassigned").run()
        with transaction() as session:
            row = session.get_one(FollowUp, follow_up.id)
            row.owner_id = quicker.id
        screen.button(key=f"take-{follow_up.id}").click().run()
        assert "Somebody else has changed this" in errors(screen)
        assert stored(follow_up).owner_id == quicker.id

    def test_a_coordinator_gives_work_to_somebody_else(self, visit, add_person):
        caller, coach, coordinator = (add_person(role) for role in (Role.CALLER, Role.COACH, Role.COORDINATOR))
        follow_up = make(caller)
        screen = visit("followups", coordinator)
        screen.button_group(key="scope").set_value("team").run()
        screen.selectbox(key=f"owner-{follow_up.id}-1").set_value(coach.id).run()
        assert stored(follow_up).owner_id == coach.id
        assert screen.selectbox(key=f"owner-{follow_up.id}-2").value == coach.id

    def test_work_of_somebody_who_left_can_be_given_away(self, visit, add_person):
        caller, coordinator = add_person(Role.CALLER), add_person(Role.COORDINATOR)
        follow_up = make(caller)
        with transaction() as session:
            session.get_one(User, caller.id).active = False
        screen = visit("followups", coordinator)
        screen.button_group(key="scope").set_value("team").run()
        screen.selectbox(key=f"owner-{follow_up.id}-1").select_index(0).run()
        assert stored(follow_up).owner_id is None


class TestNew:
    def test_for_a_company_that_was_looked_up(self, visit, add_person):
        caller = add_person(Role.CALLER)
        company = make_company()
        screen = visit("followups", caller)
        screen.button(key="new").click().run()
        screen.selectbox(key="new-follow-up-kind").set_value(FollowUpKind.SEND_INFO).run()
        screen.text_input(key="new-follow-up-company-text").set_value("bakk").run()
        screen.text_area(key="new-follow-up-note").set_value("Folder")
        screen.button(key="save-new").click().run()
        assert not screen.exception
        (made,) = everything()
        assert (made.kind, made.company_id, made.owner_id, made.note, made.due_at) == (
            FollowUpKind.SEND_INFO,
            company.id,
            caller.id,
            "Folder",
            at(date(2026, 11, 25), 10),
        )

    def test_the_reason_of_a_recall_gives_the_day(self, visit, add_person):
        screen = visit("followups", add_person(Role.CALLER))
        screen.button(key="new").click().run()
        screen.selectbox(key="new-follow-up-kind").set_value(FollowUpKind.RECALL).run()
        screen.selectbox(key="new-follow-up-reason").set_value("VOORJAAR").run()
        assert screen.date_input(key="new-follow-up-day").value == date(2027, 3, 1)
        screen.selectbox(key="new-follow-up-reason").set_value("PIEK").run()
        screen.selectbox(key="new-follow-up-month").set_value(6).run()
        screen.checkbox(key="new-follow-up-asked").check()
        screen.button(key="save-new").click().run()
        assert not screen.exception
        (made,) = everything()
        assert (made.recall_reason, made.recall_on) == ("PIEK", date(2027, 6, 1))
        assert (made.due_at, made.asked_at is None) == (at(date(2027, 3, 1), 10), False)
        assert "June 2027" in texts(screen)

    def test_for_the_team_or_a_colleague(self, visit, add_person):
        coach, coordinator = add_person(Role.COACH), add_person(Role.COORDINATOR)
        screen = visit("followups", coordinator)
        for name in ("Somebody of the team", coach.name):
            screen.button(key="new").click().run()
            screen.selectbox(key="new-follow-up-owner").select(name)
            screen.button(key="save-new").click().run()
        assert [row.owner_id for row in everything()] == [None, coach.id]

    def test_what_was_filled_in_is_there_again_after_closing_by_mistake(self, visit, add_person):
        caller, company = add_person(Role.CALLER), make_company()
        screen = visit("followups", caller)
        screen.button(key="new").click().run()
        screen.selectbox(key="new-follow-up-kind").set_value(FollowUpKind.RECALL).run()
        screen.selectbox(key="new-follow-up-reason").set_value("PIEK").run()
        screen.selectbox(key="new-follow-up-month").set_value(6).run()
        screen.selectbox(key="new-follow-up-owner").select("Somebody of the team").run()
        screen.checkbox(key="new-follow-up-asked").check()
        screen.text_input(key="new-follow-up-company-text").set_value("bakk").run()
        del screen.session_state["open-dialog"]
        screen.run()
        assert not [box for box in screen.selectbox if box.key == "new-follow-up-kind"]
        screen.button(key="new").click().run()
        screen.button(key="save-new").click().run()
        assert not screen.exception
        (made,) = everything()
        assert (made.kind, made.recall_reason, made.recall_on) == (FollowUpKind.RECALL, "PIEK", date(2027, 6, 1))
        assert (made.owner_id, made.company_id, made.asked_at is None) == (None, company.id, False)

    def test_a_template_fills_in_only_what_nobody_filled_in(self, visit, add_person):
        with transaction() as session:
            load_templates(session)
            names = dict(session.exec(select(FollowUpTemplate.code, FollowUpTemplate.name)).all())
        screen = visit("followups", add_person(Role.CALLER))
        screen.button(key="new").click().run()
        for code in ("INFORMATIE_NABELLEN", "NAZORG_2_WEKEN"):  # the second takes the place of the first
            screen.selectbox(key="new-follow-up-template").select(names[code]).run()
        aftercare = screen.text_area(key="new-follow-up-note").value
        assert screen.selectbox(key="new-follow-up-kind").value is FollowUpKind.AFTERCARE
        assert screen.date_input(key="new-follow-up-day").value == date(2026, 12, 8)
        screen.text_area(key="new-follow-up-note").set_value("Mijn verhaal")
        screen.date_input(key="new-follow-up-day").set_value(date(2026, 12, 15))
        screen.selectbox(key="new-follow-up-template").select(names["INFORMATIE_NABELLEN"]).run()
        assert screen.text_area(key="new-follow-up-note").value == "Mijn verhaal" != aftercare
        assert screen.date_input(key="new-follow-up-day").value == date(2026, 12, 15)

    def test_in_the_past_is_explained_and_what_was_typed_stays(self, visit, add_person):
        screen = visit("followups", add_person(Role.CALLER))
        screen.button(key="new").click().run()
        screen.date_input(key="new-follow-up-day").set_value(date(2025, 1, 1))
        screen.text_area(key="new-follow-up-note").set_value("Een lang verhaal")
        screen.button(key="save-new").click().run()
        assert "already over" in errors(screen)
        assert screen.text_area(key="new-follow-up-note").value == "Een lang verhaal"
        assert everything() == []
