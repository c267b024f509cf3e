"""Reading work analyses: of a company, one with its tasks, and the one a hidden job was split off from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.companies.models import Company
from crm.core.errors import NotFound
from crm.pipeline.analyses.models import WorkAnalysis, WorkTask
from crm.pipeline.models import HiddenJob

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class AnalysisLine:
    analysis: WorkAnalysis
    company: str
    made_by: str
    tasks: int


@dataclass(frozen=True, slots=True)
class AnalysisCard:
    """An analysis with its tasks in the order in which they were told, and the titles of jobs made of them."""

    analysis: WorkAnalysis
    company: Company
    made_by: str
    tasks: list[WorkTask]
    jobs: dict[int, str]


def latest_analyses(session: Session, actor: Actor) -> list[AnalysisLine]:
    """The last MOST_LISTED of all companies, the newest first."""
    actor.require(Permission.COMPANY_VIEW)
    return _lines(session)


def analyses_of_company(session: Session, actor: Actor, company_id: int) -> list[AnalysisLine]:
    actor.require(Permission.COMPANY_VIEW)
    return _lines(session, col(WorkAnalysis.company_id) == company_id)


def _lines(session: Session, *which: ColumnElement[bool]) -> list[AnalysisLine]:
    tasks = select(func.count()).where(WorkTask.analysis_id == WorkAnalysis.id).scalar_subquery()
    statement = (
        select(WorkAnalysis, Company.name, User.name, tasks)
        .join(Company, col(Company.id) == WorkAnalysis.company_id)
        .join(User, col(User.id) == WorkAnalysis.made_by_id)
        .where(*which)
        .order_by(col(WorkAnalysis.held_on).desc(), col(WorkAnalysis.id).desc())
        .limit(MOST_LISTED)
    )
    return [AnalysisLine(*row) for row in session.exec(statement)]


def analysis_card(session: Session, actor: Actor, analysis_id: int) -> AnalysisCard:
    """Raises NotFound."""
    actor.require(Permission.COMPANY_VIEW)
    found = session.exec(
        select(WorkAnalysis, Company, User.name)
        .join(Company, col(Company.id) == WorkAnalysis.company_id)
        .join(User, col(User.id) == WorkAnalysis.made_by_id)
        .where(WorkAnalysis.id == analysis_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    tasks = session.exec(select(WorkTask).where(WorkTask.analysis_id == analysis_id).order_by(col(WorkTask.id))).all()
    return AnalysisCard(*found, list(tasks), _titles(session, tasks))


def _titles(session: Session, tasks: Sequence[WorkTask]) -> dict[int, str]:
    ids = {task.job_id for task in tasks if task.job_id}
    if not ids:
        return {}
    return dict(session.exec(select(HiddenJob.id, HiddenJob.title).where(col(HiddenJob.id).in_(ids))).all())


def source_of_job(session: Session, actor: Actor, job_id: int) -> WorkAnalysis | None:
    """The analysis whose tasks became this job."""
    actor.require(Permission.COMPANY_VIEW)
    of_analysis = col(WorkTask.analysis_id) == WorkAnalysis.id
    return session.exec(select(WorkAnalysis).join(WorkTask, of_analysis).where(WorkTask.job_id == job_id)).first()
