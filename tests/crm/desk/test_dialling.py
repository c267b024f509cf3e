"""A telephone system dials once, after the gate was asked, and what goes wrong leaves the link."""

import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import time_machine
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling.models import Call, CallStatus
from crm.calling.services import CallEnded, CompanyTaken, NotYourCall, claim_company, release_expired
from crm.companies.models import SuppressionReason
from crm.companies.services import suppress
from crm.core.db import reading, transaction
from crm.core.errors import NotFound
from crm.desk.queries import desk_view, talk
from crm.desk.ringing import who_rings
from crm.desk.services import MayNotBeCalled, ask_to_dial
from crm.telephony import placing
from crm.telephony.dialling.port import Cause, DialState, Problem, Status
from crm.telephony.inputs import LineInput
from crm.telephony.models import BY_LINK, DialledCall, RingingCall
from crm.telephony.placing import hang_up, place
from crm.telephony.queries import last_dialled
from crm.telephony.services import note_problem, note_status, set_line
from tests.conftest import add_user, make_company
from tests.crm.calling.building import make_list, start_call
from tests.crm.telephony.peers import SOON, give_up_soon, have_patience, web

SYSTEM = {"kind": "voipgrid", "email": web.EMAIL, "token": web.TOKEN, "encrypted": False}


