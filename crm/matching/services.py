"""Introducing people for a job, and what follows from it for the job."""

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.candidates import log
from crm.candidates.log_inputs import OutcomeInput
from crm.candidates.models import Candidate, CandidateStatus, OutcomeKind
from crm.candidates.rules import has_consent
from crm.core.clock import now, today
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.core.text import squeeze
from crm.matching.models import Introduction, IntroductionStatus
from crm.matching.moves import KopkoffieStands, check_people
from crm.matching.queries import OPEN, score_of
from crm.matching.suggesting import Shown, note_taken
from crm.pipeline import services as pipeline
from crm.pipeline.gates import check_may_introduce
from crm.pipeline.inputs import Lost
from crm.pipeline.models import HiddenJob, Pipeline, Stage
from crm.pipeline.queries import is_weighed
from crm.pipeline.stages import allowed, step_back, step_forward

# What it is for a job seeker when it succeeds.
OUTCOME_OF = {
    Pipeline.WORK: OutcomeKind.PLACEMENT,
    Pipeline.LOOK_ALONG: OutcomeKind.LOOKED_ALONG,
    Pipeline.TAKEOVER: OutcomeKind.OWN_BUSINESS,
    Pipeline.ODD_JOB: OutcomeKind.ODD_JOB,
}
CLOSED = frozenset({Stage.PLACED, Stage.AFTERCARE, Stage.LOST})


class ConsentMissing(CrmError):
    def __init__(self, candidate: Candidate) -> None:
        super().__init__(
            _("{name} has not agreed to being introduced, or no longer. Ask first and record the consent.").format(
                name=candidate.name
            )
        )


class NotLookingForWork(CrmError):
    def __init__(self, candidate: Candidate) -> None:
        super().__init__(_("{name} is not looking for work at the moment.").format(name=candidate.name))


class AlreadyIntroduced(CrmError):
    def __init__(self, candidate: Candidate) -> None:
        super().__init__(_("{name} has already been introduced for this job.").format(name=candidate.name))


class JobClosed(CrmError):
    def __init__(self, job: HiddenJob) -> None:
        super().__init__(_("“{title}” is closed: nobody can be introduced for it.").format(title=job.title))


