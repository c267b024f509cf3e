import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crm.core.errors import explain
from crm.pipeline.inputs import HiddenJobInput, Put
from crm.pipeline.models import Weight


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


class TestWorkProfile:
    def test_a_competence_of_the_desk_is_important_and_needed_on_day_one(self):
        (asked,) = make_input(competences=["24120"]).competences
        assert (asked.weight, asked.learnable) == (Weight.IMPORTANT, False)

    def test_a_competence_keeps_its_weight(self):
        given = {"code": "24120", "weight": 3, "learnable": True}
        (asked,) = make_input(competences=[given, given]).competences
        assert (asked.weight, asked.learnable) == (Weight.DECISIVE, True)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"competences": [{"code": "99999"}]},
            {"competences": [{"code": "24120", "weight": 4}]},
            {"from_time": "17:00", "until_time": "09:00"},
            {"from_time": "09:00", "until_time": "09:00"},
            {"travel": ["helicopter"]},
            {"circumstances": ["strong"]},
            {"contract": "x" * 121},
        ],
    )
    def test_refuses_what_cannot_be(self, wrong):
        with pytest.raises(ValidationError):
            make_input(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [{"job_id": 0}, {"job_id": 10**12}, {"job_id": "x"}, {"stage": "nowhere"}, {"seen_version": None}, {"x": 1}],
)
def test_a_browser_cannot_put_a_job_just_anywhere(wrong):
    put = {"job_id": 1, "seen_version": 1, "stage": "explored"}
    assert Put.model_validate(put).stage == "explored"
    with pytest.raises(ValidationError):
        Put.model_validate(put | wrong)
