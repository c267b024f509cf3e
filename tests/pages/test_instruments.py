from datetime import date

import pytest
import time_machine
from sqlmodel import select

from crm.access.permissions import Role
from crm.core.clock import at
from crm.core.db import reading, transaction
from crm.matching.models import Introduction, IntroductionStatus
from crm.meetings.models import Asker, InstrumentUse, Meeting, MeetingOutcome, MeetingStatus, UseState
from crm.pipeline.models import Stage, StageChange
from tests.conftest import make_candidate, make_company, make_job
from tests.pages.reading import texts, told


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=True):
        yield


@pytest.fixture
def meeting(dutch_coach):
    """A kopkoffie that led to a job with a cleaning firm."""
    with transaction() as session:
        company = make_company(session, name="Schoon en Fris", sbi_code="81210")
        job = make_job(session, company_id=company.id, stage=Stage.PLACED)
        session.add(StageChange(job_id=job.id, to_stage=Stage.PLACED, created_at=at(date(2026, 11, 2), 10)))
        introduction = Introduction(
            job_id=job.id,
            candidate_id=make_candidate(session).id,
            status=IntroductionStatus.SUCCEEDED,
            made_by_id=dutch_coach.user_id,
        )
        session.add(introduction)
        session.flush()
        held = Meeting(
            introduction_id=introduction.id,
            starts_at=at(date(2026, 10, 28), 10),
            place="Kade 1",
            status=MeetingStatus.HELD,
            employer_outcome=MeetingOutcome.CONTRACT,
            candidate_outcome=MeetingOutcome.CONTRACT,
            made_by_id=dutch_coach.user_id,
        )
        session.add(held)
        session.flush()
        return held


def only_use():
    with reading() as session:
        return session.exec(select(InstrumentUse)).one()


class TestCatalogue:
    def test_says_who_decides_what_the_employer_owes_and_as_of_when(self, visit, dutch_coach):
        screen = visit("instruments", dutch_coach)
        screen.text_input(key="instrument-text").set_value("proefplaatsing").run()
        assert not screen.exception
        assert "UWV of de gemeente" in texts(screen)
        assert "aansprakelijkheidsverzekering" in texts(screen)
        assert "Stand van zo 1 nov 2026" in texts(screen)

    def test_what_does_not_exist_any_more_says_so_and_has_no_text_to_give(self, visit, dutch_coach):
        screen = visit("instruments", dutch_coach)
        screen.text_input(key="instrument-text").set_value("STAP").run()
        assert "Niets gevonden" in screen.info[0].value
        screen.toggle(key="instrument-ended").set_value(True).run()
        assert "bestaat niet meer sinds ma 1 jan 2024" in texts(screen)
        assert not screen.get("code")

    def test_what_was_never_checked_says_so(self, visit, dutch_coach):
        screen = visit("instruments", dutch_coach)
        screen.text_input(key="instrument-text").set_value("SLIM").run()
        assert "oud of nooit nagekeken" in texts(screen)

    def test_is_not_for_callers(self, visit, add_person):
        assert visit("instruments", add_person(Role.CALLER)).error


class TestPlacement:
    def test_a_scheme_is_chosen_and_its_answer_written_down(self, visit, dutch_coach, meeting):
        screen = visit("meetings", dutch_coach, meeting=str(meeting.id))
        which = meeting.introduction_id
        screen.selectbox(key=f"choose-instrument-{which}-0").select("PROEF")
        screen.button(key=f"attach-instrument-{which}").click().run()
        assert not screen.exception
        form = f"use-{only_use().id}-1"
        screen.selectbox(key=f"{form}-state").select(UseState.GRANTED)
        screen.button(key=f"save-{form}").click().run()
        assert "wie het vroeg" in told(screen)[-1]
        screen.selectbox(key=f"{form}-by").select(Asker.EMPLOYER)
        screen.button(key=f"save-{form}").click().run()
        assert not screen.exception
        assert (only_use().state, only_use().asked_by) == (UseState.GRANTED, Asker.EMPLOYER)
        assert "Gevraagd door" in texts(screen)
        assert "aansprakelijkheidsverzekering" in screen.get("code")[0].value

    def test_a_choice_of_nothing_says_what_to_do(self, visit, dutch_coach, meeting):
        screen = visit("meetings", dutch_coach, meeting=str(meeting.id))
        screen.button(key=f"attach-instrument-{meeting.introduction_id}").click().run()
        assert told(screen) == ["Kies eerst een regeling of werkwijze."]

    def test_in_cleaning_the_end_of_hiring_in_is_told(self, visit, dutch_coach, meeting):
        assert "2 nov 2027" in visit("meetings", dutch_coach, meeting=str(meeting.id)).warning[0].value

    def test_the_list_leads_to_the_schemes(self, visit, dutch_coach, meeting):
        screen = visit("meetings", dutch_coach)
        screen.button(key=f"schemes-{meeting.id}").click().run()
        assert "Regelingen bij deze plaatsing" in [heading.value for heading in screen.header]
