"""Who fits, while one talks."""

import pytest

from crm.candidates.models import Candidate
from crm.companies.models import Company
from crm.desk.fitting import Fits, fits
from crm.desk.queries import talk
from crm.desk.services import write, write_texts
from tests.conftest import make_candidate, make_job
from tests.crm.calling.building import answer

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
