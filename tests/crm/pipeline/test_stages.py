"""Which stages each kind of work has, what they are called, and where a job may go."""

from datetime import timedelta

import pytest

from crm.core.clock import now
from crm.core.i18n import speaking
from crm.pipeline.models import HiddenJob, Pipeline, Stage
from crm.pipeline.stages import (
    ORDER,
    OWN_NAMES,
    PIPELINES,
    allowed,
    is_stale,
    other_steps,
    stage_name,
    stages,
    step_back,
    step_forward,
)

OPEN_STAGES = ORDER[: ORDER.index(Stage.PLACED)]
EVERYWHERE = [(pipeline, stage) for pipeline in Pipeline for stage in stages(pipeline)]


class TestStages:
    def test_every_kind_of_work_has_some(self) -> None:
        assert PIPELINES.keys() == set(Pipeline)

    def test_ordinary_work_has_all_of_them(self) -> None:
        assert stages(Pipeline.WORK) == stages(None) == list(Stage)

    @pytest.mark.parametrize("pipeline", Pipeline)
    def test_every_stage_can_be_reached_from_a_signal_and_no_other(self, pipeline: Pipeline) -> None:
        reached, waiting = set(), [Stage.SIGNAL]
        while waiting:
            stage = waiting.pop()
            reached.add(stage)
            waiting += [target for target in allowed(pipeline, stage) if target not in reached]
        assert reached == set(stages(pipeline))

    @pytest.mark.parametrize("pipeline", Pipeline)
    def test_they_stand_in_the_order_of_the_board(self, pipeline: Pipeline) -> None:
        assert stages(pipeline) == sorted(stages(pipeline), key=ORDER.index)

    @pytest.mark.parametrize("pipeline", Pipeline)
    def test_what_is_at_the_end_never_stands_still(self, pipeline: Pipeline) -> None:
        long_ago = now() - timedelta(days=90)
        still = [
            stage
            for stage in stages(pipeline)
            if is_stale(HiddenJob(pipeline=pipeline, stage=stage, stage_since=long_ago), now())
        ]
        assert still == list(PIPELINES[pipeline][:-1])


class TestNames:
    @pytest.mark.parametrize(
        ("pipeline", "name"),
        [
            (Pipeline.WORK, "Geplaatst"),
            (Pipeline.LOOK_ALONG, "Meegelopen"),
            (Pipeline.TAKEOVER, "Overgenomen"),
            (Pipeline.ODD_JOB, "Aan het werk"),
            (None, "Gelukt"),
        ],
    )
    def test_each_kind_of_work_ends_in_its_own_words(self, pipeline: Pipeline | None, name: str) -> None:
        with speaking("nl"):
            assert stage_name(pipeline, Stage.PLACED) == name

    @pytest.mark.parametrize("pipeline", Pipeline)
    def test_only_stages_that_it_has_and_never_two_alike(self, pipeline: Pipeline) -> None:
        assert OWN_NAMES[pipeline].keys() <= set(stages(pipeline))
        for language in ("nl", "en"):
            with speaking(language):
                names = [stage_name(pipeline, stage) for stage in stages(pipeline)]
            assert len(set(names)) == len(names)


class TestSteps:
    def test_after_a_kopkoffie_somebody_else_is_introduced_or_there_is_another(self) -> None:
        back = (Stage.INTRODUCED, Stage.KOPKOFFIE_PLANNED)
        assert allowed(Pipeline.LOOK_ALONG, Stage.KOPKOFFIE_HELD) == (Stage.PLACED, *back, Stage.LOST)

    @pytest.mark.parametrize(("pipeline", "stage"), EVERYWHERE)
    def test_a_job_can_be_lost_from_every_open_stage(self, pipeline: Pipeline, stage: Stage) -> None:
        assert (Stage.LOST in allowed(pipeline, stage)) == (stage in OPEN_STAGES)

    @pytest.mark.parametrize("pipeline", Pipeline)
    def test_a_lost_job_can_be_opened_again(self, pipeline: Pipeline) -> None:
        assert step_forward(pipeline, Stage.LOST) is Stage.EXPLORED

    @pytest.mark.parametrize(("pipeline", "stage"), EVERYWHERE)
    def test_forward_back_and_the_others_together_are_all_that_is_allowed(
        self, pipeline: Pipeline, stage: Stage
    ) -> None:
        usual = [target for target in (step_forward(pipeline, stage), step_back(pipeline, stage)) if target]
        assert sorted([*usual, *other_steps(pipeline, stage)]) == sorted(allowed(pipeline, stage))

    def test_from_a_stage_it_does_not_have_nothing_is_allowed(self) -> None:
        assert allowed(Pipeline.ODD_JOB, Stage.AFTERCARE) == ()
        assert step_forward(Pipeline.ODD_JOB, Stage.AFTERCARE) is None
