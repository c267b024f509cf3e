"""Work that fits a job seeker, companies not called yet, and what is known of somebody."""

import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.core.db import reading, transaction
from crm.matching.models import Introduction
from crm.matching.services import introduce
from crm.messaging.models import Notice
from tests.conftest import make_candidate, make_company, make_job
from tests.pages.candidates.building import read, save
from tests.pages.reading import NASTY, texts, told


class TestWork:
    def test_a_job_that_fits_is_one_click_from_an_introduction(self, visit, dutch_coach):
        person = save()
        with transaction() as session:
            job = make_job(session, title=NASTY)
        screen = visit("candidates", dutch_coach, candidate=str(person.id), part="work")
        assert "Welk werk past?" in [heading.value for heading in screen.subheader]
        assert "to-weeks" in {button.key for button in screen.button}
        screen.button(key=f"introduce-for-{job.id}").click().run()
        assert not screen.exception
        with reading() as session:
            assert session.exec(select(Introduction.job_id)).all() == [job.id]

    def test_nothing_is_proposed_without_consent(self, visit, coach):
        person = save(consent_at=None)
        screen = visit("candidates", coach, candidate=str(person.id), part="work")
        assert "Which work fits?" not in [heading.value for heading in screen.subheader]

    def test_small_jobs_make_a_week_and_one_click_introduces_for_all(self, visit, coach):
        person = save(hours_min=12, hours_max=16)
        with transaction() as session:
            jobs = [make_job(session, title=NASTY, hours_per_week=8.0, days=[day]) for day in ("ma", "di")]
        screen = visit("candidates", coach, candidate=str(person.id), week="1")
        assert "16 hours at 2 employers" in texts(screen)
        assert "The work fits: " in texts(screen)
        (drawn,) = [element.proto.body for element in screen.get("html") if "kk-week" in element.proto.body]
        assert drawn.count("&lt;script&gt;") == len(jobs)
        assert "<script" not in drawn
        screen.button(key="introduce-week-1").click().run()
        assert any("has been introduced" in words for words in told(screen))
        with reading() as session:
            assert set(session.exec(select(Introduction.job_id))) == {job.id for job in jobs}

    def test_no_week_says_what_stands_in_the_way(self, visit, coach):
        person = save(hours_max=16)
        with transaction() as session:
            make_job(session, hours_per_week=24.0)
            make_job(session, hours_per_week=None)
        screen = visit("candidates", coach, candidate=str(person.id), week="1")
        assert "No two jobs make a week together." in screen.info[0].value
        assert "1 job has more hours than wanted." in texts(screen)
        assert "Of 1 job the hours are not known yet." in texts(screen)

    def test_a_question_about_the_benefit_goes_on_paper_once_there_is_work_to_ask_about(self, visit, coach):
        person = save()
        assert not visit("candidates", coach, candidate=str(person.id), part="work").multiselect
        with transaction() as session:
            job = make_job(session, title="Broodjes smeren")
            introduce(session, coach, job.id, person.id)
        screen = visit("candidates", coach, candidate=str(person.id), part="work")
        assert screen.multiselect(key=f"benefit-work-{person.id}").options == ["Broodjes smeren"]
        assert len(screen.get("download_button")) == 1
        screen.multiselect(key=f"benefit-work-{person.id}").set_value([]).run()
        assert not screen.get("download_button")
        assert "Choose the work that the question is about." in texts(screen)


class TestPrivacy:
    def test_a_coordinator_erases_somebody_who_asks_for_it(self, visit, add_person):
        coordinator, person = add_person(Role.COORDINATOR, "nl"), save()
        screen = visit("candidates", coordinator, candidate=str(person.id), part="consent")
        assert screen.get("download_button")
        screen.button(key="ask-erase").click().run()
        assert screen.button(key="confirm-erase").disabled
        screen.checkbox(key="erase-sure").check().run()
        screen.button(key="confirm-erase").click().run()
        assert not screen.exception
        assert read(person.id).erased_at

    def test_a_coach_does_not(self, visit, coach):
        screen = visit("candidates", coach, candidate=str(save().id), part="consent")
        assert "ask-erase" not in {button.key for button in screen.button}


class TestCompaniesNotCalledYet:
    @pytest.fixture
    def baker(self):
        with transaction() as session:
            make_company(session, name=NASTY, sbi_code="10710")
            return make_candidate(session, trades=["Bakker"], competences=[])

    def open(self, visit, actor, person):
        screen = visit("candidates", actor, candidate=str(person.id), part="work")
        assert "could have work" not in texts(screen)
        screen.session_state["uncalled"] = True
        screen.run()
        assert not screen.exception
        return screen

    def test_a_coach_sees_them_and_asks_for_the_call_list(self, visit, coach, add_person, baker):
        add_person(Role.COORDINATOR)
        screen = self.open(visit, coach, baker)
        assert "**1 company** could have work" in texts(screen)
        assert "worked as Bakker" in texts(screen)
        screen.button(key="ask-for-list").click().run()
        assert "asked for a call list" in texts(screen)
        screen.button(key="ask-for-list").click().run()
        assert "today already" in told(screen)[-1]
        with reading() as session:
            assert len(session.exec(select(Notice)).all()) == 1

    def test_a_coordinator_makes_the_list(self, visit, add_person, baker):
        screen = self.open(visit, add_person(Role.COORDINATOR), baker)
        assert "ask-for-list" not in {button.key for button in screen.button}
