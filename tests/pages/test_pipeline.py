from datetime import timedelta

import pytest
from sqlmodel import Session, select

from crm.access.permissions import Role
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.followups.models import FollowUp, FollowUpKind
from crm.matching.services import introduce
from crm.pipeline.inputs import Lost
from crm.pipeline.models import HiddenJob, LostReason, Stage
from crm.pipeline.queries import CARDS_PER_STAGE
from crm.pipeline.services import move
from tests.conftest import make_candidate, make_company, make_job

NASTY = "<script>alert(1)</script> [klik](javascript:alert(1)) **vet** :red[rood]"


@pytest.fixture
def coach(add_person):
    return add_person(Role.COACH)


@pytest.fixture
def dutch_coach(add_person):
    """For forms with a choice: AppTest formats the options in the language of the test itself."""
    return add_person(Role.COACH, language="nl")


def save(build):
    with transaction() as session:
        return build(session)


def read(job_id) -> HiddenJob:
    with reading() as session:
        return session.get_one(HiddenJob, job_id)


def texts(screen):
    shown = [element.value for kind in ("markdown", "text", "caption", "title") for element in screen.get(kind)]
    return " ".join([*shown, *(button.label for button in screen.button)])


def told(screen):
    return [message.text for message in screen.session_state["messages"]]


class TestBoard:
    def test_an_empty_board_says_where_jobs_come_from(self, visit, coach):
        screen = visit("pipeline", coach)
        assert not screen.exception
        assert "calls" in screen.info[0].value

    def test_a_card_says_what_where_and_how_long(self, visit, coach):
        def build(session: Session):
            company = make_company(session, name="Bakkerij Zus", town="Sliedrecht")
            make_job(session, company_id=company.id, stage_since=now() - timedelta(days=20))

        save(build)
        screen = visit("pipeline", coach)
        assert not screen.exception
        shown = texts(screen)
        assert "Bakkerij Zus" in shown
        assert "Sliedrecht · 16 hours" in shown
        assert "standing still for 20 days" in shown

    def test_next_moves_the_card(self, visit, coach):
        job = save(make_job)
        screen = visit("pipeline", coach)
        screen.button(key=f"next-card-{job.id}").click().run()
        assert read(job.id).stage is Stage.EXPLORED
        assert not screen.exception

    def test_shows_more_when_asked(self, visit, coach):
        def build(session: Session):
            for _ in range(CARDS_PER_STAGE + 2):
                make_job(session)

        save(build)
        screen = visit("pipeline", coach)
        cards = [button for button in screen.button if button.key.startswith("next-card")]
        assert len(cards) == CARDS_PER_STAGE
        screen.button(key="show-signal").click().run()
        cards = [button for button in screen.button if button.key.startswith("next-card")]
        assert len(cards) == CARDS_PER_STAGE + 2

    def test_opens_the_job_and_the_address_says_so(self, visit, coach):
        job = save(make_job)
        screen = visit("pipeline", coach)
        screen.button(key=f"open-{job.id}").click().run()
        assert screen.query_params["job"] == str(job.id)
        assert screen.title[0].value == job.title

    def test_back_moves_it_back(self, visit, coach):
        job = save(lambda session: make_job(session, stage=Stage.EXPLORED))
        visit("pipeline", coach).button(key=f"back-card-{job.id}").click().run()
        assert read(job.id).stage is Stage.SIGNAL

    def test_what_may_not_be_is_said_and_nothing_moves(self, visit, coach):
        job = save(lambda session: make_job(session, stage=Stage.EXPLORED, tasks=""))
        screen = visit("pipeline", coach)
        screen.button(key=f"next-card-{job.id}").click().run()
        assert read(job.id).stage is Stage.EXPLORED
        assert "tasks" in told(screen)[0]

    def test_two_people_who_move_the_same_card(self, visit, coach, add_person):
        job = save(make_job)
        screen = visit("pipeline", coach)
        other = add_person(Role.COACH)
        with transaction() as session:
            move(session, other, job.id, Stage.LOST, version=1, lost=Lost(reason=LostReason.NO_MONEY))
        screen.button(key=f"next-card-{job.id}").click().run()
        assert read(job.id).stage is Stage.LOST
        assert "Somebody else" in told(screen)[0]

    def test_a_caller_looks_but_does_not_move(self, visit, add_person):
        save(make_job)
        screen = visit("pipeline", add_person(Role.CALLER))
        assert not screen.exception
        assert not [button for button in screen.button if "card" in button.key]

    def test_a_viewer_does_not_get_in(self, visit, add_person):
        assert visit("pipeline", add_person(Role.VIEWER)).error

    def test_names_are_shown_as_they_were_typed(self, visit, coach):
        def build(session: Session):
            make_job(session, title=NASTY[:120], company_id=make_company(session, name=NASTY).id)

        save(build)
        screen = visit("pipeline", coach)
        assert not screen.exception
        assert "\\<script\\>" in texts(screen)
        assert "**vet**" not in texts(screen)


