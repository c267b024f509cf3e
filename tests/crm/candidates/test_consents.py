from datetime import date, timedelta

import pytest
import time_machine
from pydantic import ValidationError
from sqlmodel import select

from crm.audit.models import AuditEntry
from crm.candidates.consents import BlankLeft, ConsentTooLong, consents_of, record_consent, withdraw_consent
from crm.candidates.inputs import CandidateConsentInput
from crm.candidates.models import Purpose
from crm.candidates.rules import FOR_INTRODUCTION, has_consent, usual_consent_text, usual_consent_until
from crm.companies.models import ConsentChannel
from crm.core.clock import now, today
from crm.core.errors import ChangedMeanwhile, NotAllowed
from tests.conftest import make_candidate

WORDS = "U mag mijn gegevens een jaar bewaren."


@pytest.fixture
def somebody(session):
    """Who has agreed to nothing yet."""
    return make_candidate(session, consent_at=None, consent_until=None)


def agreed(*purposes, **overrides):
    fields = {"texts": dict.fromkeys(purposes, WORDS), "channel": ConsentChannel.CONVERSATION}
    return CandidateConsentInput(**(fields | {"until": usual_consent_until(today())} | overrides))


def test_a_consent_is_kept_with_its_words_how_it_was_given_and_by_whom_it_was_written_down(session, coach, somebody):
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False):
        record_consent(session, coach, somebody.id, agreed(Purpose.DETAILS), version=1)
        moment = now()
    (line,) = consents_of(session, coach, somebody.id)
    assert (line.consent.text, line.consent.channel) == (WORDS, ConsentChannel.CONVERSATION)
    assert (line.consent.given_at, line.recorded_by) == (moment, "Coach Test")
    assert line.consent.expires_at.date() == date(2027, 11, 24)


def test_only_who_agreed_to_all_that_is_needed_may_be_introduced(session, coach, somebody):
    record_consent(session, coach, somebody.id, agreed(Purpose.INTRODUCE, Purpose.STORY), version=1)
    assert not has_consent(somebody, now())
    record_consent(session, coach, somebody.id, agreed(Purpose.DETAILS), version=somebody.version)
    assert has_consent(somebody, now())


def test_being_introduced_ends_with_the_consent_that_ends_first(session, coach, somebody):
    soon = today() + timedelta(days=10)
    record_consent(session, coach, somebody.id, agreed(Purpose.INTRODUCE, until=soon), version=1)
    record_consent(session, coach, somebody.id, agreed(Purpose.DETAILS), version=somebody.version)
    assert somebody.consent_until.date() == soon
    record_consent(session, coach, somebody.id, agreed(Purpose.INTRODUCE), version=somebody.version)
    assert somebody.consent_until.date() > soon


@pytest.mark.parametrize("purpose", FOR_INTRODUCTION)
def test_what_is_taken_back_stays_as_evidence_and_ends_being_introduced(session, coach, somebody, purpose):
    made = record_consent(session, coach, somebody.id, agreed(*FOR_INTRODUCTION), version=1)
    consent = next(one for one in made if one.purpose is purpose)
    withdraw_consent(session, coach, consent.id, ConsentChannel.TELEPHONE)
    assert not has_consent(somebody, now())
    line = next(line for line in consents_of(session, coach, somebody.id) if line.consent.purpose is purpose)
    assert (line.consent.text, line.consent.withdrawn_channel) == (WORDS, ConsentChannel.TELEPHONE)
    assert (line.withdrawn_by, line.consent.expires_at) == ("Coach Test", made[0].expires_at)


def test_taking_back_ends_earlier_consents_to_the_same_as_well(session, coach, somebody):
    record_consent(session, coach, somebody.id, agreed(*FOR_INTRODUCTION), version=1)
    (again,) = record_consent(session, coach, somebody.id, agreed(Purpose.INTRODUCE), version=somebody.version)
    withdraw_consent(session, coach, again.id, ConsentChannel.EMAIL)
    assert not has_consent(somebody, now())


def test_what_was_taken_back_is_not_taken_back_again(session, coach, somebody):
    (consent,) = record_consent(session, coach, somebody.id, agreed(Purpose.STORY), version=1)
    withdraw_consent(session, coach, consent.id, ConsentChannel.EMAIL)
    first = consent.withdrawn_at
    withdraw_consent(session, coach, consent.id, ConsentChannel.PAPER)
    assert (consent.withdrawn_at, consent.withdrawn_channel) == (first, ConsentChannel.EMAIL)


def test_another_answer_is_another_row(session, coach, somebody):
    for _time in range(2):
        record_consent(session, coach, somebody.id, agreed(Purpose.STORY), version=somebody.version)
    assert len(consents_of(session, coach, somebody.id)) == 2
    told = session.exec(select(AuditEntry.changes).where(AuditEntry.action == "candidate.consent_given")).all()
    assert [changes["purposes"] for changes in told] == [[None, ["story"]]] * 2


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_consent_lasts_a_year_at_most(session, coach, somebody, days):
    given = agreed(Purpose.DETAILS, until=today() + timedelta(days=days))
    with pytest.raises(ConsentTooLong):
        record_consent(session, coach, somebody.id, given, version=1)


def test_nothing_ticked_is_no_consent():
    with pytest.raises(ValidationError, match=r"Vink aan|Tick"):
        agreed()


def test_the_partner_organisation_has_a_name(session, coach, somebody):
    given = agreed(texts={Purpose.SHARE: usual_consent_text(Purpose.SHARE)})
    with pytest.raises(BlankLeft):
        record_consent(session, coach, somebody.id, given, version=1)


def test_refuses_what_was_asked_on_an_old_version(session, coach, somebody):
    record_consent(session, coach, somebody.id, agreed(*FOR_INTRODUCTION), version=1)
    with pytest.raises(ChangedMeanwhile):
        record_consent(session, coach, somebody.id, agreed(*FOR_INTRODUCTION), version=1)


def test_a_caller_may_not(session, coach, caller, somebody):
    (consent,) = record_consent(session, coach, somebody.id, agreed(Purpose.STORY), version=1)
    for forbidden in (
        lambda: consents_of(session, caller, somebody.id),
        lambda: record_consent(session, caller, somebody.id, agreed(Purpose.DETAILS), version=1),
        lambda: withdraw_consent(session, caller, consent.id, ConsentChannel.EMAIL),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
