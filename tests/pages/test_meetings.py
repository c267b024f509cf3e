from datetime import date, time

import pytest
import time_machine
from sqlmodel import select

from crm.access.permissions import Role
from crm.core.clock import local
from crm.core.db import reading, transaction
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus
from crm.followups.templates import load_templates
from crm.matching.models import Introduction, IntroductionStatus
from crm.matching.services import introduce
from crm.meetings.models import Meeting, MeetingOutcome, MeetingStatus
from crm.pipeline.models import HiddenJob, Stage
from tests.conftest import make_candidate, make_company, make_job
from tests.pages.reading import NASTY, texts, told

TUESDAY = "2026-11-24 10:00+01:00"


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(TUESDAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
def introduction(dutch_coach):
    with transaction() as session:
        load_templates(session)
        company = make_company(session, name=f"Bakker {NASTY}", street="Kade 1", town="Sliedrecht")
        job = make_job(session, stage=Stage.PROFILED, company_id=company.id)
        return introduce(session, dutch_coach, job.id, make_candidate(session).id)


@pytest.fixture
def planned(visit, dutch_coach, introduction):
    """The screen just after a kopkoffie was planned for Friday at ten, and that kopkoffie."""
    screen = plan(visit, dutch_coach, introduction, date(2026, 11, 27))
    return screen, only(Meeting)


def plan(visit, dutch_coach, introduction, day, at=time(10)):
    screen = visit("meetings", dutch_coach, introduction=str(introduction.id))
    form = f"plan-{introduction.id}"
    screen.date_input(key=f"{form}-day").set_value(day)
    screen.time_input(key=f"{form}-time").set_value(at)
    screen.button(key="plan-kopkoffie").click().run()
    assert not screen.exception
    return screen


def only(model):
    with reading() as session:
        return session.exec(select(model)).one()


def record(screen, meeting, side, outcome, reason=""):
    form = f"outcome-{side}-{meeting.id}"
    screen.selectbox(key=f"{form}-outcome").select(outcome)
    screen.text_input(key=f"{form}-reason").set_value(reason)
    screen.button(key=f"{form}-save").click().run()
    assert not screen.exception


class TestPlan:
    def test_starts_with_the_address_of_the_company(self, visit, dutch_coach, introduction):
        screen = visit("meetings", dutch_coach, introduction=str(introduction.id))
        assert screen.text_input(key=f"plan-{introduction.id}-place").value == "Kade 1, Sliedrecht"
        assert "<script>" not in texts(screen)

    def test_moves_the_job_and_shows_the_kopkoffie(self, planned):
        screen, meeting = planned
        assert (local(meeting.starts_at).day, local(meeting.starts_at).hour) == (27, 10)
        assert only(HiddenJob).stage is Stage.KOPKOFFIE_PLANNED
        assert "vr 27 nov 10:00" in texts(screen)
        assert screen.query_params["meeting"] == str(meeting.id)
        files = ["Agenda werkgever", "Agenda werkzoekende", "Voor de werkgever (PDF)", "Voor de werkzoekende (PDF)"]
        assert [button.proto.label for button in screen.get("download_button")] == files

    def test_a_sunday_evening_is_planned_with_a_warning(self, visit, dutch_coach, introduction):
        screen = plan(visit, dutch_coach, introduction, date(2026, 11, 29), time(21))
        assert only(Meeting)
        warnings = [message.text for message in screen.session_state["messages"] if message.level == "warning"]
        assert len(warnings) == 2

    def test_the_past_is_refused_and_what_was_typed_stays(self, visit, dutch_coach, introduction):
        screen = plan(visit, dutch_coach, introduction, date(2026, 11, 23))
        assert "voorbij" in told(screen)[0]
        assert screen.date_input(key=f"plan-{introduction.id}-day").value == date(2026, 11, 23)

    @pytest.mark.parametrize("address", [{"introduction": "999"}, {"meeting": "999"}])
    def test_an_address_that_leads_nowhere_says_so(self, visit, dutch_coach, address):
        assert visit("meetings", dutch_coach, **address).error

    def test_the_address_of_the_introduction_leads_to_what_was_planned(self, visit, dutch_coach, introduction, planned):
        screen = visit("meetings", dutch_coach, introduction=str(introduction.id))
        assert "vr 27 nov 10:00" in texts(screen)
        assert not [button for button in screen.button if button.key == "plan-kopkoffie"]

    def test_is_not_for_callers(self, visit, add_person):
        assert visit("meetings", add_person(Role.CALLER)).error


def test_an_empty_screen_says_what_to_do(visit, dutch_coach):
    assert visit("meetings", dutch_coach).info


def test_who_waits_for_a_kopkoffie_is_listed(visit, dutch_coach, introduction):
    assert "Ria Jansen" in texts(visit("meetings", dutch_coach))


def test_can_be_moved(planned):
    screen, meeting = planned
    form = f"move-{meeting.id}-{meeting.version}"
    screen.time_input(key=f"{form}-time").set_value(time(14, 30))
    screen.button(key=f"move-save-{meeting.id}").click().run()
    assert "14:30" in texts(screen)
    assert only(Meeting).sequence == 1


def test_can_be_called_off(planned):
    screen, meeting = planned
    screen.button(key=f"cancel-save-{meeting.id}").click().run()
    assert only(Meeting).status is MeetingStatus.CANCELLED
    assert only(HiddenJob).stage is Stage.INTRODUCED


class TestOutcome:
    def test_both_sides_and_then_the_placement(self, visit, dutch_coach, planned, on_tuesday):
        _, meeting = planned
        on_tuesday.move_to("2026-11-28 10:00+01:00")
        screen = visit("meetings", dutch_coach)
        record(screen, meeting, "employer", MeetingOutcome.CONTRACT)
        record(screen, meeting, "candidate", MeetingOutcome.CLICK)
        assert only(Meeting).status is MeetingStatus.HELD
        with reading() as session:
            asked = session.exec(select(FollowUp).where(FollowUp.kind != FollowUpKind.PREPARE_KOPKOFFIE)).all()
            assert [one.status for one in asked[:2]] == [FollowUpStatus.DONE] * 2
        screen.button(key=f"place-{only(Introduction).id}").click().run()
        assert not screen.exception
        assert only(HiddenJob).stage is Stage.PLACED

    def test_a_refusal_needs_a_reason_that_is_kept(self, visit, dutch_coach, planned, on_tuesday):
        _, meeting = planned
        on_tuesday.move_to("2026-11-28 10:00+01:00")
        screen = visit("meetings", dutch_coach)
        record(screen, meeting, "employer", MeetingOutcome.NO)
        assert only(Meeting).employer_outcome is None
        record(screen, meeting, "employer", MeetingOutcome.NO, "Toch te weinig uren")
        record(screen, meeting, "candidate", MeetingOutcome.CLICK)
        assert only(Introduction).status is IntroductionStatus.DECLINED
        assert only(Introduction).decline_reason == "Toch te weinig uren"

    def test_nothing_chosen_says_so(self, visit, dutch_coach, planned, on_tuesday):
        _, meeting = planned
        on_tuesday.move_to("2026-11-28 10:00+01:00")
        screen = visit("meetings", dutch_coach)
        screen.button(key=f"outcome-employer-{meeting.id}-save").click().run()
        assert told(screen)
