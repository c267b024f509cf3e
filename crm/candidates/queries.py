"""Reading job seekers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, func, or_
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission, roles_that_may
from crm.candidates.inputs import CandidateFilters
from crm.candidates.models import Candidate, CandidateCompetence, IntakeProgress, IntakeStep, Level
from crm.core.errors import NotFound

PAGE_SIZE = 20
NO_FILTERS = CandidateFilters()


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """`steps` are those of the intake that were saved, by job seeker; not in it: none."""

    candidates: Sequence[Candidate]
    total: int
    steps: dict[int, int]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class CandidateCard:
    candidate: Candidate
    levels: dict[str, Level]
    coach: str

    @property
    def competences(self) -> list[str]:
        return list(self.levels)


def candidates(session: Session, actor: Actor, filters: CandidateFilters = NO_FILTERS, page: int = 1) -> CandidatePage:
    """One page of job seekers, by name; the last one for a page that is not there."""
    actor.require(Permission.CANDIDATE_VIEW)
    chosen = _chosen(filters)
    total = session.exec(select(func.count()).select_from(Candidate).where(*chosen)).one()
    last = max(1, -(-total // PAGE_SIZE))
    statement = (
        select(Candidate)
        .where(*chosen)
        .order_by(Candidate.name, col(Candidate.id))
        .limit(PAGE_SIZE)
        .offset((min(max(page, 1), last) - 1) * PAGE_SIZE)
    )
    found = session.exec(statement).all()
    return CandidatePage(found, total, _steps(session, [person.id for person in found]))


def _steps(session: Session, candidate_ids: list[int]) -> dict[int, int]:
    statement = (
        select(IntakeProgress.candidate_id, func.count())
        .where(col(IntakeProgress.candidate_id).in_(candidate_ids))
        .group_by(col(IntakeProgress.candidate_id))
    )
    return dict(session.exec(statement).all())


def _chosen(filters: CandidateFilters) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = [col(Candidate.erased_at).is_(None)]
    if filters.text:
        fields = (col(Candidate.name), cast(col(Candidate.trades), String), col(Candidate.strengths))
        clauses.append(or_(*(field.icontains(filters.text, autoescape=True) for field in fields)))
    if filters.town:
        clauses.append(col(Candidate.town) == filters.town)
    if filters.competence:
        having = select(CandidateCompetence.candidate_id).where(CandidateCompetence.code == filters.competence)
        clauses.append(col(Candidate.id).in_(having))
    if filters.unfinished:
        saved = select(IntakeProgress.candidate_id).group_by(col(IntakeProgress.candidate_id))
        clauses.append(col(Candidate.id).not_in(saved.having(func.count() == len(IntakeStep))))
    if filters.status:
        clauses.append(col(Candidate.status) == filters.status)
    return clauses


def candidate(session: Session, actor: Actor, candidate_id: int) -> CandidateCard:
    """Raises NotFound."""
    actor.require(Permission.CANDIDATE_VIEW)
    found = session.exec(
        select(Candidate, User.name)
        .join(User, col(Candidate.coach_id) == User.id, isouter=True)
        .where(Candidate.id == candidate_id, col(Candidate.erased_at).is_(None))
    ).one_or_none()
    if found is None:
        raise NotFound
    person, coach = found
    having = select(CandidateCompetence).where(CandidateCompetence.candidate_id == candidate_id)
    levels = {row.code: Level(row.level) for row in session.exec(having.order_by(CandidateCompetence.code))}
    return CandidateCard(person, levels, coach or "")


def towns(session: Session, actor: Actor) -> Sequence[str]:
    """Where job seekers live."""
    actor.require(Permission.CANDIDATE_VIEW)
    statement = select(Candidate.town).where(Candidate.town != "").distinct().order_by(Candidate.town)
    return session.exec(statement).all()


def coaches(session: Session, actor: Actor) -> dict[int, str]:
    """Who can be the coach of a job seeker, by name."""
    actor.require(Permission.CANDIDATE_VIEW)
    roles = roles_that_may(Permission.INTRODUCE)
    statement = select(User.id, User.name).where(col(User.active), col(User.role).in_(roles)).order_by(User.name)
    return dict(session.exec(statement).all())
