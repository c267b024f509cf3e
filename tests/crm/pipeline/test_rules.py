import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.i18n import speaking
from crm.pipeline.gates import ProfileIncomplete
from crm.pipeline.models import HiddenJob, Pipeline, Stage
from crm.pipeline.rules import (
    SUGGESTED,
    LostReasonMissing,
    NoSuchStage,
    StageNotAllowed,
    check_move,
    check_pipeline,
    doubtful_words,
    suggested_pipeline,
)
from crm.reference.queries import reasons
from crm.reference.wording import looks_like_bsn


def make_job(stage, **overrides):
    return HiddenJob(
        **(
            {"title": "Klus", "pipeline": Pipeline.WORK, "tasks": "Vegen", "hours_per_week": 8, "stage": stage}
            | overrides
        )
    )


class TestPipelines:
    @pytest.mark.parametrize(
        ("reason", "pipeline"),
        [("OPVOLGING", Pipeline.TAKEOVER), ("KLUS", Pipeline.ODD_JOB), ("PIEK", Pipeline.WORK)],
    )
    def test_the_reason_suggests_what_kind_of_work_it_is(self, reason, pipeline):
        assert suggested_pipeline(reason) is pipeline
        assert set(SUGGESTED) <= set(reasons())

    def test_another_kind_of_work_needs_the_stage_the_job_is_in(self):
        check_pipeline(make_job(Stage.EXPLORED), Pipeline.ODD_JOB)
        with pytest.raises(NoSuchStage, match="Klus"):
            check_pipeline(make_job(Stage.PROFILED), Pipeline.ODD_JOB)


class TestCheckMove:
    def test_refuses_to_skip_the_work_profile(self):
        with pytest.raises(StageNotAllowed):
            check_move(make_job(Stage.EXPLORED), Stage.INTRODUCED, weighed=True, reason_given=False)

    def test_refuses_in_the_words_of_this_kind_of_work(self):
        job = make_job(Stage.EXPLORED, pipeline=Pipeline.TAKEOVER)
        with speaking("nl"), pytest.raises(StageNotAllowed, match="van ‘Verkend’ naar ‘Overgenomen’"):
            check_move(job, Stage.PLACED, weighed=True, reason_given=False)

    @pytest.mark.parametrize("missing", [{"tasks": "  "}, {"hours_per_week": None}, {"hours_per_week": 0}])
    def test_a_work_profile_needs_tasks_and_hours(self, missing):
        with pytest.raises(ProfileIncomplete):
            check_move(make_job(Stage.EXPLORED, **missing), Stage.PROFILED, weighed=True, reason_given=False)

    def test_a_lost_job_needs_a_reason(self):
        with pytest.raises(LostReasonMissing):
            check_move(make_job(Stage.SIGNAL), Stage.LOST, weighed=True, reason_given=False)
        check_move(make_job(Stage.SIGNAL), Stage.LOST, weighed=True, reason_given=True)


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
            "Vakman m/v/x voor de werkplaats",
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
