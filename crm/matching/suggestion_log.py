"""What was suggested before, to whom, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.calling.models import Call
from crm.candidates.models import Candidate
from crm.companies.models import Company
from crm.matching.models import Suggestion
from crm.pipeline.models import HiddenJob

MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """A suggestion with both of its sides, and who saw it. Without a job nothing was written down after that call."""

    suggestion: Suggestion
    candidate: Candidate
    company: Company
    job: HiddenJob | None
    shown_to: str


def suggested_for_job(session: Session, actor: Actor, job_id: int) -> Sequence[SuggestionLine]:
    """The last MOST_LINES, the newest first."""
    return _lines(session, actor, col(Suggestion.job_id) == job_id)


def suggested_to(session: Session, actor: Actor, candidate_id: int) -> Sequence[SuggestionLine]:
    """Jobs suggested for this job seeker, and work that calls were about: the last MOST_LINES, the newest first."""
    return _lines(session, actor, col(Suggestion.candidate_id) == candidate_id)


def suggested_at(company_id: int) -> ColumnElement[bool]:
    """Of a suggestion: for work of this company, or in a call with it."""
    jobs = select(HiddenJob.id).where(HiddenJob.company_id == company_id)
    calls = select(Call.id).where(Call.company_id == company_id)
    return col(Suggestion.job_id).in_(jobs) | col(Suggestion.call_id).in_(calls)


def _lines(session: Session, actor: Actor, which: ColumnElement[bool]) -> list[SuggestionLine]:
    actor.require(Permission.CANDIDATE_VIEW)
    statement = (
        select(Suggestion, Candidate, Company, HiddenJob)
        .add_columns(col(User.name))
        .join(Candidate, col(Suggestion.candidate_id) == Candidate.id)
        .join(HiddenJob, col(Suggestion.job_id) == HiddenJob.id, isouter=True)
        .join(Call, col(Suggestion.call_id) == Call.id, isouter=True)
        .join(Company, func.coalesce(col(HiddenJob.company_id), col(Call.company_id)) == Company.id)
        .join(User, col(Suggestion.shown_to_id) == User.id)
        .where(which)
        .order_by(col(Suggestion.last_shown_at).desc(), col(Suggestion.id).desc())
        .limit(MOST_LINES)
    )
    return [SuggestionLine(*row) for row in session.execute(statement).all()]
