"""The call desk as it is drawn; typing and keys are tested in a browser."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Role
from crm.calling.models import Call, CallAnswer, CallField, CallList, CallListEntry, CallStatus
from crm.calling.services import claim_company, open_call, release, save_field
from crm.companies.models import SuppressionReason
from crm.companies.services import suppress
from crm.core.clock import now, today
from crm.core.db import reading, transaction
from crm.desk.services import ask_to_dial, next_company, wrap_up_and_next, write, write_texts
from crm.outreach.inputs import RecommendationInput
from crm.outreach.recommendations import recommend
from crm.pipeline.models import HiddenJob
from crm.reference.models import Reached
from crm.telephony.dialling.port import Cause, DialState, Problem, Status
from crm.telephony.inputs import LineInput
from crm.telephony.models import DialledCall, RingingCall
from crm.telephony.services import note_problem, note_status, set_line
from tests.conftest import make_company, make_job
from tests.crm.calling.building import answer, make_list
from tests.crm.desk.test_next_company import make_callback
from tests.pages.conftest import Visit, field_name, kept
from web.components.text import literal

WORK_FOUND = ("allowed", "right_person", "listens", "go_ahead", "busy", "retirement", "work")


@pytest.fixture(autouse=True)
def _tuesday_morning() -> Iterator[None]:
    with time_machine.travel("2026-11-24 10:00+01:00", tick=True):
        yield


@pytest.fixture
def caller(add_person: Callable[..., Actor]) -> Actor:
    """Somebody with two companies on a list."""
    person = add_person(Role.CALLER)
    with transaction() as session:
        companies = [make_company(session, name=name, activity="Brood") for name in ("<b>Eén</b> & Co", "Twee")]
        make_list(session, [person], companies)
    return person


@pytest.fixture
def call(caller: Actor) -> Call:
    with transaction() as session:
        opened = next_company(session, caller)
    assert opened is not None
    return opened


def give(caller: Actor, call: Call, *answers: str) -> None:
    with transaction() as session:
        answer(session, caller, call, *answers)


def text_of(screen: AppTest) -> str:
    return " ".join(element.proto.body for element in screen.get("html"))


def keys(screen: AppTest) -> set[str]:
    return {button.key for button in screen.button}


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


class TestVoicemail:
    def test_a_message_is_offered_once_in_three_attempts_and_then_it_says_why_not(
        self, visit: Visit, caller: Actor, call: Call
    ) -> None:
        screen = visit("desk", caller)
        assert "Voicemail (message left)" in kept(screen.selectbox, "disposition").options
        kept(screen.selectbox, "disposition").select("VOICEMAIL_INGESPROKEN").run()
        with transaction() as session:
            wrap_up_and_next(session, caller, call.id)
            release(session, caller)
            open_call(session, caller, claim_company(session, caller, call.company_id, entry_id=call.entry_id))
        screen = visit("desk", caller)
        offered = kept(screen.selectbox, "disposition").options
        assert "Voicemail (no message left)" in offered
        assert "Voicemail (message left)" not in offered
        assert any("there is one of Tue 24 Nov" in caption.value for caption in screen.caption)
        kept(screen.selectbox, "disposition").select("GEEN_INTERESSE").run()
        assert not any("voicemail" in caption.value for caption in screen.caption)


class TestForm:
    def test_follows_the_script_until_the_caller_decides(self, visit: Visit, caller: Actor, call: Call) -> None:
        give(caller, call, *WORK_FOUND)
        screen = visit("desk", caller)
        assert kept(screen.selectbox, "disposition").value == "GESPREK_LATENT"
        kept(screen.selectbox, "disposition").select("VACATURE").run()
        assert any("The script proposes" in caption.value for caption in screen.caption)
        with reading() as session:
            assert session.exec(select(CallField.value).where(CallField.name == "disposition")).one() == "VACATURE"

    def test_asks_only_what_the_result_needs(self, visit: Visit, caller: Actor, call: Call) -> None:
        screen = visit("desk", caller)
        kept(screen.selectbox, "disposition").select("GEEN_GEHOOR").run()
        assert list(screen.selectbox) == [kept(screen.selectbox, "disposition")]
        kept(screen.selectbox, "disposition").select("RECHTSVORM_FOUT").run()
        assert screen.get("button_group")

    def test_no_field_of_one_call_is_that_of_the_next(self, visit: Visit, caller: Actor, call: Call) -> None:
        """Who presses a key before the next company is drawn sends what was chosen for the one before along with it."""

        def fields() -> set[str]:
            kept(screen.selectbox, "disposition").select("TERUGBELAFSPRAAK").run()
            kinds = (screen.selectbox, screen.date_input, screen.time_input, screen.checkbox, screen.toggle)
            return {field.key for kind in kinds for field in kind if field.key}

        screen = visit("desk", caller)
        before = fields()
        kept(screen.selectbox, "disposition").select("GEEN_GEHOOR").run()
        kept(screen.button, "save").click().run()
        assert "Twee" in text_of(screen)
        assert len(before) >= 5
        assert before.isdisjoint(fields())

    def test_saves_and_brings_the_next_company(self, visit: Visit, caller: Actor, call: Call) -> None:
        screen = visit("desk", caller)
        kept(screen.selectbox, "disposition").select("GEEN_GEHOOR").run()
        kept(screen.button, "save").click().run()
        assert "Twee" in text_of(screen)
        with reading() as session:
            assert session.get_one(Call, call.id).reached is Reached.NO_ANSWER

    def test_says_what_is_missing_and_stays(self, visit: Visit, caller: Actor, call: Call) -> None:
        screen = visit("desk", caller)
        kept(screen.button, "save").click().run()
        assert [error.value for error in screen.error] == [literal("Choose the result of the call.")]
        with reading() as session:
            assert session.get_one(Call, call.id).status is CallStatus.OPEN

    def test_warns_about_words_that_may_not_decide(self, visit: Visit, caller: Actor, call: Call) -> None:
        give(caller, call, *WORK_FOUND, "complete")
        with transaction() as session:
            write_texts(session, caller, call.id, {"job_title": "Jonge verkoper"})
        assert any("age" in caption.value for caption in visit("desk", caller).caption)

    def test_a_job_that_was_found_before_can_be_chosen(self, visit: Visit, caller: Actor, call: Call) -> None:
        give(caller, call, *WORK_FOUND, "complete")
        with transaction() as session:
            known = make_job(session, company_id=call.company_id, title="Archief")
            write(session, caller, call.id, "summary", "Wil graag koffie.")
        screen = visit("desk", caller)
        kept(screen.selectbox, "known_job").select(str(known.id)).run()
        kept(screen.button, "save").click().run()
        assert "Twee" in text_of(screen)
        with reading() as session:
            assert len(session.exec(select(HiddenJob)).all()) == 1

    def test_puts_back(self, visit: Visit, caller: Actor, call: Call) -> None:
        screen = visit("desk", caller)
        kept(screen.button, "put-back").click().run()
        assert "Twee" in text_of(screen)


@pytest.mark.parametrize("place", range(1, 8))
def test_every_question_of_a_conversation_can_be_drawn(visit: Visit, caller: Actor, call: Call, place: int) -> None:
    give(caller, call, *WORK_FOUND[:place])
    assert not visit("desk", caller).exception


@pytest.mark.parametrize(
    "way",
    [
        ("allowed", "no_answer"),
        ("allowed", "somebody_else", "name_and_time"),
        ("allowed", "somebody_else", "not_put_through"),
        ("allowed", "right_person", "listens", "no_legal_person"),
        ("allowed", "right_person", "listens", "never_again"),
        (*WORK_FOUND, "complete", "seven_or_more", "agrees"),
        (*WORK_FOUND, "complete", "three_or_less"),
        ("not_allowed",),
    ],
    ids=lambda way: way[-1],
)
def test_every_way_out_can_be_drawn(visit: Visit, caller: Actor, call: Call, way: tuple[str, ...]) -> None:
    give(caller, call, *way)
    screen = visit("desk", caller)
    assert not screen.exception


def test_a_number_of_the_script_is_shown_again(visit: Visit, caller: Actor, call: Call) -> None:
    give(caller, call, *WORK_FOUND)
    with transaction() as session:
        save_field(session, caller, call.id, "hours_per_week", 12)
    assert kept(visit("desk", caller).number_input, "asked-hours_per_week").value == 12


class TestTelephone:
    """With a telephone system that this test is itself."""

    @pytest.fixture(autouse=True)
    def _system(self, set_telephony, caller: Actor) -> None:
        system = {"kind": "voipgrid", "email": "desk@voorbeeld.nl", "token": "x"}
        set_telephony(default="voys", event_secret="wat-de-centrale-weet", voys=system)
        with transaction() as session:
            set_line(session, caller, caller.user_id, LineInput(own_line="101"))

    def dial(self, caller: Actor, call: Call) -> DialledCall:
        with transaction() as session:
            return ask_to_dial(session, caller, call.id, call.e164)

    def tell(self, dialled: DialledCall, state: DialState, cause: Cause | None = None) -> None:
        with transaction() as session:
            note_status(session, dialled.id, Status(state, cause))

    def test_the_number_is_dialled_by_the_system(self, visit: Visit, caller: Actor, call: Call) -> None:
        assert "data-system" in text_of(visit("desk", caller))

    def test_after_a_problem_it_is_a_link_again_and_says_why(self, visit: Visit, caller: Actor, call: Call) -> None:
        dialled = self.dial(caller, call)
        with transaction() as session:
            note_problem(session, dialled.id, Problem.NOT_REACHED)
        screen = visit("desk", caller)
        assert "data-system" not in text_of(screen)
        assert f'href="tel:{call.e164}"' in text_of(screen)
        assert any("cannot be reached" in caption.value for caption in screen.caption)

    def test_shows_how_it_goes(self, visit: Visit, caller: Actor, call: Call) -> None:
        dialled = self.dial(caller, call)
        self.tell(dialled, DialState.RINGING)
        assert any("Ringing" in text.value for text in visit("desk", caller).markdown)
        self.tell(dialled, DialState.ANSWERED)
        assert any("In conversation" in text.value for text in visit("desk", caller).markdown)
        self.tell(dialled, DialState.ENDED)
        screen = visit("desk", caller)
        assert any("Hung up" in text.value for text in screen.markdown)
        assert "hang-up" not in keys(screen)

    def test_what_the_telephone_says_is_one_click_and_never_filled_in(
        self, visit: Visit, caller: Actor, call: Call
    ) -> None:
        self.tell(self.dial(caller, call), DialState.ENDED, Cause.BUSY)
        screen = visit("desk", caller)
        assert kept(screen.selectbox, "disposition").value is None
        kept(screen.button, "told-result").click().run()
        assert kept(screen.selectbox, "disposition").value == "IN_GESPREK"
        assert not any(key.startswith("told-result") for key in keys(screen))

    def test_who_is_called_sees_by_whom(self, visit: Visit, caller: Actor, call: Call) -> None:
        with transaction() as session:
            company = make_company(session, name="Slagerij Vos", number="+31786543210")
            session.add(RingingCall(user_id=caller.user_id, system="voys", reference="in-1", e164="+31786543210"))
        screen = visit("desk", caller)
        assert not screen.exception
        assert any("078 654 3210" in text.value for text in screen.markdown)
        assert any(company.name in text.value for text in screen.markdown)
        screen.button(key="who-rings").click().run()
        assert screen.text_input(key="incoming-number").value == "078 654 3210"
        assert f"answer-company-{company.id}" in keys(screen)
