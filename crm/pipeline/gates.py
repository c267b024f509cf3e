"""What has to be known of a hidden job before it comes into a stage. A step back asks nothing.

That a lost job needs a reason, and a day to ask again or "never", is for rules.check_move and inputs.Lost.
"""

from collections.abc import Sequence

from crm.core.errors import CrmError
from crm.core.i18n import N_, _
from crm.core.types import LabelledEnum
from crm.pipeline.models import HiddenJob, Pipeline, Stage
from crm.pipeline.stages import stage_name


class Need(LabelledEnum):
    TASKS = "tasks", N_("the tasks")
    HOURS = "hours_per_week", N_("the hours per week")
    DAYS = "days", N_("the days")
    ABILITIES = "must_have", N_("what is needed on day one, or may be learned here")
    TRAVEL = "travel", N_("how somebody gets there")
    CONTRACT = "contract", N_("the contract")
    START = "start", N_("when it can start")
    WEIGHTS = "weights", N_("a competence, and how much it counts")


THE_WORK = (Need.TASKS, Need.HOURS, Need.DAYS, Need.ABILITIES)
WHOLE_PROFILE = (*THE_WORK, Need.TRAVEL, Need.CONTRACT)

# A stage that is not named asks nothing.
GATES: dict[Pipeline, dict[Stage, tuple[Need, ...]]] = {
    Pipeline.WORK: {
        Stage.PROFILED: THE_WORK,
        Stage.INTRODUCED: (*WHOLE_PROFILE, Need.WEIGHTS),  # by which it is decided who fits
        Stage.PLACED: (*WHOLE_PROFILE, Need.START),
    },
    Pipeline.LOOK_ALONG: {},
    Pipeline.TAKEOVER: {},
    Pipeline.ODD_JOB: {Stage.INTRODUCED: (Need.TASKS, Need.HOURS)},
}


class ProfileIncomplete(CrmError):
    """Something is missing in the work profile; the message names all of it and leads to the form."""

    def __init__(self, job: HiddenJob, missing: Sequence[Need], refusal: str) -> None:
        self.page = profile_page(job.id)
        super().__init__(f"{refusal} {_('Still to ask: {what}').format(what=in_words(missing))}.")


def profile_page(job_id: int) -> str:
    """The address of the form of the work profile."""
    return f"pipeline?job={job_id}&profile=1"


def missing(job: HiddenJob, stage: Stage, *, weighed: bool) -> list[Need]:
    """What this stage asks and the job does not tell yet; `weighed` says whether a competence was given a weight."""
    return [need for need in GATES[job.pipeline].get(stage, ()) if not _told(job, need, weighed=weighed)]


def check_gate(job: HiddenJob, target: Stage, *, weighed: bool) -> None:
    """Raises ProfileIncomplete with all that is missing."""
    if still := missing(job, target, weighed=weighed):
        words = _("“{title}” cannot go to “{stage}” yet.")
        raise ProfileIncomplete(job, still, words.format(title=job.title, stage=stage_name(job.pipeline, target)))


def check_may_introduce(job: HiddenJob, *, weighed: bool) -> None:
    """Raises ProfileIncomplete: nobody is introduced for work of which too little is known."""
    if still := missing(job, Stage.INTRODUCED, weighed=weighed):
        raise ProfileIncomplete(job, still, _("Nobody can be introduced for “{title}” yet.").format(title=job.title))


def in_words(needs: Sequence[Need]) -> str:
    return ", ".join(need.label for need in needs)


def _told(job: HiddenJob, need: Need, *, weighed: bool) -> bool:
    if need is Need.WEIGHTS:
        return weighed
    if need is Need.ABILITIES:
        return bool(job.must_have.strip() or job.learnable.strip())
    value = getattr(job, need.value)
    return bool(value.strip() if isinstance(value, str) else value)
