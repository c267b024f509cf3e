"""A follow-up is moved, put off for a while, handed over or changed."""

from datetime import date, time

import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.core.clock import at
from crm.core.db import reading, transaction
from crm.followups.inputs import FollowUpEdit
from crm.followups.models import FollowUpKind
from crm.followups.services import complete, edit, move
from crm.messaging.models import Notice
from tests.pages.follow_ups.building import errors, make, make_company, stored
from tests.pages.reading import texts

pytestmark = pytest.mark.usefixtures("tuesday")


class TestMove:
    def open_dialog(self, visit, caller, follow_up):
        screen = visit("followups", caller)
        screen.button(key=f"move-{follow_up.id}").click().run()
        return screen, f"move-{follow_up.id}-1-day", f"move-{follow_up.id}-1-hour"

    def test_to_another_day_with_a_reason(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = make(caller)
        screen, day, hour = self.open_dialog(visit, caller, follow_up)
        screen.date_input(key=day).set_value(date(2026, 12, 1))
        screen.time_input(key=hour).set_value(time(14, 30))
        screen.text_input(key=f"move-{follow_up.id}-1-reason").set_value("Eigenaar is ziek")
        screen.button(key="save-move").click().run()
        assert not screen.exception
        assert stored(follow_up).due_at == at(date(2026, 12, 1), 14, 30)
        assert "Moved: Eigenaar is ziek" in texts(screen)

    def test_as_one_says_it(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = make(caller, due_at=at(date(2026, 11, 23), 15))
        screen, day, hour = self.open_dialog(visit, caller, follow_up)
        assert (screen.date_input(key=day).value, screen.time_input(key=hour).value.hour) == (date(2026, 11, 25), 15)
        screen.text_input(key=f"move-{follow_up.id}-1-said").set_value("di 1 dec half drie").run()
        assert "Tuesday, 1 December 2026" in texts(screen) or "Tuesday 1 December 2026" in texts(screen)
        screen.button(key="save-move").click().run()
        assert stored(follow_up).due_at == at(date(2026, 12, 1), 14, 30)

    def test_a_free_moment_that_suits_the_trade_takes_one_click(self, visit, add_person):
        caller = add_person(Role.CALLER)
        lunch = at(date(2026, 11, 25), 12)
        follow_up = make(caller, due_at=lunch, company_id=make_company(sbi_code="5610").id)
        make(caller, kind=FollowUpKind.CALLBACK, due_at=at(date(2026, 11, 25), 9, 30))
        screen, _day, _hour = self.open_dialog(visit, caller, follow_up)
        free = [button.label for button in screen.button if "-free-" in (button.key or "")]
        assert free[:2] == ["Wed 25 Nov 09:45", "Wed 25 Nov 14:00"]
        screen.button(key=f"move-{follow_up.id}-1-free-1").click().run()
        screen.button(key="save-move").click().run()
        assert stored(follow_up).due_at == at(date(2026, 11, 25), 14)

    @pytest.mark.parametrize(
        ("kind", "chosen", "hour", "why"),
        [
            (FollowUpKind.OTHER, date(2026, 11, 23), time(10, 0), "already over"),
            (FollowUpKind.OTHER, date(2026, 11, 24), time(9, 0), "already over"),
            (FollowUpKind.CALLBACK, date(2026, 11, 25), time(3, 0), "between 09:00 and 22:00"),
            (FollowUpKind.CALLBACK, date(2026, 11, 29), time(11, 0), "Sunday or a public holiday"),
        ],
    )
    def test_an_impossible_moment_is_explained_in_the_dialog(self, visit, add_person, kind, chosen, hour, why):
        caller = add_person(Role.CALLER)
        follow_up = make(caller, kind=kind)
        screen, day_key, hour_key = self.open_dialog(visit, caller, follow_up)
        screen.date_input(key=day_key).set_value(chosen)
        screen.time_input(key=hour_key).set_value(hour)
        screen.button(key="save-move").click().run()
        assert not screen.exception
        assert why in errors(screen)
        assert stored(follow_up).version == 1

    def test_an_empty_date_is_asked_for(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = make(caller)
        screen, day, _hour = self.open_dialog(visit, caller, follow_up)
        screen.date_input(key=day).set_value(None)
        screen.button(key="save-move").click().run()
        assert "Choose a date and a time" in errors(screen)


class TestSnooze:
    def open_dialog(self, visit, actor, follow_up):
        screen = visit("followups", actor)
        screen.session_state["open-dialog"] = ("follow-up-snooze", follow_up.id, follow_up.version)
        return screen.run()

    def test_to_the_moment_that_was_shown_in_words(self, visit, add_person):
        caller = add_person(Role.CALLER)
        restaurant = make_company(sbi_code="5610")
        follow_up = make(caller, kind=FollowUpKind.CALLBACK, company_id=restaurant.id)
        screen = self.open_dialog(visit, caller, follow_up)
        assert "Tue 24 Nov 14\\:30**: hotels and restaurants often answer then" in texts(screen)
        assert stored(follow_up).version == 1
        screen.button(key="save-snooze").click().run()
        assert not screen.exception
        assert stored(follow_up).due_at == at(date(2026, 11, 24), 14, 30)
        assert "Moved: hotels and restaurants often answer then" in texts(screen)

    def test_what_a_colleague_just_moved_stays_there(self, visit, add_person):
        caller, coordinator = add_person(Role.CALLER), add_person(Role.COORDINATOR)
        follow_up = make(caller, company_id=make_company(sbi_code="5610").id)
        screen = self.open_dialog(visit, caller, follow_up)
        with transaction() as session:
            move(session, coordinator, follow_up.id, version=1, due_at=at(date(2026, 12, 1), 11))
        screen.button(key="save-snooze").click().run()
        assert "Somebody else has changed this" in errors(screen)
        assert stored(follow_up).due_at == at(date(2026, 12, 1), 11)

    def test_nothing_is_proposed_for_a_trade_of_which_nobody_knows(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = make(caller, company_id=make_company().id)
        screen = self.open_dialog(visit, caller, follow_up)
        assert "We know no good moment" in texts(screen)
        assert not [button for button in screen.button if button.key == "save-snooze"]


class TestHandOver:
    def open_dialog(self, visit, actor, follow_up):
        screen = visit("followups", actor)
        screen.session_state["open-dialog"] = ("follow-up-pass", follow_up.id, follow_up.version)
        screen.run()
        return screen

    def test_to_a_colleague_who_has_a_message_with_the_word(self, visit, add_person):
        caller, colleague = add_person(Role.CALLER), add_person(Role.COACH)
        follow_up = make(caller, note="Folder")
        screen = self.open_dialog(visit, caller, follow_up)
        assert screen.button(key="save-pass").disabled
        screen.selectbox(key=f"pass-{follow_up.id}-owner").set_value(colleague.id).run()
        screen.text_area(key=f"pass-{follow_up.id}-word").set_value("Vraag naar Kees")
        screen.button(key="save-pass").click().run()
        assert not screen.exception
        given = stored(follow_up)
        assert (given.owner_id, given.note) == (colleague.id, "Folder\nCaller Test: Vraag naar Kees")
        with reading() as session:
            (notice,) = session.exec(select(Notice)).all()
        assert (notice.user_id, "Caller Test" in notice.title, "Vraag naar Kees" in notice.body) == (
            colleague.id,
            True,
            True,
        )

    def test_or_back_to_the_team(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = make(caller)
        screen = self.open_dialog(visit, caller, follow_up)
        screen.selectbox(key=f"pass-{follow_up.id}-owner").set_value(0).run()
        screen.button(key="save-pass").click().run()
        assert stored(follow_up).owner_id is None


class TestChange:
    def open_dialog(self, visit, actor, follow_up):
        screen = visit("followups", actor)
        screen.session_state["open-dialog"] = ("follow-up-edit", follow_up.id, follow_up.version)
        screen.run()
        return screen

    def test_what_it_is_about(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = make(caller, note="Folder")
        screen = self.open_dialog(visit, caller, follow_up)
        screen.text_area(key=f"edit-{follow_up.id}-note").set_value("Brochure")
        screen.selectbox(key=f"edit-{follow_up.id}-kind").set_value(FollowUpKind.SEND_INFO)
        screen.button(key="save-edit").click().run()
        assert not screen.exception
        changed = stored(follow_up)
        assert (changed.kind, changed.note, changed.sequence) == (FollowUpKind.SEND_INFO, "Brochure", 1)

    def test_who_is_second_sees_both_versions_and_chooses(self, visit, add_person):
        caller, colleague = add_person(Role.CALLER), add_person(Role.COORDINATOR)
        follow_up = make(caller, note="Folder")
        screen = self.open_dialog(visit, caller, follow_up)
        screen.text_area(key=f"edit-{follow_up.id}-note").set_value("Van mij").run()
        with transaction() as session:
            given = FollowUpEdit(kind=FollowUpKind.OTHER, note="Van Ria")
            edit(session, colleague, follow_up.id, given, version=follow_up.version)
        screen.button(key="save-edit").click().run()
        assert stored(follow_up).note == "Van Ria"
        screen.run()
        assert {"Van mij", "Van Ria"} <= {word for box in screen.markdown for word in box.value.split(": ")}
        screen.button(key="keep-mine").click().run()
        screen.button(key="save-edit").click().run()
        assert not screen.exception
        assert stored(follow_up).note == "Van mij"

    def test_what_one_typed_before_a_colleague_was_first_is_not_saved_blindly_later(self, visit, add_person):
        caller, colleague = add_person(Role.CALLER), add_person(Role.COORDINATOR)
        typed, untouched = make(caller, note="Folder"), make(caller, note="Folder")
        screen = self.open_dialog(visit, caller, typed)
        screen.text_area(key=f"edit-{typed.id}-note").set_value("Van mij").run()
        screen.session_state["open-dialog"] = ("follow-up-edit", untouched.id, 1)
        screen.run()
        with transaction() as session:
            for one in (typed, untouched):
                given = FollowUpEdit(kind=FollowUpKind.OTHER, note="Van Ria")
                edit(session, colleague, one.id, given, version=one.version)
        screen.session_state["open-dialog"] = ("follow-up-edit", typed.id, 2)
        screen.run()
        assert screen.text_area(key=f"edit-{typed.id}-note").value == "Van mij"
        assert {"Van mij", "Van Ria"} <= {word for box in screen.markdown for word in box.value.split(": ")}
        screen.session_state["open-dialog"] = ("follow-up-edit", untouched.id, 2)
        screen.run()
        assert screen.text_area(key=f"edit-{untouched.id}-note").value == "Van Ria"
        assert "keep-mine" not in [button.key for button in screen.button]

    def test_one_that_a_colleague_closed_meanwhile_says_so(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = make(caller)
        screen = self.open_dialog(visit, caller, follow_up)
        with transaction() as session:
            complete(session, caller, follow_up.id, version=1)
        screen.run()
        assert "already done" in texts(screen)
