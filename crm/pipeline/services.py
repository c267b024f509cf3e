"""Writing down hidden jobs and moving them on."""

from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, delete, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import Change, record
from crm.companies.models import Company
from crm.core.clock import now, today
from crm.core.db import locked
from crm.core.errors import NotFound
from crm.core.i18n import _
from crm.core.text import squeeze
from crm.followups.inputs import FollowUpInput
from crm.followups.models import FollowUpKind, TemplateEvent
from crm.followups.rules import usual_moment
from crm.followups.services import Occasion, call_off, happened, plan, planned_call
from crm.pipeline.inputs import AskedCompetence, HiddenJobInput, Lost
from crm.pipeline.models import HiddenJob, HiddenJobCompetence, Stage, StageChange, Weight
from crm.pipeline.queries import is_weighed
from crm.pipeline.rules import check_move, check_pipeline, suggested_pipeline


def create_job(
    session: Session,
    actor: Actor,
    company_id: int,
    given: HiddenJobInput,
    *,
    call_id: int | None = None,
    stage: Stage = Stage.SIGNAL,
) -> HiddenJob:
    """A new job, owned by the one who heard of it."""
    actor.require(Permission.JOB_EDIT)
    if session.get(Company, company_id) is None:
        raise NotFound
    job = HiddenJob(
        company_id=company_id,
        call_id=call_id,
        owner_id=actor.id,
        stage=stage,
        pipeline=given.pipeline or suggested_pipeline(given.reason),
        **given.model_dump(exclude={"competences", "pipeline"}),
    )
    session.add(job)
    session.flush()
    competences = _set_competences(session, job, given.competences)
    session.add(StageChange(job_id=job.id, to_stage=job.stage, made_by_id=actor.id))
    record(session, actor, "job.created", job, competences=competences)
    return job


def edit_job(session: Session, actor: Actor, job_id: int, given: HiddenJobInput, *, version: int) -> HiddenJob:
    """Raises NoSuchStage."""
    actor.require(Permission.JOB_EDIT)
    job = locked(session, HiddenJob, job_id, version=version)
    if given.pipeline:
        check_pipeline(job, given.pipeline)
        job.pipeline = given.pipeline
    for name, value in given.model_dump(exclude={"competences", "pipeline"}).items():
        setattr(job, name, value)
    flag_modified(job, "version")  # competences are rows of their own, but a change of them is a change of the job
    competences = _set_competences(session, job, given.competences)
    record(session, actor, "job.edited", job, competences=competences)
    return job


def _set_competences(session: Session, job: HiddenJob, asked: list[AskedCompetence]) -> Change:
    mine = col(HiddenJobCompetence.job_id) == job.id
    before = session.exec(select(HiddenJobCompetence).where(mine).order_by(HiddenJobCompetence.code)).all()
    session.exec(delete(HiddenJobCompetence).where(mine))
    session.add_all(HiddenJobCompetence(job_id=job.id, **one.model_dump()) for one in asked)
    return Change([_noted(one) for one in before] or None, [_noted(one) for one in asked] or None)


def _noted(asked: AskedCompetence | HiddenJobCompetence) -> str:
    """As the audit log has it: a code, with its weight when it is not the usual one, and whether it may be learned."""
    weight = "" if asked.weight == Weight.IMPORTANT else f" ({asked.weight})"
    return f"{asked.code}{weight}{' +' if asked.learnable else ''}"


def move(
    session: Session,
    actor: Actor,
    job_id: int,
    target: Stage,
    *,
    version: int | None,
    note: str = "",
    lost: Lost | None = None,
) -> HiddenJob:
    """Move a job to another stage and remember who did it and when.

    Raises StageNotAllowed, ProfileIncomplete or LostReasonMissing. `version` is None for a move that follows
    from something else, such as a kopkoffie that was planned.
    """
    actor.require(Permission.JOB_MOVE)
    job = locked(session, HiddenJob, job_id, version=version)
    check_move(job, target, weighed=is_weighed(session, job_id), reason_given=lost is not None)
    session.add(
        StageChange(job_id=job.id, from_stage=job.stage, to_stage=target, made_by_id=actor.id, note=squeeze(note)[:500])
    )
    before, job.stage, job.stage_since = job.stage, target, now()
    job.lost_reason = lost.reason if lost and target is Stage.LOST else None
    record(session, actor, "job.moved", job)
    _plan_aftercare(session, actor, job, before)
    if job.lost_reason and lost and lost.ask_again_on:
        _plan_recall(session, actor, job, usual_moment(0, lost.ask_again_on))
    return job


def _plan_recall(session: Session, actor: Actor, job: HiddenJob, due_at: datetime) -> None:
    """For the team, unless a call to the company is planned already: that is its next step, and comes first."""
    locked(session, Company, job.company_id)
    if planned_call(session, job.company_id) is None:
        kind, note = FollowUpKind.RECALL, job.title
        wish = FollowUpInput(kind=kind, due_at=due_at, note=note, company_id=job.company_id, hidden_job_id=job.id)
        plan(session, actor, wish)


def _plan_aftercare(session: Session, actor: Actor, job: HiddenJob, before: Stage) -> None:
    placed = Occasion(TemplateEvent.PLACED, today(), job.owner_id or actor.id, job.company_id, job.id, note=job.title)
    if job.stage is Stage.PLACED:
        happened(session, actor, placed)
    elif before is Stage.PLACED and job.stage is not Stage.AFTERCARE:
        call_off(session, actor, placed, _("The placement was taken back."))
