"""The call desk: waiting for somebody to call, and the call on screen."""

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from sqlmodel import select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Role
from crm.calling.models import Call, CallAnswer, CallField, CallList, CallListEntry
from crm.calling.services import claim_company
from crm.companies.models import SuppressionReason
from crm.companies.services import suppress
from crm.core.clock import now, today
from crm.core.db import reading, transaction
from crm.outreach.inputs import RecommendationInput
from crm.outreach.recommendations import recommend
from tests.conftest import make_company
from tests.crm.desk.test_next_company import make_callback
from tests.pages.conftest import Visit, field_name, kept
from tests.pages.desk.building import WORK_FOUND, give, keys, text_of


class TestWaiting:
    def test_starts_with_one_click(self, visit: Visit, caller: Actor) -> None:
        screen = visit("desk", caller)
        screen.button(key="start").click().run()
        assert not screen.exception
        assert "&lt;b&gt;Eén&lt;/b&gt; &amp; Co" in text_of(screen)

    def test_says_why_nobody_is_called_on_sunday(self, visit: Visit, caller: Actor) -> None:
        with time_machine.travel("2026-11-22 11:00+01:00"):
            screen = visit("desk", caller)
        assert [info.value for info in screen.info] == ["It is Sunday: do not call."]
        assert keys(screen) == {"incoming", "log-call"}

    def test_says_what_to_do_when_everybody_was_called(self, visit: Visit, add_person: Callable[[Role], Actor]) -> None:
        screen = visit("desk", add_person(Role.CALLER))
        assert "ask for a new list" in screen.info[0].value

    def test_says_which_lists_had_their_attempts_of_today(self, visit: Visit, caller: Actor) -> None:
        with transaction() as session:
            made = session.exec(select(CallList)).one()
            made.daily_capacity, made.attempts_on, made.attempts_that_day = 5, date(2026, 11, 24), 5
        screen = visit("desk", caller)
        assert "go on tomorrow: Bakkers" in screen.text[0].value
        assert "start" not in keys(screen)

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.COACH])
    def test_is_for_callers(self, visit: Visit, add_person: Callable[[Role], Actor], role: Role) -> None:
        screen = visit("desk", add_person(role))
        assert screen.error
        assert not screen.button