def within_reason(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true, on however slow a machine."""
    until = time.monotonic() + 60
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    return condition()


@pytest.fixture
def peer(set_telephony) -> Iterator[web.Peer]:
    with web.running(web.Peer()) as running:
        set_telephony(default="voys", voys=SYSTEM | {"url": running.url})
        yield running


@pytest.fixture
def with_line(session: Session, caller: Actor, peer: web.Peer) -> Actor:
    set_line(session, caller, caller.user_id, LineInput(own_line="101"))
    return caller


class TestAsking:
    def test_notes_what_is_dialled_before_anything_rings(self, session, with_line, call, peer):
        asked = ask_to_dial(session, with_line, call.id, call.e164)
        assert (asked.state, asked.system, asked.line, asked.e164) == (DialState.ASKED, "voys", "101", call.e164)
        assert call.dialled_at is not None
        assert peer.asked == []

    def test_a_second_press_dials_nothing(self, session, with_line, call):
        first = ask_to_dial(session, with_line, call.id, call.e164)
        assert ask_to_dial(session, with_line, call.id, call.e164) is None
        note_status(session, first.id, Status(DialState.ANSWERED))
        assert ask_to_dial(session, with_line, call.id, call.e164) is None
        assert len(session.exec(select(DialledCall)).all()) == 1

    def test_after_the_end_it_can_be_dialled_again(self, session, with_line, call):
        first = ask_to_dial(session, with_line, call.id, call.e164)
        note_status(session, first.id, Status(DialState.FAILED, Cause.OWN_PHONE))
        assert ask_to_dial(session, with_line, call.id, call.e164)

    def test_after_a_problem_the_link_is_for_the_rest_of_the_call(self, session, with_line, call):
        note_problem(session, ask_to_dial(session, with_line, call.id, call.e164).id, Problem.NOT_REACHED)
        assert ask_to_dial(session, with_line, call.id, call.e164) is None
        assert not desk_view(session, with_line).by_system

    def test_the_gate_is_asked_at_the_last_moment(self, session, with_line, call, coordinator):
        suppress(session, coordinator, call.company_id, reason=SuppressionReason.OBJECTION)
        with pytest.raises(MayNotBeCalled):
            ask_to_dial(session, with_line, call.id, call.e164)
        assert session.exec(select(DialledCall)).all() == []

    def test_only_numbers_of_the_company_are_dialled(self, session, with_line, call):
        with pytest.raises(NotFound):
            ask_to_dial(session, with_line, call.id, "+31201234567")

    def test_nobody_dials_in_the_call_of_another_or_in_one_that_is_over(self, session, with_line, call, coordinator):
        with pytest.raises(NotYourCall):
            ask_to_dial(session, coordinator, call.id, call.e164)
        call.status = CallStatus.DONE
        session.flush()
        with pytest.raises(CallEnded):
            ask_to_dial(session, with_line, call.id, call.e164)

    def test_a_company_that_a_colleague_holds_by_now_is_not_dialled(self, session, with_line, call, coordinator):
        with time_machine.travel("2026-11-24 11:30+01:00", tick=False):
            release_expired(session)
            claim_company(session, coordinator, call.company_id)
            with pytest.raises(CompanyTaken):
                ask_to_dial(session, with_line, call.id, call.e164)

    def test_by_link_only_the_moment_is_noted(self, session, caller, call, peer):
        assert ask_to_dial(session, caller, call.id, call.e164) is None
        set_line(session, caller, caller.user_id, LineInput(system=BY_LINK, own_line="101"))
        assert ask_to_dial(session, caller, call.id, call.e164) is None
        assert call.dialled_at is not None
        assert not desk_view(session, caller).by_system

    def test_what_a_process_left_behind_becomes_unclear_and_is_not_dialled_again(self, session, with_line, call):
        first = ask_to_dial(session, with_line, call.id, call.e164)
        with time_machine.travel("2026-11-24 10:01+01:00", tick=False):
            assert ask_to_dial(session, with_line, call.id, call.e164) is None
        assert (first.state, first.problem) == (DialState.FAILED, Problem.UNCLEAR)


class TestResult:
    @pytest.mark.parametrize(
        ("cause", "code"),
        [
            (Cause.BUSY, "IN_GESPREK"),
            (Cause.NO_ANSWER, "GEEN_GEHOOR"),
            (Cause.NO_SUCH_NUMBER, "BUITEN_GEBRUIK"),
            (Cause.OWN_PHONE, None),
        ],
    )
    def test_of_the_telephone_is_proposed_and_never_filled_in(self, session, with_line, call, cause, code):
        dialled = ask_to_dial(session, with_line, call.id, call.e164)
        note_status(session, dialled.id, Status(DialState.ENDED, cause))
        here = talk(session, with_line)
        assert (here.told.code if here.told else None) == code
        assert here.draft.result is None


class TestRinging:
    @pytest.fixture(autouse=True)
    def _rings(self, session, with_line):
        self.call = RingingCall(user_id=with_line.user_id, system="voys", reference="in-1", e164="+31786543210")
        session.add(self.call)
        session.flush()

    def test_shows_the_company_that_has_the_number(self, session, with_line):
        company = make_company(session, number="+31786543210")
        assert who_rings(session, with_line).company.id == company.id

    def test_knows_it_by_its_last_digits(self, session, with_line):
        company = make_company(session, number="+31106543210")
        assert who_rings(session, with_line).company.id == company.id

    def test_does_not_guess_between_two(self, session, with_line):
        for number in ("+31106543210", "+31206543210"):
            make_company(session, number=number)
        assert who_rings(session, with_line).company is None

    def test_a_number_of_nobody_or_withheld_is_unknown(self, session, with_line):
        assert who_rings(session, with_line).company is None
        self.call.e164 = ""
        assert who_rings(session, with_line).company is None


class TestPlacing:
    """With commits, and a telephone system on the other side."""

    @pytest.fixture(autouse=True)
    def _often(self, monkeypatch):
        have_patience(monkeypatch)
        monkeypatch.setattr(placing, "LOOK_EVERY", 0.05)
        monkeypatch.setattr(placing, "LOOK_AT_LEAST", 0.2)
        monkeypatch.setattr(placing, "_followed", set())  # the first call of every database is number 1

    @pytest.fixture
    def ready(self, database, peer) -> Iterator[tuple[Actor, Call]]:
        with transaction() as session:
            caller = add_user(session, Role.CALLER)
            make_list(session, [caller])
            set_line(session, caller, caller.user_id, LineInput(own_line="101"))
            call = start_call(session, caller)
        yield caller, call
        self.let_it_end(peer)

    def let_it_end(self, peer: web.Peer) -> None:
        """Who follows a call would else go on in the database of another test."""
        peer.faults = set()
        peer.states |= dict.fromkeys(peer.states, "disconnected")
        assert within_reason(lambda: not placing._followed)

    def ask(self, ready: tuple[Actor, Call]) -> DialledCall | None:
        caller, call = ready
        with transaction() as session:
            return ask_to_dial(session, caller, call.id, call.e164)

    def known(self, ready: tuple[Actor, Call]) -> DialledCall:
        with reading() as session:
            return last_dialled(session, ready[1].id)

    def becomes(self, ready: tuple[Actor, Call], state: DialState) -> DialledCall:
        within_reason(lambda: self.known(ready).state is state)
        return self.known(ready)

    def test_rings_and_is_followed_to_its_end(self, ready, peer):
        assert place(self.ask(ready)) is None
        assert self.known(ready).reference == "call-7"
        peer.states["call-7"] = "connected"
        assert self.becomes(ready, DialState.ANSWERED).answered_at
        hang_up(self.known(ready))
        assert self.becomes(ready, DialState.ENDED).ended_at
        assert peer.states["call-7"] == "disconnected"

    def test_hanging_up_what_has_ended_is_fine(self, ready, peer):
        place(self.ask(ready))
        peer.states["call-7"] = "disconnected"
        assert hang_up(self.known(ready)) is None

    def test_eight_presses_at_once_dial_once(self, ready, peer):
        placed = []

        def press() -> None:
            if asked := self.ask(ready):
                placed.append(place(asked))

        threads = [threading.Thread(target=press) for _each in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert placed == [None]
        assert len(peer.posts()) == 1
        peer.states["call-7"] = "disconnected"
        self.becomes(ready, DialState.ENDED)

    @pytest.mark.parametrize(
        ("fault", "problem"), [("silent", Problem.UNCLEAR), ("garbage", Problem.UNCLEAR), ("closes", Problem.UNCLEAR)]
    )
    def test_a_system_on_a_bad_day_says_so_in_time_and_is_not_asked_twice(
        self, ready, peer, fault, problem, monkeypatch
    ):
        if fault == "silent":
            give_up_soon(monkeypatch)
        peer.faults = {fault}
        started = time.monotonic()
        assert place(self.ask(ready)) is problem
        assert time.monotonic() - started < SOON
        assert (self.known(ready).state, self.known(ready).problem) == (DialState.FAILED, problem)
        assert self.ask(ready) is None
        assert len(peer.posts()) == 1

    def test_a_system_that_is_down_is_not_reached(self, ready, set_telephony):
        set_telephony(default="voys", voys=SYSTEM | {"url": "http://127.0.0.1:9"})
        assert place(self.ask(ready)) is Problem.NOT_REACHED

    def test_a_system_that_is_silent_for_a_while_is_asked_again(self, ready, peer):
        place(self.ask(ready))
        peer.faults = {"broken"}
        asked = len(peer.asked)
        assert within_reason(lambda: len(peer.asked) > asked + 1)
        peer.faults = set()
        peer.states["call-7"] = "disconnected"
        assert self.becomes(ready, DialState.ENDED).state is DialState.ENDED

    def test_neither_secret_nor_number_is_logged(self, ready, peer, caplog):
        caplog.set_level(logging.INFO)
        logging.getLogger("httpx").setLevel(logging.WARNING)  # as configure_logging does
        peer.faults = {"broken"}
        place(self.ask(ready))
        assert web.TOKEN not in caplog.text
        assert ready[1].e164 not in caplog.text
