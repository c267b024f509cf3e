"""Which work fits somebody, and small jobs together."""

import pytest
from sqlmodel import select

from crm.core.errors import NotAllowed, NotFound
from crm.matching.models import Introduction
from crm.matching.services import AlreadyIntroduced, ConsentMissing, introduce, introduce_for_all
from crm.matching.work import jobs_for, weeks_for
from crm.pipeline.models import Pipeline, Stage
from tests.conftest import make_candidate, make_company, make_job, statements_of


def titles(found):
    return [one.job.title for one in found]


def small_jobs(session):
    """Three of eight hours, each a day of its own."""
    return [make_job(session, title=day, hours_per_week=8.0, days=[day]) for day in ("ma", "di", "wo")]


class TestJobsFor:
    def test_the_best_fit_comes_first(self, session, coach):
        make_job(session, title="Andere dagen", days=["za", "zo"], competences=[])
        make_job(session, title="Past goed")
        person = make_candidate(session, competences=["24118", "24120"])
        assert titles(jobs_for(session, coach, person.id)) == ["Past goed", "Andere dagen"]
        assert titles(jobs_for(session, coach, person.id, limit=1)) == ["Past goed"]

    def test_in_other_trades_than_before_are_said_and_shown_besides(self, session, coach):
        for number in range(7):
            bakery = make_company(session, latitude=51.81, longitude=4.67, sbi_code="10710" if number else "69203")
            make_job(session, title=f"Baan {number}", company_id=bakery.id)
        person = make_candidate(session, trades=["boekhouder"], competences=["24118", "24120"])
        found = jobs_for(session, coach, person.id, limit=3)
        assert [one.other_trade for one in found] == ["", *["Vervaardiging van voedingsmiddelen"] * 5]

    def test_leave_out_what_is_closed_and_what_somebody_was_introduced_for(self, session, coach):
        for stage in (Stage.KOPKOFFIE_HELD, Stage.PLACED, Stage.AFTERCARE, Stage.LOST):
            make_job(session, title=stage.value, stage=stage)
        person = make_candidate(session)
        introduce(session, coach, make_job(session, title="Al voorgedragen").id, person.id)
        make_job(session, title="Open")
        assert titles(jobs_for(session, coach, person.id)) == ["Open"]

    def test_cost_the_same_number_of_queries_for_any_number_of_jobs(self, session, coach):
        person = make_candidate(session)
        counted = []
        for _round in range(2):
            small_jobs(session)
            with statements_of(session) as statements:
                jobs_for(session, coach, person.id)
            counted.append(len(statements))
        assert counted[0] == counted[1] <= 5

    def test_are_for_who_may_see_people(self, session, viewer):
        with pytest.raises(NotAllowed):
            jobs_for(session, viewer, make_candidate(session).id)

    def test_are_of_somebody(self, session, coach):
        with pytest.raises(NotFound):
            jobs_for(session, coach, 999)


class TestWeeksFor:
    def test_put_small_jobs_together(self, session, coach):
        jobs = small_jobs(session)
        person = make_candidate(session, hours_min=20, hours_max=24)
        found = weeks_for(session, coach, person.id)
        assert [week.hours for week in found.weeks] == [24, 16, 16]
        assert {job.id for job in found.weeks[0].jobs} == {job.id for job in jobs}
        assert found.jobs[jobs[0].id].score.total > 0

    @pytest.mark.parametrize("pipeline", [Pipeline.LOOK_ALONG, Pipeline.TAKEOVER])
    def test_what_is_no_work_of_every_week_is_in_none(self, session, coach, pipeline):
        for job in small_jobs(session):
            job.pipeline = pipeline
        assert weeks_for(session, coach, make_candidate(session, hours_min=8).id).weeks == []

    def test_count_what_stands_in_the_way(self, session, coach):
        make_job(session, hours_per_week=None)
        make_job(session, hours_per_week=32.0, days=[])
        make_job(session, hours_per_week=8.0, days=["zo"])
        found = weeks_for(session, coach, make_candidate(session).id)
        assert (found.weeks, found.unknown) == ([], 1)
        assert (found.obstacles.too_many_hours, found.obstacles.other_days) == (1, 1)


class TestIntroduceForAll:
    def test_introduces_for_each(self, session, coach):
        person, jobs = make_candidate(session), small_jobs(session)
        introduce_for_all(session, coach, person.id, job_ids=[job.id for job in jobs])
        assert set(session.exec(select(Introduction.job_id))) == {job.id for job in jobs}

    def test_or_for_none(self, session, coach):
        person, jobs = make_candidate(session), small_jobs(session)
        introduce(session, coach, jobs[2].id, person.id)
        with pytest.raises(AlreadyIntroduced), session.begin_nested():
            introduce_for_all(session, coach, person.id, job_ids=[job.id for job in jobs])
        assert session.exec(select(Introduction.job_id)).all() == [jobs[2].id]

    def test_needs_consent_and_permission(self, session, coach, viewer):
        person, jobs = make_candidate(session, consent_at=None), small_jobs(session)
        with pytest.raises(ConsentMissing):
            introduce_for_all(session, coach, person.id, job_ids=[jobs[0].id])
        with pytest.raises(NotAllowed):
            introduce_for_all(session, viewer, person.id, job_ids=[jobs[0].id])