class TestJob:
    def test_shows_the_job_with_its_history(self, visit, coach):
        job = save(make_job)
        with transaction() as session:
            move(session, coach, job.id, Stage.EXPLORED, version=1, note="Eigenaar gesproken")
        screen = visit("pipeline", coach, job=str(job.id))
        assert not screen.exception
        shown = texts(screen)
        assert "Facturen inboeken" in shown
        assert "Eigenaar gesproken" in shown
        assert "Signal → Explored" in shown

    @pytest.mark.parametrize("wrong", ["999", "abc", "-1", "99999999999999999999", "' OR 1=1"])
    def test_an_address_that_leads_nowhere_says_so(self, visit, coach, wrong):
        screen = visit("pipeline", coach, job=wrong)
        assert not screen.exception
        assert "does not exist" in screen.error[0].value

    def test_can_be_changed(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id))
        screen.button(key="edit-job").click().run()
        screen.text_input(key="job-title").set_value("Boekhouding")
        screen.number_input(key="job-hours_per_week").set_value(24)
        screen.button(key="save-job").click().run()
        assert not screen.exception
        assert (read(job.id).title, read(job.id).hours_per_week) == ("Boekhouding", 24)

    def test_sixty_one_hours_are_refused_and_what_was_typed_stays(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id))
        screen.button(key="edit-job").click().run()
        screen.text_area(key="job-tasks").set_value("Veel meer werk")
        screen.number_input(key="job-hours_per_week").set_value(61)
        screen.button(key="save-job").click().run()
        assert read(job.id).hours_per_week == 16
        assert "te hoog" in told(screen)[0]
        assert screen.text_area(key="job-tasks").value == "Veel meer werk"

    def test_a_colleagues_change_is_not_overwritten(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id))
        screen.button(key="edit-job").click().run()
        with transaction() as session:
            move(session, dutch_coach, job.id, Stage.EXPLORED, version=1)
        screen.text_input(key="job-title").set_value("Van mij")
        screen.button(key="save-job").click().run()
        assert "Iemand anders" in told(screen)[0]
        screen.button(key="save-job").click().run()
        assert read(job.id).title == "Administratie bijwerken"
        assert screen.warning

    def test_doubtful_words_are_pointed_out(self, visit, coach):
        job = save(lambda session: make_job(session, must_have="Jong en niet ouder dan 30"))
        screen = visit("pipeline", coach, job=str(job.id))
        assert "Jong" in screen.warning[0].value

    def test_is_lost_for_a_reason(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id))
        screen.button(key="lose").click().run()
        self.lose(screen, job)
        assert read(job.id).lost_reason is LostReason.NO_MONEY

    def test_is_lost_from_the_board_too(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach)
        screen.session_state["open-dialog"] = ("lose-job", job.id, job.version)
        screen.run()
        self.lose(screen, job)
        with reading() as session:
            assert session.exec(select(FollowUp.kind)).all() == []

    def test_a_lost_job_is_asked_for_again_from_a_day_on(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id))
        screen.button(key="lose").click().run()
        screen.selectbox(key=f"lose-job-{job.id}-reason").select(LostReason.NO_MONEY)
        screen.radio(key=f"lose-job-{job.id}-again").set_value(True).run()
        assert screen.date_input(key=f"lose-job-{job.id}-day").value is not None
        screen.button(key="save-lost").click().run()
        assert not screen.exception
        with reading() as session:
            assert session.exec(select(FollowUp.kind)).all() == [FollowUpKind.RECALL]

    @staticmethod
    def lose(screen, job):
        assert screen.button(key="save-lost").disabled
        screen.selectbox(key=f"lose-job-{job.id}-reason").select(LostReason.NO_MONEY).run()
        assert screen.button(key="save-lost").disabled
        screen.radio(key=f"lose-job-{job.id}-again").set_value(False).run()
        screen.button(key="save-lost").click().run()
        assert not screen.exception
        assert read(job.id).stage is Stage.LOST

    def test_the_note_goes_with_the_step(self, visit, coach):
        job = save(make_job)
        screen = visit("pipeline", coach, job=str(job.id))
        screen.text_input(key="move-note").set_value("Gebeld")
        screen.button(key="job-next").click().run()
        assert "Gebeld" in texts(screen)


