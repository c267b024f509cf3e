"""Own lines, and what telephone systems tell: each event once, in any order, to the one it is for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.core.clock import now
from crm.core.errors import NotAllowed
from crm.telephony.dialling.port import Cause, DialState, Problem, Status
from crm.telephony.events import EventInput
from crm.telephony.inputs import LineInput
from crm.telephony.models import BY_LINK, DialledCall, PhoneEvent, PhoneLine, RingingCall
from crm.telephony.queries import LONGEST_RINGING, line_of, line_to_dial_on, ringing_for
from crm.telephony.services import LineMissing, LineTaken, note_placed, note_problem, set_line, take_event
from tests.conftest import add_user
from tests.crm.calling.building import make_list, start_call

AMI = {"kind": "ami", "host": "127.0.0.1", "user": "kopkoffie", "secret": "x", "encrypted": False}
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _systems(set_telephony):
    set_telephony(default="kantoor", kantoor=AMI, thuis=AMI)
    with time_machine.travel(NINE, tick=False):
        yield


def own(session: Session, actor: Actor, line: str = "101", system: str = "") -> PhoneLine:
    return set_line(session, actor, actor.user_id, LineInput(system=system, own_line=line))


def dialled(session: Session, caller: Actor, **overrides: Any) -> DialledCall:
    make_list(session, [caller])
    fields = {"system": "kantoor", "line": "101", "e164": "+31101234567", "mark": "m", "reference": "call-7"}
    row = DialledCall(call_id=start_call(session, caller).id, **(fields | overrides))
    session.add(row)
    session.flush()
    return row


def event(state: str, **overrides: Any) -> EventInput:
    count = event.count = getattr(event, "count", 0) + 1
    fields = {"id": f"e-{count}", "system": "kantoor", "direction": "out", "reference": "call-7", "state": state}
    return EventInput.model_validate(fields | overrides)


def rings(state: str = "ringing", **overrides: Any) -> EventInput:
    fields = {"direction": "in", "line": "101", "number": "010-1234567", "reference": "in-1"}
    return event(state, **(fields | overrides))


class TestOwnLine:
    def test_is_set_by_oneself_and_audited(self, session, caller):
        line = own(session, caller, " 101 ")
        assert (line.line, line_of(session, caller, caller.user_id)) == ("101", line)
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.action == "phone_line.changed"))
        assert entry.changes["line"][1] == "101"

    def test_of_somebody_else_is_for_an_administrator(self, session, caller, coordinator):
        admin, given = add_user(session, Role.ADMIN), LineInput(own_line="102")
        for actor in (coordinator, add_user(session, Role.VIEWER)):
            with pytest.raises(NotAllowed):
                set_line(session, actor, caller.user_id, given)
            with pytest.raises(NotAllowed):
                line_of(session, actor, caller.user_id)
        assert set_line(session, admin, caller.user_id, given).user_id == caller.user_id

    def test_who_does_not_call_has_none(self, session):
        with pytest.raises(NotAllowed):
            own(session, add_user(session, Role.VIEWER))

    def test_belongs_to_one_person_whether_chosen_by_name_or_as_the_usual_one(self, session, caller, coordinator):
        own(session, caller)
        with pytest.raises(LineTaken, match=caller.name):
            own(session, coordinator, system="kantoor")
        own(session, coordinator, system="thuis")
        own(session, coordinator, system=BY_LINK)

    def test_can_be_changed_and_kept_as_it_is(self, session, caller):
        own(session, caller)
        own(session, caller)
        assert own(session, caller, "102").line == "102"

    def test_a_system_needs_a_line(self, session, caller):
        with pytest.raises(LineMissing):
            own(session, caller, "", system="thuis")

    @pytest.mark.parametrize("line", ["101\r\nAction: Logoff", "../9", "101/2", "10 1", "１０", "-", "1@x", "a" * 41])
    def test_holds_nothing_that_means_something_elsewhere(self, line):
        with pytest.raises(ValidationError):
            LineInput(own_line=line)

    @given(st.text(max_size=45))
    def test_any_text_is_plain_or_refused(self, text):
        try:
            line = LineInput(own_line=text).own_line
        except ValidationError:
            return
        assert line.isascii()
        assert not set(line) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")

    def test_a_system_that_does_not_exist_is_refused(self):
        with pytest.raises(ValidationError):
            LineInput(system="zolder", own_line="101")

    @pytest.mark.parametrize(
        ("system", "line", "dials"),
        [("", "101", True), ("thuis", "101", True), (BY_LINK, "101", False), ("", "", False)],
    )
    def test_says_whether_a_system_dials(self, session, caller, system, line, dials):
        own(session, caller, line, system)
        assert (line_to_dial_on(session, caller.user_id) is not None) is dials

    def test_a_system_that_is_gone_from_the_settings_leaves_the_link(self, session, caller, set_telephony):
        own(session, caller, system="thuis")
        set_telephony(kantoor=AMI)
        assert line_to_dial_on(session, caller.user_id) is None


class TestDialled:
    def test_times_and_reason_come_from_what_is_told(self, session, caller):
        row = dialled(session, caller)
        take_event(session, event("ringing"))
        with time_machine.travel(NINE + timedelta(minutes=5), tick=False):
            take_event(session, event("answered", at=NINE + timedelta(seconds=9)))
            take_event(session, event("ended", at=NINE + timedelta(seconds=69)))
        assert row.state is DialState.ENDED
        assert row.answered_at == NINE + timedelta(seconds=9)
        assert row.ended_at == NINE + timedelta(seconds=69)

    def test_what_comes_late_changes_nothing(self, session, caller):
        row = dialled(session, caller)
        take_event(session, event("ended", cause="busy"))
        for late in ("ringing", "answered", "failed"):
            take_event(session, event(late))
        assert (row.state, row.cause, row.answered_at) == (DialState.ENDED, Cause.BUSY, None)

    def test_what_was_answered_was_not_busy(self, session, caller):
        row = dialled(session, caller)
        take_event(session, event("answered"))
        take_event(session, event("ended", cause="busy"))
        assert (row.state, row.cause) == (DialState.ENDED, None)

    def test_an_answer_of_the_system_after_its_event_changes_nothing(self, session, caller):
        row = dialled(session, caller)
        take_event(session, event("answered"))
        note_placed(session, row.id, "call-7", Status(DialState.RINGING))
        assert row.state is DialState.ANSWERED

    def test_a_problem_ends_it(self, session, caller):
        row = note_problem(session, dialled(session, caller, reference=None).id, Problem.NOT_REACHED)
        assert (row.state, row.problem) == (DialState.FAILED, Problem.NOT_REACHED)

    def test_the_same_event_counts_once(self, session, caller):
        dialled(session, caller)
        same = event("ringing")
        for _time in range(3):
            take_event(session, same)
        assert len(session.exec(select(PhoneEvent)).all()) == 1

    def test_another_system_cannot_speak_about_it(self, session, caller):
        row = dialled(session, caller)
        take_event(session, event("ended", system="thuis"))
        assert row.state is DialState.ASKED

    def test_a_call_that_is_not_ours_is_let_go(self, session):
        take_event(session, event("ended", reference="elsewhere"))


class TestRinging:
    def test_shows_for_whom_it_rings_and_for_nobody_else(self, session, caller, coordinator):
        own(session, caller)
        own(session, coordinator, "102")
        take_event(session, rings())
        assert ringing_for(session, caller).e164 == "+31101234567"
        assert ringing_for(session, coordinator) is None

    @pytest.mark.parametrize("end", ["ended", "failed"])
    def test_is_gone_when_it_ends(self, session, caller, end):
        own(session, caller)
        for state in ("ringing", "answered", end, "ringing"):
            take_event(session, rings(state))
        assert ringing_for(session, caller) is None

    def test_an_end_that_comes_first_rings_nobody(self, session, caller):
        own(session, caller)
        take_event(session, rings("ended"))
        take_event(session, rings("ringing"))
        assert ringing_for(session, caller) is None

    def test_stays_while_it_is_answered(self, session, caller):
        own(session, caller)
        take_event(session, rings())
        take_event(session, rings("answered"))
        with time_machine.travel(NINE + timedelta(minutes=30)):
            assert ringing_for(session, caller)

    def test_an_end_that_is_never_told_does_not_leave_it_there(self, session, caller):
        own(session, caller)
        take_event(session, rings())
        with time_machine.travel(NINE + LONGEST_RINGING + timedelta(seconds=1)):
            assert ringing_for(session, caller) is None

    @pytest.mark.parametrize("number", ["", "anonymous", None, "x" * 500, "112", "010-1234567 of 010-7654321"])
    def test_a_number_that_is_withheld_or_strange_rings_all_the_same(self, session, caller, number):
        own(session, caller)
        take_event(session, rings(number=number))
        assert ringing_for(session, caller).e164 == ""

    def test_a_line_of_nobody_rings_nobody(self, session):
        take_event(session, rings(line="999"))
        take_event(session, rings(line=""))
        assert session.exec(select(RingingCall)).all() == []

    def test_is_forgotten_after_a_day(self, session, caller):
        own(session, caller)
        take_event(session, rings())
        with time_machine.travel(now() + timedelta(days=1, minutes=1)):
            take_event(session, rings(reference="in-2"))
        assert [row.reference for row in session.exec(select(RingingCall))] == ["in-2"]
        assert len(session.exec(select(PhoneEvent)).all()) == 1


class TestEvent:
    JSON = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
        max_leaves=6,
    )
    FIELDS = st.sampled_from(["id", "system", "direction", "reference", "state", "line", "number", "cause", "at"])

    @given(st.dictionaries(FIELDS, JSON | st.sampled_from(["in", "out", "ringing", "ended", "busy", "a"])))
    def test_any_fields_are_an_event_or_refused(self, fields):
        try:
            found = EventInput.model_validate(fields)
        except ValidationError:
            return
        assert found.number == "" or found.number.startswith("+")
        assert len(found.id) <= 100

    @given(st.binary(max_size=300))
    def test_any_body_is_an_event_or_refused(self, body):
        with pytest.raises(ValidationError):
            EventInput.model_validate_json(body)

    def test_an_error_quotes_nothing(self):
        with pytest.raises(ValidationError) as refused:
            EventInput.model_validate({"number": "+31101234567", "state": "geheim"})
        assert "geheim" not in str(refused.value)
        assert "1234567" not in str(refused.value)
