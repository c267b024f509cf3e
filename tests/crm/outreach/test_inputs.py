"""What is filled in about letters and answers."""

import pytest
from pydantic import ValidationError

from crm.outreach.inputs import AnswerInput, LetterTextInput
from crm.outreach.models import Answer, Tongue
from crm.outreach.texts import standard_text


def text(**overrides: str) -> LetterTextInput:
    fields = {
        "language": "nl",
        "subject": "Mogen wij bellen?",
        "body": "Beste {bedrijf}",
        "consent": "Ja, {organisatie}.",
    }
    return LetterTextInput.model_validate(fields | overrides)


@pytest.mark.parametrize(
    "overrides",
    [
        {"body": "Beste {naam}"},
        {"body": "Beste {bedrijf"},
        {"body": "Beste }"},
        {"body": "{bedrijf.__class__}"},
        {"body": "{bedrijf!r}"},
        {"body": "{bedrijf:>100000000}"},
        {"body": "{}"},
        {"body": " "},
        {"subject": ""},
        {"consent": "Ja."},
        {"consent": "Ja, {organisatie} mag {bedrijf} bellen."},
        {"language": "de"},
    ],
)
def test_a_text_that_cannot_be_filled_in_is_refused(overrides):
    with pytest.raises(ValidationError):
        text(**overrides)


@pytest.mark.parametrize("language", Tongue)
def test_the_texts_of_the_product_are_good_ones(language):
    assert standard_text(language).language is language


def test_a_yes_comes_from_somebody():
    with pytest.raises(ValidationError, match="naam"):
        AnswerInput(answer=Answer.YES, function="eigenaar")
    with pytest.raises(ValidationError, match="functie"):
        AnswerInput(answer=Answer.YES, name="Ria Bakker")
    assert AnswerInput(answer=Answer.NO).name == ""


@pytest.mark.parametrize("telephone", ["12", "abc", "078 123 4567 en 078 123 4568"])
def test_a_number_is_one_dutch_number(telephone):
    with pytest.raises(ValidationError):
        AnswerInput(answer=Answer.YES, name="Ria", function="eigenaar", telephone=telephone)
