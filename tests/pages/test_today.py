from datetime import timedelta

import pytest
import time_machine

from crm.access.permissions import Role
from crm.calling.queries import my_open_call
from crm.companies.models import Company, SuppressionReason
from crm.companies.services import suppress
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.core.i18n import speaking
from crm.followups.models import FollowUp, FollowUpKind
from crm.messaging.models import NoticeKind
from crm.messaging.queries import unread_count
from crm.messaging.services import notify
from crm.scripts.services import load_scripts
from tests.conftest import make_company
from tests.pages.reading import NASTY, texts
from web.components.text import literal


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=True) as clock, speaking("en"):
        yield clock


def add_follow_up(owner, **overrides):
    with transaction() as session:
        fields = {"kind": FollowUpKind.CALLBACK, "due_at": now() + timedelta(hours=1), "owner_id": owner.id}
        follow_up = FollowUp(**(fields | overrides))
        session.add(follow_up)
    return follow_up


def add_notice(reader, number=1, **overrides):
    with transaction() as session:
        fields = {"title": f"Bericht {number}", "body": "Afgesproken voor 10:00.", "page": "followups"}
        fields |= {"kind": NoticeKind.PROMISE_DUE, "once_key": f"{reader.id}:{number}"}
        notify(session, reader.id, **(fields | overrides))


class TestGreeting:
    @pytest.mark.parametrize(
        ("hour", "words"),
        [("06:00", "Good morning"), ("11:59", "Good morning"), ("12:00", "Good afternoon"), ("18:00", "Good evening")],
    )
    def test_fits_the_hour_on_the_dutch_clock(self, visit, add_person, clock, hour, words):
        clock.move_to(f"2026-11-24 {hour}+01:00")
        assert visit("today", add_person(Role.CALLER)).title[0].value == f"{words}, Caller"


class TestWhatIsAsked:
    def test_an_empty_day_says_what_to_do_next(self, visit, add_person):
        screen = visit("today", add_person(Role.CALLER))
        assert not screen.exception
        assert "Ask your coordinator for a call list" in texts(screen)
        assert "Nobody expects a call from you today" in texts(screen)
        assert "No new messages" in texts(screen)
        assert [metric.value for metric in screen.metric] == ["0", "0", "0"]

    def test_who_does_not_call_hears_that_the_day_is_empty(self, visit, add_person):
        assert "Nothing was promised for today" in texts(visit("today", add_person(Role.COACH)))

    def test_a_coordinator_without_a_list_finds_the_way_to_the_lists(self, visit, add_person):
        screen = visit("today", add_person(Role.COORDINATOR))
        assert "To the call lists" in [link.proto.label for link in screen.get("page_link")]

    def test_callbacks_and_other_work_of_today_and_before(self, visit, add_person):
        caller = add_person(Role.CALLER)
        with transaction() as session:
            company = Company(name="Bakkerij Zon", name_key="bakkerij zon", town="Dordrecht")
            session.add(company)
        add_follow_up(caller, company_id=company.id, note="bel na de lunch")
        add_follow_up(caller, due_at=now() - timedelta(days=3), note="allang beloofd")
        add_follow_up(caller, kind=FollowUpKind.SEND_INFO, note="folder")
        add_follow_up(caller, due_at=now() + timedelta(days=1), note="morgen pas")
        add_follow_up(add_person(Role.COACH), note="van een ander")
        shown = texts(screen := visit("today", caller))
        assert not screen.exception
        assert [heading.value for heading in screen.subheader][:2] == ["Call back today (2)", "Do today (1)"]
        assert all(words in shown for words in ("bel na de lunch", "allang beloofd", "3 days late", "folder"))
        assert "morgen pas" not in shown
        assert "van een ander" not in shown

    def test_a_coordinator_hears_what_the_team_is_late_with(self, visit, add_person):
        coordinator, caller = add_person(Role.COORDINATOR), add_person(Role.CALLER)
        add_follow_up(caller, due_at=now() - timedelta(days=1))
        links = {part.proto.label: part.proto for part in visit("today", coordinator).get("page_link")}
        assert links["1 of the team is overdue"].query_string == "scope=team&when=overdue"
        assert "1 of the team is overdue" not in [part.proto.label for part in visit("today", caller).get("page_link")]

    def test_done_from_here_too(self, visit, add_person):
        caller = add_person(Role.CALLER)
        follow_up = add_follow_up(caller)
        screen = visit("today", caller)
        screen.button(key=f"done-{follow_up.id}").click().run()
        screen.button_group(key=f"outcome-code-{follow_up.id}-1").set_value("GESPROKEN").run()
        screen.button(key="save-done").click().run()
        assert "Nobody expects a call from you today" in texts(screen)

    def test_a_promise_is_called_with_one_click(self, visit, add_person):
        caller = add_person(Role.CALLER)
        with transaction() as session:
            load_scripts(session)
            company = make_company(session)
        promised = add_follow_up(caller, company_id=company.id)
        visit("today", caller).button(key=f"call-{promised.id}").click().run()
        with reading() as session:
            assert my_open_call(session, caller).company_id == company.id

    def test_why_a_promise_cannot_be_called_is_said(self, visit, add_person):
        caller = add_person(Role.CALLER)
        with transaction() as session:
            company = make_company(session)
            suppress(session, caller, company.id, reason=SuppressionReason.OBJECTION)
        promised = add_follow_up(caller, company_id=company.id)
        screen = visit("today", caller)
        screen.button(key=f"call-{promised.id}").click().run()
        assert screen.session_state["messages"][0].text == "This company does not want to be called."

    def test_a_coach_who_does_not_call_gets_no_button_for_it(self, visit, add_person):
        coach = add_person(Role.COACH)
        add_follow_up(coach, note="toch bellen")
        screen = visit("today", coach)
        assert "start" not in [button.key for button in screen.button]
        assert "toch bellen" in texts(screen)

    def test_a_viewer_has_another_home(self, visit, add_person):
        screen = visit("today", add_person(Role.VIEWER))
        assert "Your role does not allow this" in screen.error[0].value


class TestMessages:
    def test_are_shown_as_they_are_and_marked_as_read(self, visit, add_person):
        caller = add_person(Role.CALLER)
        add_notice(caller, 1, title=NASTY, body=NASTY)
        screen = visit("today", caller)
        assert not screen.exception
        assert literal(NASTY) in texts(screen)
        assert NASTY in [part.value for part in screen.text]
        (read,) = [button for button in screen.button if button.key.startswith("read-")]
        read.click().run()
        assert "No new messages" in texts(screen)
        with reading() as session:
            assert unread_count(session, caller) == 0

    def test_all_at_once(self, visit, add_person):
        caller = add_person(Role.CALLER)
        for number in range(8):
            add_notice(caller, number)
        screen = visit("today", caller)
        assert "Messages (8)" in texts(screen)
        assert "Bericht 2" not in texts(screen)
        screen.button(key="read-all").click().run()
        assert "No new messages" in texts(screen)

    @pytest.mark.parametrize(
        "page",
        [
            "",
            "companies?company=5",
            "nergens",
            "https://kwaad.example/x",
            "users",
            "?",
        ],
    )
    def test_lead_only_to_screens_of_the_product(self, visit, add_person, page):
        caller = add_person(Role.CALLER)
        add_notice(caller, page=page)
        assert not visit("today", caller).exception
