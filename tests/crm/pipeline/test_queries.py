import pytest

from crm.core.errors import NotAllowed, NotFound
from crm.pipeline.models import Stage, Weight
from crm.pipeline.queries import job_card, jobs_of_company, last_move
from crm.pipeline.services import move
from tests.conftest import make_job


class TestJobCard:
    def test_has_company_competences_and_who_moved_it_newest_first(self, session, coach):
        job = make_job(session, competences=["24120"])
        move(session, coach, job.id, Stage.EXPLORED, version=1)
        move(session, coach, job.id, Stage.PROFILED, version=None)
        card = job_card(session, coach, job.id)
        assert card.company.id == job.company_id
        assert [(one.code, one.weight) for one in card.competences] == [("24120", Weight.IMPORTANT)]
        assert [(change.to_stage, name) for change, name in card.history] == [
            (Stage.PROFILED, coach.name),
            (Stage.EXPLORED, coach.name),
        ]

    def test_is_not_for_who_may_not_see_companies(self, session, viewer):
        job = make_job(session)
        with pytest.raises(NotAllowed):
            job_card(session, viewer, job.id)
        with pytest.raises(NotAllowed):
            jobs_of_company(session, viewer, job.company_id)
        with pytest.raises(NotAllowed):
            last_move(session, viewer, job.id)

    def test_refuses_an_unknown_job(self, session, coach):
        with pytest.raises(NotFound):
            job_card(session, coach, 999_999)


def test_knows_what_was_found_at_a_company_before(session, caller):
    job = make_job(session)
    make_job(session)
    assert [one.id for one in jobs_of_company(session, caller, job.company_id)] == [job.id]


def test_knows_who_moved_a_job_last(session, caller, coach, coordinator):
    job = make_job(session)
    assert last_move(session, caller, job.id) is None
    move(session, coach, job.id, Stage.EXPLORED, version=1)
    move(session, coordinator, job.id, Stage.SIGNAL, version=None)
    known = last_move(session, caller, job.id)
    assert (known.name, known.job.stage) == (coordinator.name, Stage.SIGNAL)
