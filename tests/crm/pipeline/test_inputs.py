import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crm.core.errors import explain
from crm.pipeline.inputs import HiddenJobInput


def make_input(**overrides):
    return HiddenJobInput(**({"title": "Administratie", "reason": "OVERWERK"} | overrides))


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": " \t\u200b "},
        {"title": "x" * 121},
        {"reason": "ZOMAAR"},
        {"hours_per_week": 61},
        {"hours_per_week": -1},
        {"hours_per_week": math.nan},
        {"days": ["maandag"]},
        {"competences": ["24103"]},
        {"importance": 11},
        {"importance": -1},
        {"tasks": "x" * 2001},
    ],
)
def test_refuses_with_a_readable_reason(wrong):
    with pytest.raises(ValidationError) as refused:
        make_input(**wrong)
    assert explain(refused.value)


def test_puts_days_in_the_order_of_the_week():
    assert make_input(days=["vr", " MA ", "vr"]).days == ["ma", "vr"]


def test_keeps_lines_but_no_control_characters():
    assert make_input(tasks="vegen\r\nkopi\x00ëren ").tasks == "vegen\nkopi ëren"


@given(title=st.text(max_size=200), tasks=st.text(max_size=200))
def test_whatever_is_accepted_fits_the_database(title, tasks):
    try:
        accepted = make_input(title=title, tasks=tasks)
    except ValidationError:
        return
    assert 0 < len(accepted.title) <= 120
    assert "\x00" not in accepted.title + accepted.tasks
