from datetime import date, timedelta

import pytest
import time_machine
from sqlmodel import select

from crm.audit.models import AuditEntry
from crm.candidates.inputs import CandidateConsentInput, CandidateInput
from crm.candidates.models import Barrier, CandidateCompetence, CandidateStatus
from crm.candidates.rules import has_consent, usual_consent_until
from crm.candidates.services import (
    ConsentTooLong,
    add_candidate,
    edit_candidate,
    record_consent,
    set_status,
    withdraw_consent,
)
from crm.core.clock import now, today
from crm.core.errors import ChangedMeanwhile, NotAllowed
from tests.conftest import make_candidate


def make_input(**overrides):
    return CandidateInput(**({"name": "Ria Jansen"} | overrides))


def make_consent(**overrides):
    fields = {"text": "U mag mijn gegevens een jaar bewaren.", "until": usual_consent_until(today())}
    return CandidateConsentInput(**(fields | overrides))


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


class TestConsent:
    @time_machine.travel("2026-11-24 10:00+01:00", tick=False)
    def test_is_kept_with_the_text_and_the_moment(self, session, coach):
        candidate = make_candidate(session, consent_at=None, consent_until=None)
        record_consent(session, coach, candidate.id, make_consent(), version=1)
        assert candidate.consent_text == "U mag mijn gegevens een jaar bewaren."
        assert candidate.consent_at == now()
        assert candidate.consent_until.date() == date(2027, 11, 24)

    @pytest.mark.parametrize("days", [-1, 0, 367])
    def test_lasts_a_year_at_most(self, session, coach, days):
        candidate = make_candidate(session)
        with pytest.raises(ConsentTooLong):
            record_consent(session, coach, candidate.id, make_consent(until=today() + timedelta(days=days)), version=1)

    def test_can_be_withdrawn_while_the_evidence_stays(self, session, coach):
        candidate = make_candidate(session)
        withdraw_consent(session, coach, candidate.id, version=1)
        assert not has_consent(candidate, now())
        assert candidate.consent_text
        assert candidate.consent_at
