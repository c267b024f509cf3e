import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.pipeline.models import HiddenJob, Stage
from crm.pipeline.rules import (
    TRANSITIONS,
    LostReasonMissing,
    ProfileIncomplete,
    StageNotAllowed,
    check_move,
    doubtful_words,
    other_steps,
    step_back,
    step_forward,
)
from crm.reference.wording import looks_like_bsn

OPEN_STAGES = list(Stage)[: list(Stage).index(Stage.PLACED)]


def make_job(stage, **overrides):
    return HiddenJob(**({"title": "Klus", "tasks": "Vegen", "hours_per_week": 8, "stage": stage} | overrides))


class TestTransitions:
    def test_every_stage_has_a_row(self):
        assert TRANSITIONS.keys() == set(Stage)

    def test_every_stage_can_be_reached_from_a_signal(self):
        reached, waiting = set(), [Stage.SIGNAL]
        while waiting:
            stage = waiting.pop()
            reached.add(stage)
            waiting += [target for target in TRANSITIONS[stage] if target not in reached]
        assert reached == set(Stage)

    @pytest.mark.parametrize("stage", OPEN_STAGES)
    def test_a_job_can_be_lost_from_every_open_stage(self, stage):
        assert Stage.LOST in TRANSITIONS[stage]

    def test_a_lost_job_can_be_opened_again(self):
        assert step_forward(Stage.LOST) is Stage.EXPLORED

    @pytest.mark.parametrize("stage", Stage)
    def test_forward_back_and_the_others_together_are_all_that_is_allowed(self, stage):
        usual = [target for target in (step_forward(stage), step_back(stage)) if target]
        assert sorted([*usual, *other_steps(stage)]) == sorted(TRANSITIONS[stage])


class TestCheckMove:
    def test_refuses_to_skip_the_work_profile(self):
        with pytest.raises(StageNotAllowed):
            check_move(make_job(Stage.EXPLORED), Stage.INTRODUCED, reason_given=False)

    @pytest.mark.parametrize("missing", [{"tasks": "  "}, {"hours_per_week": None}, {"hours_per_week": 0}])
    def test_a_work_profile_needs_tasks_and_hours(self, missing):
        with pytest.raises(ProfileIncomplete):
            check_move(make_job(Stage.EXPLORED, **missing), Stage.PROFILED, reason_given=False)

    def test_a_lost_job_needs_a_reason(self):
        with pytest.raises(LostReasonMissing):
            check_move(make_job(Stage.SIGNAL), Stage.LOST, reason_given=False)
        check_move(make_job(Stage.SIGNAL), Stage.LOST, reason_given=True)


class TestDoubtfulWords:
    @pytest.mark.parametrize(
        "text",
        [
            "Jong team zoekt versterking",
            "niet ouder dan 40",
            "maximaal 35 jaar",
            "max. 35 jaar",
            "een 30-jarige",
            "een sterke man",
            "vrouwelijke collega",
            "burgerservicenummer 123456782",
            "12.34.56.782",
            "iemand met een Wajong",
        ],
    )
    def test_warns(self, text):
        assert doubtful_words(text)

    @pytest.mark.parametrize(
        "text",
        [
            "Vakman m/v voor de werkplaats",
            "man/vrouw",
            "man of vrouw",
            "maximaal 24 uur",
            "tot 40 uur",
            "4 man personeel",
            "bel 010 123 4567",
            "factuur 123456789",
            "order 1234567820",
            "000000000",
            "De timmerman",
        ],
    )
    def test_leaves_ordinary_words_alone(self, text):
        assert doubtful_words(text) == []

    def test_says_which_word_and_says_it_once(self):
        (warning,) = doubtful_words("jong, jong en nog eens jong")
        assert "‘jong’" in warning

    @given(st.text(max_size=300))
    def test_takes_any_text(self, text):
        assert all(isinstance(warning, str) for warning in doubtful_words(text))

    @given(st.integers(0, 99_999_999))
    def test_at_most_one_last_digit_makes_a_bsn(self, start):
        assert sum(looks_like_bsn(f"{start:08}{last}") for last in range(10)) <= 1
