"""Who could do a job, and who was introduced for it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Float, Integer, String, case, cast, func, literal
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.candidates.models import Candidate, CandidateCompetence, CandidateStatus
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.matching.models import Introduction, IntroductionStatus
from crm.matching.rules import CandidateFacts, JobFacts, Score, score, stems, work_text
from crm.pipeline.models import HiddenJob, HiddenJobCompetence, Stage

PRESELECTED = 200
MOST_WORDS = 8  # of what is written about a job, that the database looks for
BEFORE_KOPKOFFIE = (Stage.SIGNAL, Stage.EXPLORED, Stage.PROFILED, Stage.INTRODUCED, Stage.KOPKOFFIE_PLANNED)
OPEN = (IntroductionStatus.PROPOSED, IntroductionStatus.MEETING)


@dataclass(frozen=True, slots=True)
class Suggestion:
    candidate: Candidate
    score: Score


@dataclass(frozen=True, slots=True)
class Fitting:
    """Somebody with what counts about them, and how that fits."""

    candidate: Candidate
    facts: CandidateFacts
    score: Score


@dataclass(frozen=True, slots=True)
class IntroductionLine:
    """An introduction with both of its sides."""

    introduction: Introduction
    candidate: Candidate
    job: HiddenJob
    company: Company
    made_by: str


def suggestions(session: Session, actor: Actor, job_id: int, limit: int = 5) -> list[Suggestion]:
    """The best fitting job seekers who look for work, agreed to it and were not introduced here yet.

    Three queries whatever their number: the database picks the most likely ones, which are then scored.
    """
    actor.require(Permission.CANDIDATE_VIEW)
    scored = [Suggestion(one.candidate, one.score) for one in fitting(session, job_facts(session, job_id), job_id)]
    return sorted(scored, key=lambda one: (-one.score.total, one.candidate.name, one.candidate.id))[:limit]


def fitting(session: Session, job: JobFacts, job_id: int | None = None) -> list[Fitting]:
    """The most likely of those who may be introduced, PRESELECTED at most, with their score; in no order.

    Who was introduced for the job already is left out. For queries that have checked a permission.
    """
    likely = _likely(session, job_id, job)
    having = _competences_of(session, [candidate.id for candidate in likely])
    facts = [(candidate, candidate_facts(candidate, having[candidate.id])) for candidate in likely]
    return [Fitting(candidate, known, score(job, known)) for candidate, known in facts]


def score_of(session: Session, job_id: int, candidate: Candidate) -> Score:
    having = _competences_of(session, [candidate.id])
    return score(job_facts(session, job_id), candidate_facts(candidate, having[candidate.id]))


def job_facts(session: Session, job_id: int) -> JobFacts:
    """Raises NotFound."""
    found = session.exec(
        select(HiddenJob, Company).join(Company, col(HiddenJob.company_id) == Company.id).where(HiddenJob.id == job_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    codes = session.exec(select(HiddenJobCompetence.code).where(HiddenJobCompetence.job_id == job_id))
    return facts_of(*found, codes)


def facts_of(job: HiddenJob, company: Company, codes: Iterable[str]) -> JobFacts:
    return JobFacts(
        competences=frozenset(codes),
        hours=job.hours_per_week,
        days=frozenset(job.days),
        position=position_of(company),
        text=work_text(job.title, job.tasks, job.must_have, job.learnable),
    )


def candidate_facts(candidate: Candidate, codes: Iterable[str]) -> CandidateFacts:
    return CandidateFacts(
        competences=frozenset(codes),
        hours_min=candidate.hours_min,
        hours_max=candidate.hours_max,
        days=frozenset(candidate.days),
        position=position_of(candidate),
        travel_km=candidate.travel_km,
        text=" ".join((*candidate.trades, candidate.strengths)),
    )


def position_of(somewhere: Company | Candidate) -> tuple[float, float] | None:
    if somewhere.latitude is None or somewhere.longitude is None:
        return None
    return somewhere.latitude, somewhere.longitude


def _likely(session: Session, job_id: int | None, job: JobFacts) -> list[Candidate]:
    """Sorted by number alone: sorting whole people costs more than fetching the few afterwards."""
    shared = (
        select(col(CandidateCompetence.candidate_id), func.count().label("n"))
        .where(col(CandidateCompetence.code).in_(job.competences))
        .group_by(col(CandidateCompetence.candidate_id))
        .subquery()
    )
    introduced = select(Introduction.candidate_id).where(Introduction.job_id == job_id)
    people = (
        select_columns(
            col(Candidate.id),
            func.coalesce(shared.c.n, 0).label("shared"),
            nearness(Candidate, job.position).label("nearness"),
            _written().label("written"),
        )
        .join(shared, shared.c.candidate_id == Candidate.id, isouter=True)
        .where(*may_be_introduced(), col(Candidate.id).not_in(introduced))
        .cte("people")
        .prefix_with("MATERIALIZED")  # else SQLite makes the text anew for each word that is looked for
    )
    likely = (
        select_columns(people.c.id)
        .order_by((people.c.shared + _words_shared(people.c.written, job)).desc(), people.c.nearness, people.c.id)
        .limit(PRESELECTED)
    )
    return list(session.exec(select(Candidate).where(col(Candidate.id).in_(likely))))


def _written() -> ColumnElement[str]:
    return func.lower(cast(col(Candidate.trades), String) + " " + col(Candidate.strengths))


def _words_shared(written: ColumnElement[str], job: JobFacts) -> ColumnElement[int]:
    """How many words about the job stand somewhere in what is written about somebody."""
    found: ColumnElement[int] = literal(0, Integer)
    for stem in stems(job.text)[:MOST_WORDS]:  # letters alone: nothing to escape
        found += case((written.like(f"%{stem}%"), 1), else_=0)
    return found


def may_be_introduced() -> list[ColumnElement[bool]]:
    """Looking for work, and with consent that has not ended."""
    moment = now()
    return [
        col(Candidate.status) == CandidateStatus.ACTIVE,
        col(Candidate.consent_at) <= moment,
        col(Candidate.consent_until).is_(None) | (col(Candidate.consent_until) > moment),
    ]


def nearness(to: type[Candidate] | type[Company], position: tuple[float, float] | None) -> ColumnElement[float]:
    """Good enough to sort by: the square of the distance in degrees, with those we cannot place in the middle."""
    if position is None:
        return literal(0.0, Float)
    latitude = col(to.latitude) - position[0]
    longitude = (col(to.longitude) - position[1]) * 0.62  # a degree of longitude at 52 degrees north
    return case((col(to.latitude).is_(None), 0.02), else_=latitude * latitude + longitude * longitude)


def _competences_of(session: Session, candidate_ids: list[int]) -> dict[int, list[str]]:
    having = col(CandidateCompetence.candidate_id), col(CandidateCompetence.code)
    found: dict[int, list[str]] = defaultdict(list)
    for candidate_id, code in session.execute(select_columns(*having).where(having[0].in_(candidate_ids))):
        found[candidate_id].append(code)
    return found


def introductions_for_job(session: Session, actor: Actor, job_id: int) -> list[IntroductionLine]:
    return _lines(session, actor, col(Introduction.job_id) == job_id)


def introductions_of(session: Session, actor: Actor, candidate_id: int) -> list[IntroductionLine]:
    return _lines(session, actor, col(Introduction.candidate_id) == candidate_id)


def introduction(session: Session, actor: Actor, introduction_id: int) -> IntroductionLine:
    """Raises NotFound."""
    found = _lines(session, actor, col(Introduction.id) == introduction_id)
    if not found:
        raise NotFound
    return found[0]


def waiting_for_kopkoffie(session: Session, actor: Actor) -> list[IntroductionLine]:
    """Introductions for open jobs that had no kopkoffie yet, the longest waiting first."""
    waiting = col(Introduction.status) == IntroductionStatus.PROPOSED
    return _lines(session, actor, waiting & col(HiddenJob.stage).in_(BEFORE_KOPKOFFIE))


def _lines(session: Session, actor: Actor, which: ColumnElement[bool]) -> list[IntroductionLine]:
    actor.require(Permission.CANDIDATE_VIEW)
    statement = (
        select(Introduction, Candidate, HiddenJob, Company)
        .add_columns(col(User.name))
        .join(Candidate, col(Introduction.candidate_id) == Candidate.id)
        .join(HiddenJob, col(Introduction.job_id) == HiddenJob.id)
        .join(Company, col(HiddenJob.company_id) == Company.id)
        .join(User, col(Introduction.made_by_id) == User.id)
        .where(which)
        .order_by(col(Introduction.id))
        .limit(50)
    )
    return [IntroductionLine(*row) for row in session.execute(statement).all()]
