from datetime import date, datetime, timedelta

import pytest
import time_machine
from pydantic import ValidationError
from sqlmodel import select

from crm.audit.models import AuditEntry
from crm.core.clock import at, today
from crm.core.errors import ChangedMeanwhile, NotAllowed, NotFound
from crm.matching.models import IntroductionStatus
from crm.matching.services import place
from crm.meetings.inputs import UseInput
from crm.meetings.instruments import (
    AlreadyChosen,
    AskedAlready,
    HasEnded,
    NoPlacementYet,
    TellsOfHealth,
    attach,
    choosable,
    detach,
    note_state,
    placed_on,
    uses,
)
from crm.meetings.models import Asker, MeetingOutcome, UseState
from crm.meetings.rules import Side
from crm.meetings.services import plan_kopkoffie, record_outcome

TUESDAY = datetime(2026, 11, 24, 9, tzinfo=at(date(2026, 11, 24), 9).tzinfo)
DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def held(session, coach, introduction, make_input, clock):
    """The introduction, after a kopkoffie with which both sides were glad."""
    meeting = plan_kopkoffie(session, coach, introduction.id, make_input())
    clock.move_to(meeting.starts_at + timedelta(hours=1))
    for side in Side:
        outcome = MeetingOutcome.CONTRACT
        record_outcome(session, coach, meeting.id, side=side, outcome=outcome, version=meeting.version)
    return introduction


class TestAttach:
    def test_puts_a_scheme_on_the_list_to_be_asked(self, session, coach, held):
        use = attach(session, coach, held.id, "PROEF")
        assert [one.id for one in uses(session, coach, held.id)] == [use.id]
        assert use.state is UseState.TO_ASK
        entry = session.exec(select(AuditEntry).where(AuditEntry.subject_type == "instrument_use")).one()
        assert (entry.action, entry.subject_id) == ("instrument.chosen", use.id)

    def test_what_was_chosen_is_no_choice_any_more(self, session, coach, held):
        attach(session, coach, held.id, "PROEF")
        assert "PROEF" not in {one.code for one in choosable(uses(session, coach, held.id))}
        with pytest.raises(AlreadyChosen):
            attach(session, coach, held.id, "PROEF")

    @pytest.mark.parametrize("code", ["NORISK", "LKS", "LKV_BA", "WERKPLEK"])
    def test_what_tells_of_health_is_never_kept_with_a_person(self, session, coach, held, code):
        assert code not in {one.code for one in choosable([])}
        with pytest.raises(TellsOfHealth):
            attach(session, coach, held.id, code)

    def test_what_has_ended_is_refused(self, session, coach, held):
        with pytest.raises(HasEnded):
            attach(session, coach, held.id, "STAP")

    def test_before_the_kopkoffie_there_is_nothing_to_ask(self, session, coach, introduction):
        with pytest.raises(NoPlacementYet):
            attach(session, coach, introduction.id, "PROEF")

    def test_not_after_a_no(self, session, coach, held):
        held.status = IntroductionStatus.DECLINED
        with pytest.raises(NoPlacementYet):
            attach(session, coach, held.id, "PROEF")

    def test_an_unknown_one_is_not_found(self, session, coach, held):
        with pytest.raises(NotFound):
            attach(session, coach, held.id, "GRATIS")

    def test_is_not_for_callers(self, session, caller, held):
        with pytest.raises(NotAllowed):
            attach(session, caller, held.id, "PROEF")
        with pytest.raises(NotAllowed):
            uses(session, caller, held.id)


class TestState:
    def test_says_who_asked_and_when(self, session, coach, held):
        use = attach(session, coach, held.id, "PROEF")
        given = UseInput(state=UseState.ASKED, asked_by=Asker.CANDIDATE, asked_on=today())
        note_state(session, coach, use.id, given, version=use.version)
        assert (use.state, use.asked_by, use.asked_on) == (UseState.ASKED, Asker.CANDIDATE, today())

    def test_a_colleague_s_change_is_not_overwritten(self, session, coach, held):
        use = attach(session, coach, held.id, "PROEF")
        with pytest.raises(ChangedMeanwhile):
            note_state(session, coach, use.id, UseInput(state=UseState.TO_ASK), version=use.version + 1)

    def test_what_has_been_asked_has_somebody_and_a_day(self):
        with pytest.raises(ValidationError):
            UseInput(state=UseState.GRANTED)

    def test_nothing_was_asked_tomorrow(self):
        with pytest.raises(ValidationError):
            UseInput(state=UseState.ASKED, asked_by=Asker.WE, asked_on=DAY + timedelta(days=1))

    def test_what_nobody_asked_yet_can_be_taken_off(self, session, coach, held):
        use = attach(session, coach, held.id, "PROEF")
        detach(session, coach, use.id, version=use.version)
        assert not uses(session, coach, held.id)

    def test_what_was_asked_stays(self, session, coach, held):
        use = attach(session, coach, held.id, "PROEF")
        given = UseInput(state=UseState.ASKED, asked_by=Asker.WE, asked_on=today())
        note_state(session, coach, use.id, given, version=use.version)
        with pytest.raises(AskedAlready):
            detach(session, coach, use.id, version=use.version)


def test_the_day_of_a_placement_is_that_of_the_job(session, coach, held):
    assert placed_on(session, coach, held.job_id) is None
    place(session, coach, held.id, version=None)
    assert placed_on(session, coach, held.job_id) == today()
