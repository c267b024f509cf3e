import pytest
from pydantic import ValidationError

from crm.candidates.log_inputs import ExamplesInput
from crm.candidates.models import SuccessMoment
from crm.candidates.sheets import save_examples, sheet_of, suggested
from crm.core.errors import ChangedMeanwhile, NotAllowed
from tests.conftest import make_candidate


def test_examples_are_kept_without_the_empty_ones(session, coach):
    person = make_candidate(session)
    save_examples(session, coach, person.id, ExamplesInput(examples=["  Ik bakte ", "", "Ik telde"]), version=None)
    kept = sheet_of(session, coach, person.id)
    assert kept
    assert kept.examples == ["Ik bakte", "Ik telde"]


def test_a_colleague_s_examples_are_not_overwritten(session, coach):
    person = make_candidate(session)
    given = ExamplesInput(examples=["Ik bakte"])
    sheet = save_examples(session, coach, person.id, given, version=None)
    save_examples(session, coach, person.id, ExamplesInput(examples=["Ik telde"]), version=sheet.version)
    for version in (None, 1):
        with pytest.raises(ChangedMeanwhile):
            save_examples(session, coach, person.id, given, version=version)


def test_are_not_for_callers(session, caller):
    with pytest.raises(NotAllowed):
        save_examples(session, caller, make_candidate(session).id, ExamplesInput(examples=[]), version=None)


def test_three_fit(session):
    with pytest.raises(ValidationError):
        ExamplesInput(examples=["een", "twee", "drie", "vier"])


def test_what_somebody_told_is_suggested_sentence_by_sentence(session):
    strengths = "Geduldig. Ik heb een voorraad van duizend onderdelen geordend!\nNetjes"
    person = make_candidate(session, strengths=strengths, proud_of="Ik leerde drie collega’s het vak.")
    moment = SuccessMoment(words="Ik durfde zelf een ondernemer te bellen.")
    assert suggested(person, [moment, moment]) == [
        "Ik leerde drie collega’s het vak.",
        "Ik heb een voorraad van duizend onderdelen geordend!",
        "Ik durfde zelf een ondernemer te bellen.",
    ]
