"""The allowed moves of a hidden job, what they need, and words to be careful with."""

from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.pipeline.models import HiddenJob, Stage
from crm.reference.wording import AGE, GENDER, HEALTH, bsn_warnings, word_warnings

# Each row begins with the usual step forward, then come the steps back, the nearest by meaning first.
TRANSITIONS: dict[Stage, tuple[Stage, ...]] = {
    Stage.SIGNAL: (Stage.EXPLORED, Stage.LOST),
    Stage.EXPLORED: (Stage.PROFILED, Stage.SIGNAL, Stage.LOST),
    Stage.PROFILED: (Stage.INTRODUCED, Stage.EXPLORED, Stage.LOST),
    Stage.INTRODUCED: (Stage.KOPKOFFIE_PLANNED, Stage.PROFILED, Stage.LOST),
    Stage.KOPKOFFIE_PLANNED: (Stage.KOPKOFFIE_HELD, Stage.INTRODUCED, Stage.LOST),
    Stage.KOPKOFFIE_HELD: (Stage.PLACED, Stage.INTRODUCED, Stage.KOPKOFFIE_PLANNED, Stage.LOST),
    Stage.PLACED: (Stage.AFTERCARE, Stage.KOPKOFFIE_HELD),
    Stage.AFTERCARE: (Stage.PLACED,),
    Stage.LOST: (Stage.EXPLORED,),
}
ORDER = list(Stage)


class StageNotAllowed(CrmError):
    def __init__(self, job: HiddenJob, target: Stage) -> None:
        super().__init__(
            _("“{title}” cannot go from “{before}” to “{after}”.").format(
                title=job.title, before=job.stage.label, after=target.label
            )
        )


class ProfileIncomplete(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Write down the tasks and the hours per week first. Then the work profile is complete."))


class LostReasonMissing(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Choose why this job is lost, and whether we ask again."))


def step_forward(stage: Stage) -> Stage | None:
    """The usual next stage; none at the end. For a lost job this opens it again."""
    target = TRANSITIONS[stage][0]
    return target if stage is Stage.LOST or ORDER.index(target) > ORDER.index(stage) else None


def step_back(stage: Stage) -> Stage | None:
    """The nearest stage before this one."""
    if stage is Stage.LOST:
        return None
    return next((target for target in TRANSITIONS[stage] if ORDER.index(target) < ORDER.index(stage)), None)


def other_steps(stage: Stage) -> list[Stage]:
    """What remains beside the steps forward and back."""
    usual = {step_forward(stage), step_back(stage)}
    return [target for target in TRANSITIONS[stage] if target not in usual]


def check_move(job: HiddenJob, target: Stage, *, reason_given: bool) -> None:
    """Raises StageNotAllowed, ProfileIncomplete or LostReasonMissing."""
    if target not in TRANSITIONS[job.stage]:
        raise StageNotAllowed(job, target)
    if target is Stage.PROFILED and not (job.tasks.strip() and job.hours_per_week):
        raise ProfileIncomplete
    if target is Stage.LOST and not reason_given:
        raise LostReasonMissing


def doubtful_words(text: str) -> list[str]:
    """Warnings about age, sex, health or a BSN in a text about work, in plain language."""
    return [*bsn_warnings(text), *word_warnings(text, AGE, GENDER, HEALTH)]