class TestPeople:
    def test_suggestions_explain_themselves_and_can_be_introduced(self, visit, coach):
        def build(session: Session):
            return make_job(session, stage=Stage.PROFILED), make_candidate(session)

        job, person = save(build)
        screen = visit("pipeline", coach, job=str(job.id))
        assert "Fits because" in texts(screen)
        screen.button(key=f"introduce-{person.id}").click().run()
        assert not screen.exception
        assert read(job.id).stage is Stage.INTRODUCED

    def test_callers_do_not_see_them(self, visit, coach, add_person):
        def build(session: Session):
            job, person = make_job(session, stage=Stage.PROFILED), make_candidate(session)
            introduce(session, coach, job.id, person.id)
            return job

        job = save(build)
        screen = visit("pipeline", add_person(Role.CALLER), job=str(job.id))
        assert not screen.exception
        assert "Ria Jansen" not in texts(screen)

    def test_an_introduction_ends_with_a_reason(self, visit, coach):
        def build(session: Session):
            job, person = make_job(session, stage=Stage.PROFILED), make_candidate(session)
            return job, introduce(session, coach, job.id, person.id)

        job, introduction = save(build)
        screen = visit("pipeline", coach, job=str(job.id))
        screen.button(key=f"decline-save-{introduction.id}").click().run()
        assert "reason" in told(screen)[0]
        screen.text_area(key=f"decline-reason-{introduction.id}").set_value("Te ver reizen")
        screen.button(key=f"decline-save-{introduction.id}").click().run()
        assert "Te ver reizen" in texts(screen)
        assert read(job.id).stage is Stage.PROFILED


def test_a_job_can_be_written_down_at_a_company(visit, dutch_coach):
    company = save(make_company)
    screen = visit("pipeline", dutch_coach, company=str(company.id))
    assert company.name in texts(screen)
    screen.text_input(key="new-job-title").set_value("Tuin bijhouden")
    screen.button(key="save-job").click().run()
    assert "kies een aanleiding" in told(screen)[0]
    screen.selectbox(key="new-job-reason").select("KLUS")
    screen.button(key="save-job").click().run()
    assert not screen.exception
    assert read(1).title == "Tuin bijhouden"


def test_a_job_needs_a_company_that_exists(visit, dutch_coach):
    screen = visit("pipeline", dutch_coach, company="999")
    assert not screen.exception
    assert screen.error
    assert not screen.text_input
