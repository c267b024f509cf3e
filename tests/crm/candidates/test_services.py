import pytest
from sqlmodel import select

from crm.audit.models import AuditEntry
from crm.candidates.inputs import CandidateInput
from crm.candidates.models import Barrier, CandidateCompetence, CandidateStatus
from crm.candidates.services import add_candidate, edit_candidate, set_status
from crm.core.errors import ChangedMeanwhile, NotAllowed
from tests.conftest import make_candidate


def make_input(**overrides):
    return CandidateInput(**({"name": "Ria Jansen"} | overrides))


class TestAddCandidate:
    def test_finds_town_and_position_by_the_postcode(self, session, coach):
        candidate = add_candidate(session, coach, make_input(postcode="3311 AB", town="Verkeerd"))
        assert candidate.town == "Dordrecht"
        assert candidate.latitude == pytest.approx(51.8, abs=0.1)

    def test_keeps_the_town_that_was_typed_without_a_postcode(self, session, coach):
        candidate = add_candidate(session, coach, make_input(town="Dordrecht"))
        assert (candidate.town, candidate.latitude) == ("Dordrecht", None)

    def test_keeps_competences_and_barriers(self, session, coach):
        given = make_input(competences=["24120", "24118"], barriers=[Barrier.TRANSPORT])
        candidate = add_candidate(session, coach, given)
        codes = session.exec(
            select(CandidateCompetence.code).where(CandidateCompetence.candidate_id == candidate.id)
        ).all()
        assert sorted(codes) == ["24118", "24120"]
        assert candidate.barriers == ["transport"]

    def test_a_caller_may_not(self, session, caller):
        with pytest.raises(NotAllowed):
            add_candidate(session, caller, make_input())


class TestEditCandidate:
    def test_takes_over_what_was_filled_in_and_says_so_in_the_audit_log(self, session, coach):
        candidate = add_candidate(session, coach, make_input())
        edit_candidate(session, coach, candidate.id, make_input(name="Ria de Wit"), version=1)
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "candidate.edited")).one()
        assert entry.changes["name"] == ["Ria Jansen", "Ria de Wit"]

    def test_refuses_a_change_based_on_an_old_version(self, session, coach):
        candidate = make_candidate(session)
        edit_candidate(session, coach, candidate.id, make_input(name="Ria de Wit"), version=1)
        session.flush()
        with pytest.raises(ChangedMeanwhile):
            edit_candidate(session, coach, candidate.id, make_input(), version=1)


def test_set_status(session, coach):
    candidate = make_candidate(session)
    set_status(session, coach, candidate.id, CandidateStatus.PAUSED, version=1)
    assert candidate.status is CandidateStatus.PAUSED