class ReasonMissing(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Write down the reason: the job seeker will hear it."))


class IntroductionClosed(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This introduction has already ended."))


def introduce(session: Session, actor: Actor, job_id: int, candidate_id: int) -> Introduction:
    """Propose somebody for a job, with the score as it is now. Who was declined before can be proposed again."""
    actor.require(Permission.INTRODUCE)
    job = locked(session, HiddenJob, job_id)
    candidate = locked(session, Candidate, candidate_id)
    _check_introducible(session, job, candidate)
    introduction = _introduction_of(session, job_id, candidate)
    score = score_of(session, job_id, candidate)
    introduction.score = score.total
    introduction.explanation = [part.as_kept() for part in score.parts]
    introduction.made_by_id = actor.user_id
    introduction.status, introduction.decline_reason = IntroductionStatus.PROPOSED, ""
    session.add(introduction)
    record(session, actor, "introduction.made", introduction)
    note_taken(session, actor, Shown(job_id, candidate_id, score))
    if step_forward(job.pipeline, job.stage) is Stage.INTRODUCED:
        pipeline.move(session, actor, job_id, Stage.INTRODUCED, version=None)
    return introduction


def introduce_for_all(session: Session, actor: Actor, candidate_id: int, *, job_ids: list[int]) -> list[Introduction]:
    """Propose somebody for several jobs that go together, or for none of them."""
    actor.require(Permission.INTRODUCE)
    for job_id in sorted(job_ids):  # all jobs before the person, as everybody who locks both does
        locked(session, HiddenJob, job_id)
    return [introduce(session, actor, job_id, candidate_id) for job_id in job_ids]


def _check_introducible(session: Session, job: HiddenJob, candidate: Candidate) -> None:
    if job.stage in CLOSED:
        raise JobClosed(job)
    check_may_introduce(job, weighed=is_weighed(session, job.id))
    if candidate.status is not CandidateStatus.ACTIVE:
        raise NotLookingForWork(candidate)
    if not has_consent(candidate, now()):
        raise ConsentMissing(candidate)


def _introduction_of(session: Session, job_id: int, candidate: Candidate) -> Introduction:
    statement = select(Introduction).where(Introduction.job_id == job_id, Introduction.candidate_id == candidate.id)
    known = session.exec(statement).one_or_none()
    if known and known.status is not IntroductionStatus.DECLINED:
        raise AlreadyIntroduced(candidate)
    return known or Introduction(job_id=job_id, candidate_id=candidate.id, made_by_id=0)


def decline(session: Session, actor: Actor, introduction_id: int, *, version: int | None, reason: str) -> Introduction:
    """End an introduction with a reason for the job seeker; a job with nobody left goes back to the stage before."""
    actor.require(Permission.INTRODUCE)
    introduction = _open_introduction(session, introduction_id, version)
    if introduction.status is IntroductionStatus.MEETING:
        raise KopkoffieStands
    return end(session, actor, introduction, reason)


def end(session: Session, actor: Actor, introduction: Introduction, reason: str) -> Introduction:
    """Raises ReasonMissing."""
    actor.require(Permission.INTRODUCE)
    if not squeeze(reason):
        raise ReasonMissing
    _set_declined(session, actor, introduction, reason)
    job = locked(session, HiddenJob, introduction.job_id)
    before = step_back(job.pipeline, job.stage)
    if job.stage is Stage.INTRODUCED and before and not _open_introductions(session, job.id):
        pipeline.move(session, actor, job.id, before, version=None)
    return introduction


def _set_declined(session: Session, actor: Actor, introduction: Introduction, reason: str) -> None:
    introduction.status = IntroductionStatus.DECLINED
    introduction.decline_reason = squeeze(reason)[:500]
    record(session, actor, "introduction.declined", introduction)


def place(session: Session, actor: Actor, introduction_id: int, *, version: int | None) -> Introduction:
    """Somebody got the job."""
    actor.require(Permission.INTRODUCE)
    introduction = _open_introduction(session, introduction_id, version)
    if introduction.status is IntroductionStatus.MEETING:
        raise KopkoffieStands
    _succeed(session, actor, introduction)
    pipeline.move(session, actor, introduction.job_id, Stage.PLACED, version=None)
    return introduction


def move_job(
    session: Session,
    actor: Actor,
    job_id: int,
    target: Stage,
    *,
    version: int,
    note: str = "",
    lost: Lost | None = None,
) -> HiddenJob:
    """Move a job by hand: as pipeline.move, and in step with the people who were introduced for it."""
    actor.require(Permission.JOB_MOVE)
    job = locked(session, HiddenJob, job_id, version=version)
    if target in allowed(job.pipeline, job.stage):
        _check_people(session, job, target)
        _keep_people_in_step(session, actor, job, target)
    if target is Stage.LOST and lost:
        for one in _open_introductions(session, job_id):
            _set_declined(session, actor, one, lost.reason.label)
    return pipeline.move(session, actor, job_id, target, version=None, note=note, lost=lost)


def _check_people(session: Session, job: HiddenJob, target: Stage) -> None:
    introduced = _open_introductions(session, job.id)
    planned = sum(one.status is IntroductionStatus.MEETING for one in introduced)
    check_people(job, target, introduced=len(introduced), planned=planned)


def _keep_people_in_step(session: Session, actor: Actor, job: HiddenJob, target: Stage) -> None:
    """Who is placed is placed on the board too, and the other way round."""
    if target is Stage.PLACED and job.stage is not Stage.AFTERCARE:
        for one in _open_introductions(session, job.id):
            _succeed(session, actor, one)
    if job.stage is Stage.PLACED and target is not Stage.AFTERCARE:
        for one in _with_status(session, job.id, IntroductionStatus.SUCCEEDED):
            _set_status(session, actor, one, IntroductionStatus.PROPOSED)
            log.take_back_outcome(session, actor, one.candidate_id, OUTCOME_OF[job.pipeline])


def _succeed(session: Session, actor: Actor, introduction: Introduction) -> None:
    _set_status(session, actor, introduction, IntroductionStatus.SUCCEEDED)
    job = session.get_one(HiddenJob, introduction.job_id)
    outcome = OutcomeInput(kind=OUTCOME_OF[job.pipeline], day=today(), note=job.title)
    log.record_outcome(session, actor, introduction.candidate_id, outcome)


def _set_status(session: Session, actor: Actor, introduction: Introduction, status: IntroductionStatus) -> None:
    introduction.status = status
    record(session, actor, f"introduction.{status.value}", introduction)


def _open_introduction(session: Session, introduction_id: int, version: int | None) -> Introduction:
    introduction = locked(session, Introduction, introduction_id, version=version)
    if introduction.status not in OPEN:
        raise IntroductionClosed
    return introduction


def _open_introductions(session: Session, job_id: int) -> list[Introduction]:
    return _with_status(session, job_id, *OPEN)


def _with_status(session: Session, job_id: int, *statuses: IntroductionStatus) -> list[Introduction]:
    statement = select(Introduction).where(Introduction.job_id == job_id, col(Introduction.status).in_(statuses))
    return list(session.exec(statement))
