"""Writing down a work analysis, row by row, and making a hidden job of what can be split off."""

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.models import Company
from crm.core.db import locked
from crm.core.errors import ChangedMeanwhile, CrmError, NotFound
from crm.core.i18n import _
from crm.pipeline.analyses.inputs import AnalysisInput, AnalysisTexts, TaskInput, TextName
from crm.pipeline.analyses.models import WorkAnalysis, WorkTask
from crm.pipeline.analyses.rules import job_of, to_split_off
from crm.pipeline.models import HiddenJob, Stage
from crm.pipeline.services import create_job

MOST_TASKS = 200


class TooManyTasks(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This analysis is full. Begin another one for the rest."))


class InHiddenJob(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This task is part of a hidden job already. Change it there."))


def begin_analysis(session: Session, actor: Actor, company_id: int, given: AnalysisInput) -> WorkAnalysis:
    actor.require(Permission.JOB_EDIT)
    company = session.get(Company, company_id)
    if company is None or company.erased_at:
        raise NotFound
    analysis = WorkAnalysis(company_id=company_id, made_by_id=actor.user_id, **given.model_dump())
    session.add(analysis)
    session.flush()
    record(session, actor, "analysis.created", analysis)
    return analysis


def edit_analysis(
    session: Session, actor: Actor, analysis_id: int, given: AnalysisInput, *, version: int
) -> WorkAnalysis:
    """When it was, how, and with whom."""
    actor.require(Permission.JOB_EDIT)
    analysis = locked(session, WorkAnalysis, analysis_id, version=version)
    for name, value in given.model_dump().items():
        setattr(analysis, name, value)
    record(session, actor, "analysis.edited", analysis)
    return analysis


def write_text(
    session: Session, actor: Actor, analysis_id: int, name: TextName, text: str, *, before: str
) -> WorkAnalysis:
    """Keep one text. Raises ChangedMeanwhile when it is not made from what a colleague wrote since."""
    actor.require(Permission.JOB_EDIT)
    analysis = locked(session, WorkAnalysis, analysis_id)
    if getattr(analysis, name) != before:
        raise ChangedMeanwhile
    setattr(analysis, name, getattr(AnalysisTexts.model_validate({name: text}), name))
    record(session, actor, "analysis.edited", analysis)
    return analysis


def add_task(session: Session, actor: Actor, analysis_id: int, given: TaskInput) -> WorkTask:
    """Raises TooManyTasks."""
    actor.require(Permission.JOB_EDIT)
    locked(session, WorkAnalysis, analysis_id)
    if len(_tasks(session, analysis_id)) >= MOST_TASKS:
        raise TooManyTasks
    task = WorkTask(analysis_id=analysis_id, **given.model_dump())
    session.add(task)
    session.flush()
    record(session, actor, "work_task.added", task)
    return task


def edit_task(session: Session, actor: Actor, task_id: int, given: TaskInput, *, version: int) -> WorkTask:
    """Raises InHiddenJob."""
    task = _own_task(session, actor, task_id, version)
    for name, value in given.model_dump().items():
        setattr(task, name, value)
    record(session, actor, "work_task.edited", task)
    return task


def remove_task(session: Session, actor: Actor, task_id: int, *, version: int) -> WorkTask:
    """Raises InHiddenJob."""
    task = _own_task(session, actor, task_id, version)
    record(session, actor, "work_task.removed", task, what=task.what)
    session.delete(task)
    return task


def _own_task(session: Session, actor: Actor, task_id: int, version: int) -> WorkTask:
    actor.require(Permission.JOB_EDIT)
    task = locked(session, WorkTask, task_id, version=version)
    if task.job_id is not None:
        raise InHiddenJob
    return task


def split_off(session: Session, actor: Actor, analysis_id: int, title: str) -> HiddenJob:
    """A hidden job of all tasks that could be done by somebody else, each in one job only.

    Raises NothingToSplitOff or TooManyHours.
    """
    actor.require(Permission.JOB_EDIT)
    analysis = locked(session, WorkAnalysis, analysis_id)
    chosen = to_split_off(_tasks(session, analysis_id))
    job = create_job(session, actor, analysis.company_id, job_of(analysis, chosen, title), stage=Stage.EXPLORED)
    for task in chosen:
        task.job_id = job.id
    record(session, actor, "analysis.split_off", analysis, tasks=len(chosen), job=job.id)
    return job


def _tasks(session: Session, analysis_id: int) -> list[WorkTask]:
    statement = select(WorkTask).where(WorkTask.analysis_id == analysis_id).order_by(col(WorkTask.id))
    return list(session.exec(statement))
