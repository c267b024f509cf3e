"""What came of the call at the desk: the form, the message on a voicemail, the telephone."""

import pytest
from sqlmodel import select

from crm.access.actor import Actor
from crm.calling.models import Call, CallField, CallStatus
from crm.calling.services import claim_company, open_call, release, save_field
from crm.core.db import reading, transaction
from crm.desk.services import ask_to_dial, wrap_up_and_next, write, write_texts
from crm.pipeline.models import HiddenJob
from crm.reference.models import Reached
from crm.telephony.dialling.port import Cause, DialState, Problem, Status
from crm.telephony.inputs import LineInput
from crm.telephony.models import DialledCall, RingingCall
from crm.telephony.services import note_problem, note_status, set_line
from tests.conftest import make_company, make_job
from tests.pages.conftest import Visit, kept
from tests.pages.desk.building import WORK_FOUND, give, keys, text_of
from web.components.text import literal


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
