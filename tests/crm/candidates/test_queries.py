import pytest

from crm.candidates.inputs import CandidateFilters
from crm.candidates.models import CandidateStatus
from crm.candidates.queries import PAGE_SIZE, candidate, candidates, coaches, towns
from crm.core.errors import NotAllowed, NotFound
from tests.conftest import make_candidate


def names(session, actor, **filters):
    return [one.name for one in candidates(session, actor, CandidateFilters(**filters)).candidates]


class TestCandidates:
    def test_are_paged_by_name(self, session, coach):
        for number in range(PAGE_SIZE + 1):
            make_candidate(session, name=f"Persoon {number:02}")
        first, second = candidates(session, coach), candidates(session, coach, page=2)
        assert (len(first.candidates), first.total, first.pages) == (PAGE_SIZE, PAGE_SIZE + 1, 2)
        assert [one.name for one in second.candidates] == [f"Persoon {PAGE_SIZE}"]

    @pytest.mark.parametrize(
        "filters",
        [{"text": "piet"}, {"text": "metsel"}, {"text": "geduld"}, {"town": "Sliedrecht"}, {"competence": "24126"}],
    )
    def test_filter(self, session, coach, filters):
        make_candidate(
            session,
            name="Piet Bos",
            trades=["metselaar"],
            strengths="Veel geduld",
            town="Sliedrecht",
            competences=["24126"],
        )
        make_candidate(session)
        assert names(session, coach, **filters) == ["Piet Bos"]

    def test_show_who_looks_for_work_unless_asked_otherwise(self, session, coach):
        make_candidate(session, name="Actief")
        make_candidate(session, name="Gepauzeerd", status=CandidateStatus.PAUSED)
        assert names(session, coach) == ["Actief"]
        assert names(session, coach, status=CandidateStatus.PAUSED) == ["Gepauzeerd"]
        assert names(session, coach, status=None) == ["Actief", "Gepauzeerd"]

    def test_are_not_for_callers(self, session, caller):
        with pytest.raises(NotAllowed):
            candidates(session, caller)


class TestCandidate:
    def test_comes_with_competences_and_coach(self, session, coach):
        person = make_candidate(session, coach_id=coach.id, competences=["24126", "24100"])
        card = candidate(session, coach, person.id)
        assert (card.competences, card.coach) == (["24100", "24126"], coach.name)

    def test_refuses_an_unknown_one(self, session, coach):
        with pytest.raises(NotFound):
            candidate(session, coach, 999_999)


def test_towns_are_listed_once(session, coach):
    for town in ("Dordrecht", "Dordrecht", ""):
        make_candidate(session, town=town)
    assert list(towns(session, coach)) == ["Dordrecht"]


def test_coaches_are_those_who_may_introduce(session, coach, caller):
    assert coach.id in coaches(session, coach)
    assert caller.id not in coaches(session, coach)
