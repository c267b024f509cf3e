import pytest

from crm.candidates.models import CandidateStatus
from crm.core.clock import now
from crm.core.errors import NotAllowed, NotFound
from crm.matching import queries
from crm.matching.queries import (
    introduction,
    introductions_for_job,
    introductions_of,
    suggestions,
    waiting_for_kopkoffie,
)
from crm.matching.services import decline, introduce
from crm.pipeline.models import Stage
from tests.conftest import make_candidate, make_job, statements_of


def names(session, actor, job, limit=5):
    return [one.candidate.name for one in suggestions(session, actor, job.id, limit)]


class TestSuggestions:
    def test_the_best_fit_comes_first(self, session, coach):
        job = make_job(session)
        make_candidate(session, name="Verre Jan", latitude=53.2, longitude=6.5)
        make_candidate(session, name="Nabije Ria", competences=["24118", "24120"])
        assert names(session, coach, job) == ["Nabije Ria", "Verre Jan"]
        assert names(session, coach, job, limit=1) == ["Nabije Ria"]

    def test_leave_out_who_may_not_be_or_has_been_introduced(self, session, coach):
        job = make_job(session, stage=Stage.PROFILED)
        make_candidate(session, name="Geen toestemming", consent_at=None)
        make_candidate(session, name="Verlopen", consent_until=now())
        make_candidate(session, name="Gepauzeerd", status=CandidateStatus.PAUSED)
        introduce(session, coach, job.id, make_candidate(session, name="Al voorgesteld").id)
        make_candidate(session, name="Ria")
        assert names(session, coach, job) == ["Ria"]

    def test_who_lives_beyond_reach_does_not_crowd_out_who_lives_near(self, session, coach):
        job = make_job(session)
        for _each in range(210):
            make_candidate(session, name="Ver", competences=["24118", "24120"], latitude=53.2, longitude=6.5)
        make_candidate(session, name="Nabij", competences=[])
        assert "Nabij" in names(session, coach, job)

    def test_a_word_that_shuts_people_out_moves_nobody(self, session, coach):
        job = make_job(session, competences=[], title="Verkoop van vrouwenkleding", tasks="Jongerenmode verkopen")
        for strengths in ("vrouw, jong", "", "jongeren, vrouwen", "Nederlandse vrouw van 25"):
            make_candidate(session, name=strengths or "-", strengths=strengths, trades=["planning"])
        assert len({one.score.total for one in suggestions(session, coach, job.id)}) == 1

    def test_such_a_word_does_not_decide_either_who_is_looked_at(self, session, coach, monkeypatch):
        monkeypatch.setattr(queries, "PRESELECTED", 1)
        job = make_job(session, competences=[], title="Verkoop van vrouwenkleding", tasks="Jongerenmode")
        first = make_candidate(session, name="Eerste", trades=["planning"])
        make_candidate(session, name="Tweede", trades=["planning"], strengths="jonge vrouw, jongeren")
        assert names(session, coach, job) == [first.name]
        make_candidate(session, name="Derde", trades=["verkoop"])
        assert names(session, coach, job) == ["Derde"]

    def test_cost_the_same_number_of_queries_for_any_number_of_people(self, session, coach):
        job = make_job(session)
        counted = []
        for people in (1, 10):
            for _ in range(people):
                make_candidate(session)
            with statements_of(session) as statements:
                suggestions(session, coach, job.id)
            counted.append(len(statements))
        assert counted[0] == counted[1] <= 5

    def test_work_for_a_job_of_which_nothing_is_known(self, session, coach):
        job = make_job(session, competences=[], tasks="", days=[], hours_per_week=None)
        make_candidate(session, latitude=None, longitude=None, competences=[], days=[], trades=[])
        assert names(session, coach, job) == ["Ria Jansen"]

    def test_are_not_for_callers(self, session, caller):
        with pytest.raises(NotAllowed):
            suggestions(session, caller, make_job(session).id)

    def test_refuse_an_unknown_job(self, session, coach):
        with pytest.raises(NotFound):
            suggestions(session, coach, 999_999)


class TestIntroductions:
    def test_are_found_from_both_sides(self, session, coach):
        job, person = make_job(session, stage=Stage.PROFILED), make_candidate(session)
        made = introduce(session, coach, job.id, person.id)
        for lines in (introductions_for_job(session, coach, job.id), introductions_of(session, coach, person.id)):
            (line,) = lines
            assert (line.introduction.id, line.candidate.id, line.job.id) == (made.id, person.id, job.id)
            assert line.made_by == coach.name

    def test_wait_for_a_kopkoffie_until_they_end(self, session, coach):
        job = make_job(session, stage=Stage.PROFILED)
        made = introduce(session, coach, job.id, make_candidate(session).id)
        assert [line.introduction.id for line in waiting_for_kopkoffie(session, coach)] == [made.id]
        decline(session, coach, made.id, version=None, reason="Te ver")
        assert waiting_for_kopkoffie(session, coach) == []

    def test_after_a_kopkoffie_they_wait_for_something_else(self, session, coach):
        job = make_job(session, stage=Stage.KOPKOFFIE_HELD)
        introduce(session, coach, job.id, make_candidate(session).id)
        assert waiting_for_kopkoffie(session, coach) == []

    def test_refuses_an_unknown_one(self, session, coach):
        with pytest.raises(NotFound):
            introduction(session, coach, 999_999)
