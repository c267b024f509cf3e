"""Who fits, while one talks."""

import pytest
from sqlmodel import select

from crm.calling.services import NotYourCall
from crm.candidates.models import Candidate
from crm.companies.models import Company
from crm.desk.fitting import Fits, fits
from crm.desk.queries import talk
from crm.desk.services import wrap_up, write, write_texts
from crm.matching.models import Suggestion
from crm.matching.services import introduce
from crm.matching.suggesting import note_shown_in_call
from crm.matching.suggestion_log import suggested_for_job, suggested_to
from crm.pipeline.models import HiddenJob, Stage
from tests.conftest import make_candidate, make_job
from tests.crm.calling.building import answer
from tests.crm.desk.test_services import result

UNTIL_WORK = ("allowed", "right_person", "listens", "go_ahead", "busy", "retirement", "work")


@pytest.fixture
def person(session) -> Candidate:
    return make_candidate(session, hours_min=8, hours_max=20)


def found(session, caller) -> Fits | None:
    here = talk(session, caller)
    assert here is not None
    return fits(session, caller, here)


def test_nobody_is_looked_for_before_there_is_work(session, caller, call, person):
    answer(session, caller, call, *UNTIL_WORK[:-2])
    assert found(session, caller) is None


def test_where_the_script_asks_for_tasks_it_says_that_they_are_needed(session, caller, call, person):
    answer(session, caller, call, *UNTIL_WORK)
    there = found(session, caller)
    assert (there.cards, there.too_little) == ([], True)


def test_tasks_that_are_typed_find_somebody(session, caller, call, person):
    answer(session, caller, call, *UNTIL_WORK)
    write_texts(session, caller, call.id, {"tasks": "Administratie bijwerken"})
    there = found(session, caller)
    assert [card.hours for card in there.cards] == [(8, 20)]
    assert there.unsaid == ["de competenties", "de uren", "de dagen"]


def test_the_place_of_the_company_counts(session, caller, call, person):
    company = session.get_one(Company, call.company_id)
    company.latitude, company.longitude = 51.9, 4.67
    answer(session, caller, call, *UNTIL_WORK)
    write(session, caller, call.id, "competences", ["24118"])
    assert [card.km for card in found(session, caller).cards] == [10]


def test_a_job_found_before_is_looked_at_as_it_was_written_down(session, caller, call, person):
    answer(session, caller, call, *UNTIL_WORK, "complete")
    known = make_job(session, company_id=call.company_id)
    write(session, caller, call.id, "known_job", known.id)
    there = found(session, caller)
    assert len(there.cards) == 1
    assert there.unsaid == []


class TestLog:
    @pytest.fixture
    def shown(self, session, caller, call, person):
        answer(session, caller, call, *UNTIL_WORK)
        write_texts(session, caller, call.id, {"tasks": "Administratie bijwerken"})
        return found(session, caller).shown

    def test_has_each_person_once_for_a_call_with_why(self, session, caller, call, person, shown):
        assert note_shown_in_call(session, caller, call.id, shown) == 1
        assert note_shown_in_call(session, caller, call.id, shown) == 0
        assert note_shown_in_call(session, caller, call.id, []) == 0
        (one,) = session.exec(select(Suggestion)).all()
        assert (one.job_id, one.call_id, one.candidate_id, one.shown_to_id) == (None, call.id, person.id, caller.id)
        assert one.why == "bekend met administratie"
        assert one.score == shown[0].score.total

    def test_tells_the_coach_of_a_call_without_a_job(self, session, caller, coach, call, person, shown):
        note_shown_in_call(session, caller, call.id, shown)
        wrap_up(session, caller, call.id, result("GEEN_INTERESSE"))
        (line,) = suggested_to(session, coach, person.id)
        assert (line.company.id, line.job, line.shown_to) == (call.company_id, None, caller.name)

    def test_is_of_the_job_once_the_call_ends_with_one(self, session, caller, coach, call, person, shown):
        before = make_job(session, company_id=call.company_id)
        note_shown_in_call(session, caller, call.id, shown)
        wrap_up(session, caller, call.id, result("GESPREK_LATENT"))
        job = session.exec(select(HiddenJob).where(HiddenJob.id != before.id)).one()
        for (line,) in (suggested_for_job(session, coach, job.id), suggested_to(session, coach, person.id)):
            assert (line.candidate.id, line.job.id, line.suggestion.call_id) == (person.id, job.id, call.id)
        assert suggested_for_job(session, coach, before.id) == []

    def test_is_of_a_job_found_before_at_once(self, session, caller, coach, call, person):
        answer(session, caller, call, *UNTIL_WORK, "complete")
        known = make_job(session, company_id=call.company_id)
        write(session, caller, call.id, "known_job", known.id)
        note_shown_in_call(session, caller, call.id, found(session, caller).shown)
        assert len(suggested_for_job(session, coach, known.id)) == 1

    def test_is_of_ones_own_call(self, session, caller, coach, call, shown):
        with pytest.raises(NotYourCall):
            note_shown_in_call(session, coach, call.id, shown)

    def test_who_introduces_somebody_seen_at_the_desk_has_taken_that_suggestion(
        self, session, caller, coach, call, person, shown
    ):
        job = make_job(session, company_id=call.company_id, stage=Stage.PROFILED)
        for seen_by in (caller, coach):
            session.add(Suggestion(job_id=job.id, candidate_id=person.id, shown_to_id=seen_by.id, score=9, why="x"))
        session.add(
            Suggestion(
                job_id=job.id, call_id=call.id, candidate_id=person.id, shown_to_id=coach.id, score=9, why="desk"
            )
        )
        introduce(session, coach, job.id, person.id)
        outcomes = session.exec(select(Suggestion.shown_to_id, Suggestion.outcome).order_by(Suggestion.id)).all()
        assert [outcome.value for _who, outcome in outcomes] == ["open", "open", "taken"]
