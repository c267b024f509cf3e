import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crm.candidates.inputs import CandidateInput
from crm.candidates.models import Candidate
from crm.core.errors import explain


def make_input(**overrides):
    return CandidateInput(**({"name": "Ria Jansen"} | overrides))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"postcode": "0311AB"},
        {"postcode": "3311SS"},
        {"postcode": "33"},
        {"email": "ria"},
        {"phone": "12"},
        {"phone": "06 12345678 / 010 1234567"},
        {"hours_max": 61},
        {"hours_min": 30, "hours_max": 20},
        {"days": ["xx"]},
        {"travel_km": 201},
        {"barriers": ["health"]},
        {"competences": ["1"]},
        {"trades": ["x" * 61]},
    ],
)
def test_refuses_with_a_readable_reason(wrong):
    with pytest.raises(ValidationError) as refused:
        make_input(**wrong)
    assert explain(refused.value)


def test_writes_things_the_same_way():
    given = make_input(postcode=" 3311 ab", phone="06-12345678", trades=[" timmerman", "timmerman", ""], name="Ria  J.")
    assert (given.postcode, given.phone) == ("3311AB", "+31612345678")
    assert (given.trades, given.name) == (["timmerman"], "Ria J.")


def test_only_four_digits_of_a_postcode_are_enough():
    assert make_input(postcode="3311").postcode == "3311"


@given(st.text(max_size=12))
def test_any_text_for_a_postcode_is_right_or_refused(text):
    try:
        code = make_input(postcode=text).postcode
    except ValidationError:
        return
    assert code is None or len(code) in {4, 6}


def test_there_is_no_place_for_what_we_may_not_keep():
    words = {"bsn", "birth", "age", "sex", "gender", "health", "nationality", "origin", "benefit"}
    fields = {part for name in (*CandidateInput.model_fields, *Candidate.model_fields) for part in name.split("_")}
    assert not words & fields
