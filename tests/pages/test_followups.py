from datetime import date, time, timedelta

import pytest
import time_machine
from sqlmodel import select

from crm.access.models import User
from crm.access.permissions import Role
from crm.companies.models import Company
from crm.core.clock import at, now
from crm.core.db import reading, transaction
from crm.core.i18n import speaking
from crm.followups.inputs import FollowUpEdit
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus, FollowUpTemplate
from crm.followups.queries import PAGE_SIZE
from crm.followups.services import complete, edit, move
from crm.followups.templates import load_templates
from crm.messaging.models import Notice

WILD = "<script>alert(1)</script> **vet** [klik](javascript:alert(1)) :material/home: $x$"


@pytest.fixture(autouse=True)
def on_a_tuesday_morning():
    # AppTest names the options of a widget outside the page, so in the language of the test.
    with time_machine.travel("2026-11-24 10:00+01:00", tick=True), speaking("en"):
        yield


def make(owner=None, **overrides):
    with transaction() as session:
        fields = {"kind": FollowUpKind.OTHER, "due_at": now() + timedelta(hours=1), "owner_id": owner and owner.id}
        follow_up = FollowUp(**(fields | overrides))
        session.add(follow_up)
    return follow_up


def make_company(**overrides):
    with transaction() as session:
        company = Company(**({"name": "Bakkerij Zon", "name_key": "bakkerij zon", "town": "Dordrecht"} | overrides))
        session.add(company)
    return company


def stored(follow_up):
    with reading() as session:
        return session.get_one(FollowUp, follow_up.id)


def everything():
    with reading() as session:
        return list(session.exec(select(FollowUp).order_by(FollowUp.id)))


def text(screen):
    parts = [*screen.markdown, *screen.text, *screen.caption, *screen.subheader, *screen.info, *screen.title]
    return "\n".join(part.value for part in parts)


def errors(screen):
    """Those in a dialog are drawn; others wait for the frame around the page."""
    told = screen.session_state["messages"] if "messages" in screen.session_state else []  # noqa: SIM401
    shown = [*(box.value for box in screen.error), *(message.text for message in told)]
    return " ".join(shown).replace("\\", "")


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
        assert "2 days late" in text(screen)
        assert "Vraag naar mei" in text(screen)
        assert "2 open, 1 of them overdue" in text(screen)

    def test_nothing_says_what_will_appear_here(self, visit, add_person):
        screen = visit("followups", add_person(Role.CALLER))
        assert "appears here by itself" in text(screen)
        screen.button_group(key="scope").set_value("unassigned").run()
        assert "Nothing is waiting for the team" in text(screen)

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
        assert "1 open" in text(screen)

    def test_notes_and_names_are_shown_as_they_were_typed(self, visit, add_person):
        caller = add_person(Role.CALLER)
        make(caller, note=WILD, company_id=make_company(name=WILD, name_key="x").id)
        screen = visit("followups", caller)
        assert not screen.exception
        assert WILD in [part.value for part in screen.text]
        assert not any("<script>" in part.value for part in (*screen.markdown, *screen.caption, *screen.subheader))

    def test_the_filters_come_from_the_address(self, visit, add_person):
        caller = add_person(Role.CALLER)
        make(caller, kind=FollowUpKind.SEND_INFO, due_at=now() - timedelta(days=1))
        make(caller, kind=FollowUpKind.SEND_INFO, due_at=now() + timedelta(days=30))
        make(caller, due_at=now() - timedelta(days=1))
        screen = visit("followups", caller, kind="send_info", when="overdue")
        assert not screen.exception
        assert "1 open, 1 of them overdue" in text(screen)

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
        assert "1 open" in text(screen)

    def test_many_come_in_pages(self, visit, add_person):
        caller = add_person(Role.CALLER)
        for minutes in range(PAGE_SIZE + 3):
            make(caller, due_at=now() + timedelta(minutes=minutes + 1), note=f"nummer {minutes:02}")
        screen = visit("followups", caller)
        assert f"nummer {PAGE_SIZE - 1}" in text(screen)
        assert f"nummer {PAGE_SIZE}" not in text(screen)
        for page in ("2", "9"):
            screen = visit("followups", caller, page=page)
            assert f"nummer {PAGE_SIZE}" in text(screen)
            assert "nummer 00" not in text(screen)


class TestWeek:
    def test_is_the_one_in_the_address(self, visit, add_person):
        caller = add_person(Role.CALLER)
        screen = visit("followups", caller, week="2026-W53")
        assert not screen.exception
        assert "Week 53: Mon 28 Dec to Sun 3 Jan" in text(screen)
        screen.button(key="week-after").click().run()
        assert screen.query_params["week"] == "2027-W01"
        screen.button(key="week-now").click().run()
        assert "Week 48" in text(screen)
        assert screen.button_group(key="view").value == "week"
        screen.button_group(key="view").set_value("list").run()
        assert "week" not in screen.query_params
        assert "appears here by itself" in text(screen)

    def test_nonsense_in_the_address_gives_this_week(self, visit, add_person):
        screen = visit("followups", add_person(Role.CALLER), week="<b>")
        assert not screen.exception
        assert "Week 48" in text(screen)

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
        assert "appears here by itself" in text(screen)

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
        assert "1 open" in text(screen)

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
        assert "Moved: Eigenaar is ziek" in text(screen)

    def test_as_one_says_it(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = make(caller, due_at=at(date(2026, 11, 23), 15))
        screen, day, hour = self.open_dialog(visit, caller, follow_up)
        assert (screen.date_input(key=day).value, screen.time_input(key=hour).value.hour) == (date(2026, 11, 25), 15)
        screen.text_input(key=f"move-{follow_up.id}-1-said").set_value("di 1 dec half drie").run()
        assert "Tuesday, 1 December 2026" in text(screen) or "Tuesday 1 December 2026" in text(screen)
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
        assert "Tue 24 Nov 14\\:30**: hotels and restaurants often answer then" in text(screen)
        assert stored(follow_up).version == 1
        screen.button(key="save-snooze").click().run()
        assert not screen.exception
        assert stored(follow_up).due_at == at(date(2026, 11, 24), 14, 30)
        assert "Moved: hotels and restaurants often answer then" in text(screen)

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
        assert "We know no good moment" in text(screen)
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
        assert "already done" in text(screen)


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
        assert "2 move to Sat 5 Dec." in text(screen).replace("\\", "")
        assert "calling is allowed between 10:00 and 16:00" in text(screen).replace("\\", "")
        screen.button(key="save-bulk").click().run()
        assert not screen.exception
        moved = [stored(one).due_at for one in (self.call, self.care, self.other)]
        assert moved == [self.call.due_at, at(date(2026, 12, 5), 11), at(date(2026, 12, 5), 11)]

    def test_done_asks_what_came_of_it_where_that_matters(self, screen):
        screen.button_group(key="bulk").set_value("done").run()
        assert "1 will be done." in text(screen)
        screen.text_input(key="bulk-outcome").set_value("Besproken").run()
        assert "3 will be done." in text(screen)
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
        assert "Aftercare\\, Café \\(oud\\)\\: This moment is already over" in text(screen)

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
        assert "June 2027" in text(screen)

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
