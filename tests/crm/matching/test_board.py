"""What the board knows of people: how many were introduced, what stands in the way of a move, and that it changed."""

import pytest

from crm.access.permissions import Role
from crm.matching.board import People, details, job_board, look, people_of
from crm.matching.models import Introduction, IntroductionStatus
from crm.matching.services import introduce, move_job
from crm.pipeline.models import Stage
from crm.pipeline.services import move
from tests.conftest import add_user, make_candidate, make_job, statements_of


def introduced(session, coach, job, status):
    person = make_candidate(session)
    session.add(Introduction(job_id=job.id, candidate_id=person.id, status=status, made_by_id=coach.id))
    session.flush()


class TestPeople:
    def test_counts_who_was_introduced_and_not_declined(self, session, coach):
        job = make_job(session)
        for status in IntroductionStatus:
            introduced(session, coach, job, status)
        assert people_of(session, coach, [job.id]) == {job.id: People(made=3, introduced=2, planned=1)}

    def test_numbers_are_for_whoever_may_see_jobs(self, session, coach, caller, viewer):
        job = make_job(session)
        introduced(session, coach, job, IntroductionStatus.PROPOSED)
        assert people_of(session, viewer, [job.id]) == people_of(session, caller, [job.id])


class TestObstacles:
    def of(self, session, actor, job):
        return job_board(session, actor).cards[job.id].obstacles

    @pytest.mark.parametrize(
        ("stage", "given", "target"),
        [
            (Stage.EXPLORED, {"tasks": ""}, Stage.PROFILED),
            (Stage.PROFILED, {}, Stage.INTRODUCED),
            (Stage.INTRODUCED, {}, Stage.KOPKOFFIE_PLANNED),
            (Stage.KOPKOFFIE_HELD, {}, Stage.PLACED),
        ],
    )
    def test_say_the_same_as_the_move_itself(self, session, coach, stage, given, target):
        job = make_job(session, stage=stage, **given)
        why = self.of(session, coach, job)[target]
        with pytest.raises(Exception, match=why[:20]):
            move_job(session, coach, job.id, target, version=job.version)

    def test_a_lost_job_asks_for_its_reason_so_that_is_no_obstacle(self, session, coach):
        assert self.of(session, coach, make_job(session)) == {}

    def test_somebody_introduced_clears_the_way(self, session, coach):
        job = make_job(session, stage=Stage.PROFILED)
        introduced(session, coach, job, IntroductionStatus.PROPOSED)
        assert Stage.INTRODUCED not in self.of(session, coach, job)

    def test_who_does_not_move_jobs_is_told_nothing(self, session, caller):
        assert self.of(session, caller, make_job(session, stage=Stage.PROFILED)) == {}


class TestBoard:
    def test_is_six_queries_whatever_the_number_of_jobs(self, session, coach):
        for stage in Stage:
            make_job(session, stage=stage)
        with statements_of(session) as statements:
            job_board(session, coach)
        assert len(statements) == 6

    def test_a_viewer_hears_of_no_next_step(self, session, viewer):
        job = make_job(session)
        assert job_board(session, viewer).cards[job.id].step is None

    def test_details_need_the_right_to_see_jobs(self, session):
        assert details(session, add_user(session, Role.VIEWER), []) == {}


class TestLook:
    def test_stays_the_same_until_something_on_the_board_changes(self, session, coach, caller):
        job, person = make_job(session, stage=Stage.PROFILED), make_candidate(session)
        mark = look(session)
        assert look(session, mark.since) == mark
        introduce(session, coach, job.id, person.id)
        later = look(session, mark.since)
        assert later != mark
        move(session, coach, job.id, Stage.PROFILED, version=None)
        assert look(session, mark.since) != later

    def test_is_one_statement(self, session):
        mark = look(session)
        with statements_of(session) as statements:
            look(session, mark.since)
        assert len(statements) == 1