class TestCall:
    def test_shows_who_and_whether_that_is_allowed(self, visit: Visit, caller: Actor, call: Call) -> None:
        shown = text_of(visit("desk", caller))
        assert "Brood" in shown
        assert "calling is allowed" in shown
        assert "Never called before." in shown

    def test_an_answer_is_kept_and_leads_on(self, visit: Visit, caller: Actor, call: Call) -> None:
        screen = visit("desk", caller)
        kept(screen.button, "answer-1").click().run()
        assert "u spreekt met" in text_of(screen)
        with reading() as session:
            assert session.exec(select(CallAnswer.answer)).all() == ["allowed"]
        screen.button(key="back").click().run()
        assert "u spreekt met" not in text_of(screen)

    def test_an_answer_belongs_to_its_question(self, visit: Visit, caller: Actor, call: Call) -> None:
        """Who presses twice does not answer a question that was never read."""
        screen = visit("desk", caller)
        before = {key for key in keys(screen) if key.startswith("answer-")}
        kept(screen.button, "answer-1").click().run()
        assert before
        assert before.isdisjoint(keys(screen))

    def test_an_answer_is_none_when_the_objections_came_in_its_place(
        self, visit: Visit, caller: Actor, call: Call
    ) -> None:
        give(caller, call, "allowed", "right_person")
        screen = visit("desk", caller)
        before = text_of(screen)
        screen.session_state[f"objections-{call.id}.2"] = True
        kept(screen.button, "answer-1").click().run()
        assert any(key.startswith("objection-") for key in keys(screen))
        screen.button(key="back").click().run()
        assert text_of(screen) == before

    def test_who_hesitates_hears_what_another_employer_says(self, visit: Visit, caller: Actor, call: Call) -> None:
        with transaction() as session:
            words = RecommendationInput(
                words="Binnen een <b>week</b> zat hier iemand.", by_name=True, agreed_on=today()
            )
            recommend(session, caller, make_company(session, name="Bloem").id, words)
        give(caller, call, "allowed", "right_person")
        screen = visit("desk", caller)
        assert "zat hier iemand" not in text_of(screen)
        screen.button(key="objections").click().run()
        kept(screen.button, "objection-GEEN_VACATURES").click().run()
        assert "“Binnen een &lt;b&gt;week&lt;/b&gt; zat hier iemand.” (Bloem, " in text_of(screen)

    def test_objections_are_one_key_away_and_close_again(self, visit: Visit, caller: Actor, call: Call) -> None:
        give(caller, call, "allowed", "right_person")
        screen = visit("desk", caller)
        screen.button(key="objections").click().run()
        kept(screen.button, "objection-GEEN_VACATURES").click().run()
        assert "Ik zoek geen vacature." in text_of(screen)
        screen.button(key="back").click().run()
        assert "objections" in keys(screen)
        assert not any(key.startswith("objection-") for key in keys(screen))

    def test_what_the_script_asks_is_saved_when_it_is_given(self, visit: Visit, caller: Actor, call: Call) -> None:
        give(caller, call, "allowed", "right_person", "listens", "go_ahead", "busy")
        screen = visit("desk", caller)
        kept(screen.multiselect, "asked-reasons").select("PENSIOEN").run()
        with reading() as session:
            assert session.exec(select(CallField.value).where(CallField.name == "reasons")).one() == ["PENSIOEN"]

    def test_no_field_is_on_screen_twice(self, visit: Visit, caller: Actor, call: Call) -> None:
        give(caller, call, *WORK_FOUND)
        screen = visit("desk", caller)
        assert not screen.exception
        assert [field_name(widget) for widget in screen.number_input] == ["asked-hours_per_week", "importance"]
        give(caller, call, "complete")
        screen = visit("desk", caller)
        assert [field_name(widget) for widget in screen.number_input] == ["hours_per_week"]

    def test_who_may_no_longer_be_called_is_not_dialled(self, visit: Visit, caller: Actor, call: Call) -> None:
        with transaction() as session:
            suppress(session, caller, call.company_id, reason=SuppressionReason.OBJECTION)
        screen = visit("desk", caller)
        assert "does not want to be called" in text_of(screen)
        kept(screen.button, "refuse").click().run()
        assert "Twee" in text_of(screen)


class TestWhyNow:
    @pytest.fixture
    def entry(self, call: Call) -> CallListEntry:
        with reading() as session:
            return session.get_one(CallListEntry, call.entry_id)

    def line(self, visit: Visit, caller: Actor, entry: CallListEntry, clock: str = "10:00", attempts: int = 0) -> str:
        with transaction() as session:
            session.get_one(User, caller.id).language = "nl"
            session.get_one(CallListEntry, entry.id).attempts = attempts
        with time_machine.travel(f"2026-11-24 {clock}+01:00"):
            return text_of(visit("desk", caller)).partition("</p>")[0]

    def test_a_fresh_one_is_told_with_its_list(self, visit: Visit, caller: Actor, entry: CallListEntry) -> None:
        assert self.line(visit, caller, entry).endswith("<p>Nieuw · Bakkers")

    @pytest.mark.parametrize(
        ("attempts", "clock", "words"),
        [
            (1, "10:00", "Tweede poging, nu in de ochtend · Bakkers"),
            (1, "12:40", "Tweede poging, nu vroeg in de middag · Bakkers"),
            (2, "15:10", "Derde poging, nu in de middag · Bakkers"),
            (3, "18:10", "Poging 4, nu in de avond · Bakkers"),
        ],
    )
    def test_a_retry_is_told_with_the_part_of_the_day(
        self, visit: Visit, caller: Actor, entry: CallListEntry, attempts: int, clock: str, words: str
    ) -> None:
        assert self.line(visit, caller, entry, clock, attempts).endswith(f"<p>{words}")

    def test_a_callback_is_told_with_its_moment(self, visit: Visit, caller: Actor, call: Call) -> None:
        with transaction() as session:
            due = {"due_at": now(), "made_in_call_id": call.id, "note": "Vraag naar <i>Ria</i>"}
            agreed = make_callback(session, caller, company_id=call.company_id, **due)
            claim_company(session, caller, call.company_id, follow_up_id=agreed.id)
        assert "You agreed to call back: Tue 24 Nov 10:00 · Vraag naar &lt;i&gt;Ria&lt;/i&gt;" in text_of(
            visit("desk", caller)
        )
