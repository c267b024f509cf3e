"""What kind of work a job is, whether it may move, and words to be careful with."""

from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.pipeline.gates import check_gate
from crm.pipeline.models import HiddenJob, Pipeline, Stage
from crm.pipeline.stages import allowed, is_later, stage_name, stages
from crm.reference.wording import EXCLUDING, bsn_warnings, word_warnings

# What a reason suggests as long as nobody chose; another reason is work.
SUGGESTED = {"OPVOLGING": Pipeline.TAKEOVER, "KLUS": Pipeline.ODD_JOB}
WEEKLY = frozenset({Pipeline.WORK, Pipeline.ODD_JOB})  # whose hours are hours of every week


class StageNotAllowed(CrmError):
    def __init__(self, job: HiddenJob, target: Stage) -> None:
        before, after = (stage_name(job.pipeline, stage) for stage in (job.stage, target))
        words = _("“{title}” cannot go from “{before}” to “{after}”.")
        super().__init__(words.format(title=job.title, before=before, after=after))


class LostReasonMissing(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Choose why this job is lost, and whether we ask again."))


class NoSuchStage(CrmError):
    def __init__(self, job: HiddenJob, pipeline: Pipeline) -> None:
        words = _("“{title}” stands at “{stage}”, and “{pipeline}” has no such stage. Move it to another stage first.")
        stage = stage_name(job.pipeline, job.stage)
        super().__init__(words.format(title=job.title, stage=stage, pipeline=pipeline.label))


def suggested_pipeline(reason: str) -> Pipeline:
    return SUGGESTED.get(reason, Pipeline.WORK)


def check_pipeline(job: HiddenJob, pipeline: Pipeline) -> None:
    """Raises NoSuchStage when the job stands where the other kind of work never comes."""
    if job.stage not in stages(pipeline):
        raise NoSuchStage(job, pipeline)


def check_move(job: HiddenJob, target: Stage, *, weighed: bool, reason_given: bool) -> None:
    """Raises StageNotAllowed, ProfileIncomplete or LostReasonMissing."""
    if target not in allowed(job.pipeline, job.stage):
        raise StageNotAllowed(job, target)
    if is_later(target, job.stage):
        check_gate(job, target, weighed=weighed)
    if target is Stage.LOST and not reason_given:
        raise LostReasonMissing


def doubtful_words(text: str) -> list[str]:
    """Warnings about words that shut people out, or a BSN, in a text about work, with better words."""
    return [*bsn_warnings(text), *word_warnings(text, *EXCLUDING)]
