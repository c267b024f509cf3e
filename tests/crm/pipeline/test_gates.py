"""What a hidden job has to tell before it comes into a stage."""

import pytest

from crm.core.i18n import speaking
from crm.pipeline.gates import GATES, Need, ProfileIncomplete, check_gate, check_may_introduce, missing
from crm.pipeline.models import HiddenJob, Pipeline, Stage
from crm.pipeline.rules import check_move
from crm.pipeline.stages import PIPELINES

WHOLE = {
    "title": "Inpakken",
    "tasks": "Brood inpakken",
    "hours_per_week": 12.0,
    "days": ["ma"],
    "must_have": "Netjes werken",
    "travel": ["bike"],
    "contract": "Half jaar",
    "start": "In januari",
}


def make_job(stage: Stage = Stage.EXPLORED, pipeline: Pipeline = Pipeline.WORK, **without: object) -> HiddenJob:
    return HiddenJob(id=7, company_id=1, reason="OVERWERK", stage=stage, pipeline=pipeline, **(WHOLE | without))


def test_every_gate_is_of_a_stage_that_this_kind_of_work_has() -> None:
    assert GATES.keys() == PIPELINES.keys()
    for pipeline, gates in GATES.items():
        assert gates.keys() <= set(PIPELINES[pipeline])


@pytest.mark.parametrize("stage", [Stage.PROFILED, Stage.INTRODUCED, Stage.PLACED])
def test_a_whole_profile_goes_through_every_gate(stage: Stage) -> None:
    assert missing(make_job(), stage, weighed=True) == []


@pytest.mark.parametrize(
    ("without", "need"),
    [
        ({"tasks": "  "}, Need.TASKS),
        ({"hours_per_week": 0.0}, Need.HOURS),
        ({"days": []}, Need.DAYS),
        ({"must_have": ""}, Need.ABILITIES),
    ],
)
def test_a_profile_names_what_it_misses(without: dict[str, object], need: Need) -> None:
    assert missing(make_job(**without), Stage.PROFILED, weighed=False) == [need]


def test_what_may_be_learned_here_is_enough_when_nothing_is_needed_on_day_one() -> None:
    assert missing(make_job(must_have="", learnable="De kassa"), Stage.PROFILED, weighed=False) == []


def test_all_that_is_missing_is_told_at_once_with_the_way_to_the_form() -> None:
    job = make_job(tasks="", days=[], must_have="")
    with (
        speaking("en"),
        pytest.raises(ProfileIncomplete, match="Still to ask: the tasks, the days, what is needed") as refused,
    ):
        check_move(job, Stage.PROFILED, weighed=True, reason_given=False)
    assert refused.value.page == "pipeline?job=7&profile=1"


def test_introducing_asks_more_than_a_profile() -> None:
    job = make_job(Stage.PROFILED, travel=[], contract="")
    check_gate(job, Stage.PROFILED, weighed=False)
    assert missing(job, Stage.INTRODUCED, weighed=False) == [Need.TRAVEL, Need.CONTRACT, Need.WEIGHTS]
    with pytest.raises(ProfileIncomplete):
        check_may_introduce(job, weighed=True)


def test_nobody_is_introduced_before_it_is_known_what_counts() -> None:
    job = make_job(Stage.PROFILED)
    check_may_introduce(job, weighed=True)
    with speaking("en"), pytest.raises(ProfileIncomplete, match="a competence, and how much it counts") as refused:
        check_may_introduce(job, weighed=False)
    assert refused.value.page == "pipeline?job=7&profile=1"


def test_who_is_beyond_that_gate_goes_on_without_it() -> None:
    check_move(make_job(Stage.INTRODUCED), Stage.KOPKOFFIE_PLANNED, weighed=False, reason_given=False)
    check_move(make_job(Stage.KOPKOFFIE_HELD), Stage.PLACED, weighed=False, reason_given=False)


def test_a_placement_says_when_it_starts() -> None:
    with pytest.raises(ProfileIncomplete):
        check_move(make_job(Stage.KOPKOFFIE_HELD, start=""), Stage.PLACED, weighed=True, reason_given=False)


def test_a_step_back_asks_nothing() -> None:
    job = make_job(Stage.INTRODUCED, tasks="", days=[], travel=[])
    check_move(job, Stage.PROFILED, weighed=True, reason_given=False)
    check_move(job, Stage.LOST, weighed=True, reason_given=True)


@pytest.mark.parametrize("pipeline", [Pipeline.LOOK_ALONG, Pipeline.TAKEOVER])
def test_work_without_a_profile_is_asked_for_none(pipeline: Pipeline) -> None:
    check_may_introduce(
        HiddenJob(id=7, company_id=1, title="Meelopen", reason="OVERWERK", pipeline=pipeline), weighed=False
    )
