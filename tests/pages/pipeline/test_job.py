"""The card of a hidden job: its profile, who fits, who is introduced."""

from datetime import time

import pytest
from sqlmodel import Session, select

from crm.access.permissions import Role
from crm.core.db import reading, transaction
from crm.followups.models import FollowUp, FollowUpKind
from crm.matching.models import RefusalReason, Suggestion, SuggestionOutcome
from crm.matching.services import introduce
from crm.pipeline.models import HiddenJobCompetence, LostReason, Stage, Weight
from crm.pipeline.services import move
from tests.conftest import make_candidate, make_company, make_job
from tests.pages.pipeline.building import read, save
from tests.pages.reading import NASTY, texts, told


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
        screen.text_input(key=f"job-{job.id}-title").set_value("Boekhouding")
        screen.number_input(key=f"job-{job.id}-hours_per_week").set_value(24)
        screen.button(key="save-job").click().run()
        assert not screen.exception
        assert (read(job.id).title, read(job.id).hours_per_week) == ("Boekhouding", 24)

    def test_sixty_one_hours_are_refused_and_what_was_typed_stays(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id))
        screen.button(key="edit-job").click().run()
        screen.text_area(key=f"job-{job.id}-tasks").set_value("Veel meer werk")
        screen.number_input(key=f"job-{job.id}-hours_per_week").set_value(61)
        screen.button(key="save-job").click().run()
        assert read(job.id).hours_per_week == 16
        assert "te hoog" in told(screen)[0]
        assert screen.text_area(key=f"job-{job.id}-tasks").value == "Veel meer werk"

    def test_a_colleagues_change_is_not_overwritten(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id))
        screen.button(key="edit-job").click().run()
        with transaction() as session:
            move(session, dutch_coach, job.id, Stage.EXPLORED, version=1)
        screen.text_input(key=f"job-{job.id}-title").set_value("Van mij")
        screen.button(key="save-job").click().run()
        assert "Iemand anders" in told(screen)[0]
        screen.button(key="save-job").click().run()
        assert read(job.id).title == "Administratie bijwerken"
        assert screen.warning

    def test_doubtful_words_are_pointed_out(self, visit, coach):
        job = save(lambda session: make_job(session, must_have="Jong en niet ouder dan 30"))
        screen = visit("pipeline", coach, job=str(job.id))
        assert "Jong" in texts(screen)
        assert "Better" in texts(screen)

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
        screen.text_input(key="move-note-0").set_value("Gebeld")
        screen.button(key="job-next").click().run()
        assert "Gebeld" in texts(screen)
        assert screen.text_input(key="move-note-1").value == ""


class TestWorkProfile:
    def test_says_what_a_competence_weighs_and_what_may_be_learned(self, visit, dutch_coach):
        job = save(lambda session: make_job(session, competences=["24118"]))
        screen = visit("pipeline", dutch_coach, job=str(job.id), profile="1")
        screen.multiselect(key=f"job-{job.id}-competences").set_value(["24118", "24120"]).run()
        screen.checkbox(key=f"job-{job.id}-learnable-24120").check()
        screen.session_state[f"job-{job.id}-weight-24118"] = Weight.DECISIVE
        screen.time_input(key=f"job-{job.id}-from_time").set_value(time(9))
        screen.button(key="save-job").click().run()
        assert not screen.exception
        with reading() as session:
            asked = session.exec(select(HiddenJobCompetence).order_by(HiddenJobCompetence.code)).all()
        assert [(one.code, one.weight, one.learnable) for one in asked] == [("24118", 3, False), ("24120", 2, True)]
        assert read(job.id).from_time == time(9)
        assert "Doorslaggevend" in texts(screen)
        assert "mag hier geleerd worden" in texts(screen)

    def test_a_word_that_shuts_people_out_has_a_better_one_beside_the_field(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id), profile="1")
        screen.text_area(key=f"job-{job.id}-must_have").set_value("Moedertaal Nederlands").run()
        assert "spreekt genoeg Nederlands voor dit werk" in texts(screen)

    def test_what_is_missing_is_told_at_once_with_the_way_to_the_form(self, visit, coach):
        job = save(lambda session: make_job(session, stage=Stage.EXPLORED, tasks="", days=[]))
        screen = visit("pipeline", coach, job=str(job.id))
        screen.button(key="job-next").click().run()
        (message,) = screen.session_state["messages"]
        assert "the tasks, the days" in message.text
        assert message.page == f"pipeline?job={job.id}&profile=1"
        assert "the days" in screen.info[0].value

    def test_nobody_is_introduced_before_the_profile_is_whole(self, visit, coach):
        def build(session: Session):
            return make_job(session, stage=Stage.PROFILED, travel=[]), make_candidate(session)

        job, person = save(build)
        screen = visit("pipeline", coach, job=str(job.id))
        screen.button(key=f"introduce-{person.id}").click().run()
        assert "how somebody gets there" in told(screen)[0]
        assert read(job.id).stage is Stage.PROFILED

    def test_what_was_typed_outlives_a_visit_to_the_job(self, visit, dutch_coach):
        job = save(make_job)
        screen = visit("pipeline", dutch_coach, job=str(job.id), profile="1")
        screen.text_input(key=f"job-{job.id}-contract").set_value("Een jaar").run()
        del screen.query_params["profile"]
        screen.run()
        screen.button(key="edit-job").click().run()
        assert screen.text_input(key=f"job-{job.id}-contract").value == "Een jaar"


