"""The stages of each kind of work: which there are, what they are called there, and where a job may go."""

from datetime import datetime

from crm.core.i18n import N_, _
from crm.pipeline.models import STALE_AFTER, HiddenJob, Pipeline, Stage

FOUND = (Stage.SIGNAL, Stage.EXPLORED)
MEETING = (Stage.INTRODUCED, Stage.KOPKOFFIE_PLANNED, Stage.KOPKOFFIE_HELD)

# Which stages each kind of work goes through, in order.
PIPELINES: dict[Pipeline, tuple[Stage, ...]] = {
    Pipeline.WORK: (*FOUND, Stage.PROFILED, *MEETING, Stage.PLACED, Stage.AFTERCARE),
    # A day of looking along needs no work profile and no aftercare: what it leads to is a job of its own.
    Pipeline.LOOK_ALONG: (*FOUND, *MEETING, Stage.PLACED),
    # Who takes over a firm decides about its work, so nobody writes a profile of that; the first years need aftercare.
    Pipeline.TAKEOVER: (*FOUND, *MEETING, Stage.PLACED, Stage.AFTERCARE),
    # For a few hours of work nobody has to drink coffee first.
    Pipeline.ODD_JOB: (*FOUND, Stage.INTRODUCED, Stage.PLACED),
}
# What a stage is called where the word for all kinds of work says too little.
OWN_NAMES: dict[Pipeline, dict[Stage, str]] = {
    Pipeline.WORK: {Stage.PLACED: N_("Placed")},
    Pipeline.LOOK_ALONG: {Stage.PLACED: N_("Looked along")},
    Pipeline.TAKEOVER: {Stage.INTRODUCED: N_("Successor introduced"), Stage.PLACED: N_("Taken over")},
    Pipeline.ODD_JOB: {Stage.PLACED: N_("At work")},
}
# A job goes one stage on or one back, or is lost as long as nobody is placed. Beside that:
REOPENED = Stage.EXPLORED  # where a lost job begins again
ALSO_BACK = {Stage.KOPKOFFIE_HELD: (Stage.INTRODUCED,)}  # somebody else is introduced; sooner than coffee once more
KEPT = frozenset({Stage.PLACED, Stage.AFTERCARE})  # from where nothing is lost: the placement is taken back first

ORDER = list(Stage)


def stages(pipeline: Pipeline | None) -> list[Stage]:
    """All there are, and the lost ones at the end. None is for all kinds of work together."""
    return [*PIPELINES[pipeline], Stage.LOST] if pipeline else ORDER


def stage_name(pipeline: Pipeline | None, stage: Stage) -> str:
    """As this kind of work calls it; None is for all kinds together."""
    own = OWN_NAMES[pipeline].get(stage) if pipeline else None
    return _(own) if own else stage.label


def allowed(pipeline: Pipeline, stage: Stage) -> tuple[Stage, ...]:
    """Where a job may go from here: first the usual step forward, then the steps back, the nearest by meaning first."""
    if stage is Stage.LOST:
        return (REOPENED,)
    way = PIPELINES[pipeline]
    if stage not in way:
        return ()
    place = way.index(stage)
    back = (*ALSO_BACK.get(stage, ()), *way[:place][-1:])
    return (*way[place + 1 : place + 2], *back, *(() if stage in KEPT else (Stage.LOST,)))


def step_forward(pipeline: Pipeline, stage: Stage) -> Stage | None:
    """The usual next stage; none at the end. For a lost job this opens it again."""
    target = next(iter(allowed(pipeline, stage)), None)
    if target is None or stage is Stage.LOST:
        return target
    return target if is_later(target, stage) else None


def step_back(pipeline: Pipeline, stage: Stage) -> Stage | None:
    """The nearest stage before this one."""
    if stage is Stage.LOST:
        return None
    return next((target for target in allowed(pipeline, stage) if is_later(stage, target)), None)


def other_steps(pipeline: Pipeline, stage: Stage) -> list[Stage]:
    """What remains beside the steps forward and back."""
    usual = {step_forward(pipeline, stage), step_back(pipeline, stage)}
    return [target for target in allowed(pipeline, stage) if target not in usual]


def is_later(stage: Stage, other: Stage) -> bool:
    return ORDER.index(stage) > ORDER.index(other)


def ending(pipeline: Pipeline) -> tuple[Stage, Stage]:
    """Where this kind of work ends, well or not. What is there waits for nobody."""
    return PIPELINES[pipeline][-1], Stage.LOST


def has_ended(job: HiddenJob) -> bool:
    return job.stage in ending(job.pipeline)


def is_stale(job: HiddenJob, moment: datetime) -> bool:
    return not has_ended(job) and moment - job.stage_since > STALE_AFTER