class TestSuggestions:
    @pytest.fixture
    def shown(self, visit, dutch_coach):
        job = save(lambda session: make_job(session, stage=Stage.PROFILED))
        person = save(make_candidate)
        return job, person, visit("pipeline", dutch_coach, job=str(job.id))

    def outcomes(self):
        with reading() as session:
            return session.exec(select(Suggestion.outcome, Suggestion.reason)).all()

    def test_are_noted_once_however_often_the_screen_is_drawn(self, shown):
        _job, _person, screen = shown
        screen.run()
        assert not screen.exception
        assert self.outcomes() == [(SuggestionOutcome.OPEN, None)]
        told = texts(screen).replace("\\", "")
        assert "16 uur passen; 1 km" in told
        assert "Competenties: hoogstens 35 van de 100 punten." in told

    def test_one_that_does_not_fit_goes_away_and_is_found_back(self, shown):
        job, person, screen = shown
        screen.button(key=f"refuse-{job.id}-{person.id}").click().run()
        assert "Waarom niet" in told(screen)[0]
        screen.radio(key=f"reason-{job.id}-{person.id}").set_value(RefusalReason.DISTANCE)
        screen.text_input(key=f"words-{job.id}-{person.id}").set_value(NASTY)
        screen.button(key=f"refuse-{job.id}-{person.id}").click().run()
        assert not screen.exception
        assert self.outcomes() == [(SuggestionOutcome.REFUSED, RefusalReason.DISTANCE)]
        assert f"introduce-{person.id}" not in {button.key for button in screen.button}
        screen.session_state["suggested-before"] = True
        screen.run()
        assert f"Reden: {RefusalReason.DISTANCE.label} · {NASTY}" in texts(screen)
        with reading() as session:
            refused = session.exec(select(Suggestion.id)).one()
        screen.button(key=f"suggest-again-{refused}").click().run()
        assert f"introduce-{person.id}" in {button.key for button in screen.button}

    def test_words_about_age_are_refused_and_stay_where_they_were_typed(self, shown):
        job, person, screen = shown
        screen.radio(key=f"reason-{job.id}-{person.id}").set_value(RefusalReason.OTHER)
        screen.text_input(key=f"words-{job.id}-{person.id}").set_value("Zoekt een jonge medewerker")
        screen.button(key=f"refuse-{job.id}-{person.id}").click().run()
        assert "leeftijd" in told(screen)[0]
        assert screen.text_input(key=f"words-{job.id}-{person.id}").value == "Zoekt een jonge medewerker"
        assert self.outcomes() == [(SuggestionOutcome.OPEN, None)]


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
    screen.text_input(key=f"new-job-{company.id}-title").set_value("Tuin bijhouden")
    screen.button(key="save-job").click().run()
    assert "kies een aanleiding" in told(screen)[0]
    screen.selectbox(key=f"new-job-{company.id}-reason").select("KLUS")
    screen.button(key="save-job").click().run()
    assert not screen.exception
    assert read(1).title == "Tuin bijhouden"


def test_a_job_needs_a_company_that_exists(visit, dutch_coach):
    screen = visit("pipeline", dutch_coach, company="999")
    assert not screen.exception
    assert screen.error
    assert not screen.text_input
