"""Who could do a job, and who was introduced for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from sqlalchemy import ColumnElement, Float, Select, SQLColumnExpression, case, func, literal
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.candidates.models import Candidate, CandidateCompetence, CandidateStatus
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.matching.facts import Asked, CandidateFacts, JobFacts, Position, fingerprint
from crm.matching.models import Introduction, IntroductionStatus, Suggestion, SuggestionOutcome
from crm.matching.rules import Score, score
from crm.matching.weights import weights
from crm.pipeline.models import HiddenJob, HiddenJobCompetence, Stage
from crm.reference.work_words import stems, work_text

PRESELECTED = 200
MOST_WORDS = 8  # of what is written about a job, that the database looks for
KM_IN_A_DEGREE = 111.2
UNKNOWN_NEARNESS = 0.02  # of a place that is not known
BEFORE_KOPKOFFIE = (Stage.SIGNAL, Stage.EXPLORED, Stage.PROFILED, Stage.INTRODUCED, Stage.KOPKOFFIE_PLANNED)
OPEN = (IntroductionStatus.PROPOSED, IntroductionStatus.MEETING)


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


def suggestions(session: Session, actor: Actor, job_id: int, limit: int = 5) -> list[Fitting]:
    """The best fitting job seekers who look for work, agreed to it and were not introduced or refused here yet.

    Five queries whatever their number: the database picks the most likely ones, which are then scored.
    """
    actor.require(Permission.CANDIDATE_VIEW)
    job = job_facts(session, job_id)
    return best(fitting(session, job, job_id), job, limit)


def best(found: Iterable[Fitting], job: JobFacts, limit: int) -> list[Fitting]:
    """The highest scores first. Among equals each job has another order: nobody is first for a name or a date."""

    def order(one: Fitting) -> tuple[int, int, int]:
        return -one.score.total, crc32(f"{one.candidate.id} {job.text}".encode()), one.candidate.id

    return sorted(found, key=order)[:limit]


def fitting(session: Session, job: JobFacts, job_id: int | None = None) -> list[Fitting]:
    """The most likely of those who may be introduced, PRESELECTED at most, with their score; in no order.

    Who was introduced for the job already, or does not fit it as somebody found, is left out. For queries that have
    checked a permission.
    """
    likely = _likely(session, job_id, job)
    having = levels_of(session, [candidate.id for candidate in likely])
    facts = [(candidate, candidate_facts(candidate, having[candidate.id])) for candidate in likely]
    refused = refusals(session, job_id=job_id) if job_id else {}
    return [
        Fitting(candidate, known, score(job, known))
        for candidate, known in facts
        if candidate.id not in refused or fingerprint(job, known) not in refused[candidate.id]
    ]


def refusals(
    session: Session, *, job_id: int | None = None, candidate_id: int | None = None
) -> Mapping[int, Sequence[str]]:
    """The fingerprints with which was refused: by job seeker for one job, or by job for one job seeker."""
    of_job = job_id is not None
    key = col(Suggestion.candidate_id) if of_job else col(Suggestion.job_id)
    which = col(Suggestion.job_id) == job_id if of_job else col(Suggestion.candidate_id) == candidate_id
    holds = (col(Suggestion.outcome) == SuggestionOutcome.REFUSED, col(Suggestion.basis) != "")
    found = defaultdict[int, list[str]](list)
    for number, basis in session.execute(select_columns(key, col(Suggestion.basis)).where(which, *holds)):
        found[number].append(basis)
    return found


def score_of(session: Session, job_id: int, candidate: Candidate) -> Score:
    return score(*both_facts(session, job_id, candidate))


def both_facts(session: Session, job_id: int, candidate: Candidate) -> tuple[JobFacts, CandidateFacts]:
    """Raises NotFound."""
    having = levels_of(session, [candidate.id])
    return job_facts(session, job_id), candidate_facts(candidate, having[candidate.id])


def job_facts(session: Session, job_id: int) -> JobFacts:
    """Raises NotFound."""
    found = session.exec(
        select(HiddenJob, Company).join(Company, col(HiddenJob.company_id) == Company.id).where(HiddenJob.id == job_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return facts_of(*found, asked_by(session, [job_id])[job_id])


def facts_of(job: HiddenJob, company: Company, asked: Mapping[str, Asked]) -> JobFacts:
    return JobFacts(
        competences=asked,
        hours=job.hours_per_week,
        days=frozenset(job.days),
        from_time=job.from_time,
        until_time=job.until_time,
        position=position_of(company),
        text=work_text(job.title, job.tasks, job.must_have, job.learnable),
    )


def candidate_facts(candidate: Candidate, levels: Mapping[str, int]) -> CandidateFacts:
    return CandidateFacts(
        competences=levels,
        hours_min=candidate.hours_min,
        hours_max=candidate.hours_max,
        days=frozenset(candidate.days),
        from_time=candidate.from_time,
        until_time=candidate.until_time,
        position=position_of(candidate),
        travel_km=candidate.travel_km,
        work_words=candidate.work_words,
    )


def position_of(somewhere: Company | Candidate) -> Position | None:
    if somewhere.latitude is None or somewhere.longitude is None:
        return None
    return somewhere.latitude, somewhere.longitude


def _likely(session: Session, job_id: int | None, job: JobFacts) -> list[Candidate]:
    """Sorted by number alone: sorting whole people costs more than fetching the few afterwards.

    Who lives within twice the distance they travel comes before all others: beyond that it counts for nothing.
    """
    skilled = _skilled(job).subquery()
    introduced = select(Introduction.candidate_id).where(Introduction.job_id == job_id)
    near = nearness(Candidate, job.position)
    points = func.coalesce(skilled.c.points, 0.0) + _points_for_words(job)
    likely = (
        select_columns(col(Candidate.id))
        .join(skilled, skilled.c.candidate_id == Candidate.id, isouter=True)
        .where(*may_be_introduced(), col(Candidate.id).not_in(introduced))
        .order_by(out_of_reach(near, col(Candidate.travel_km)), points.desc(), near, col(Candidate.id))
        .limit(PRESELECTED)
    )
    return list(session.exec(select(Candidate).where(col(Candidate.id).in_(likely))))


def _skilled(job: JobFacts) -> Select[tuple[int, float]]:
    """About the points that a score gives for competences."""
    rule = weights()
    counting = {code: _counts(asked) for code, asked in job.competences.items()}
    of_code = case(counting, value=col(CandidateCompetence.code), else_=0.0) if counting else literal(0.0)
    of_level = case({level: rule.of_level(level) for level in (1, 2, 3)}, value=col(CandidateCompetence.level))
    each = rule.part_competences / (sum(counting.values()) or 1.0)
    return (
        select_columns(col(CandidateCompetence.candidate_id), (each * func.sum(of_code * of_level)).label("points"))
        .where(col(CandidateCompetence.code).in_(job.competences))
        .group_by(col(CandidateCompetence.candidate_id))
    )


def _counts(asked: Asked) -> float:
    """What it matters to have a competence: little when it may be learned."""
    rule = weights()
    return rule.of_weight(asked.weight) * (1 - rule.learnable_gap / 100 if asked.learnable else 1)


def _points_for_words(job: JobFacts) -> ColumnElement[float]:
    """About the points for what people did before, of which only the words that may count are looked at."""
    each = weights().part_work * weights().next_word / 100
    found: ColumnElement[float] = literal(0.0, Float)
    for stem in stems(job.text)[:MOST_WORDS]:  # letters alone: nothing to escape
        found += case((col(Candidate.work_words).like(f"% {stem} %"), each), else_=0.0)
    return found


def may_be_introduced() -> list[ColumnElement[bool]]:
    """Looking for work, and with consent that has not ended."""
    moment = now()
    return [
        col(Candidate.status) == CandidateStatus.ACTIVE,
        col(Candidate.consent_at) <= moment,
        col(Candidate.consent_until).is_(None) | (col(Candidate.consent_until) > moment),
    ]


def nearness(to: type[Candidate] | type[Company], position: Position | None) -> ColumnElement[float]:
    """Good enough to sort by: the square of the distance in degrees, with those we cannot place in the middle."""
    if position is None:
        return literal(0.0, Float)
    latitude = col(to.latitude) - position[0]
    longitude = (col(to.longitude) - position[1]) * 0.62  # a degree of longitude at 52 degrees north
    return case((col(to.latitude).is_(None), UNKNOWN_NEARNESS), else_=latitude * latitude + longitude * longitude)


def out_of_reach(near: ColumnElement[float], travel_km: SQLColumnExpression[int] | int) -> ColumnElement[int]:
    """1 for a nearness beyond twice the kilometres that somebody travels, else 0; 0 where a place is not known."""
    degrees = 2.0 * travel_km / KM_IN_A_DEGREE
    return case((near == UNKNOWN_NEARNESS, 0), (near > degrees * degrees, 1), else_=0)


def levels_of(session: Session, candidate_ids: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    """The level in each competence, by code, of each of these people."""
    having = col(CandidateCompetence.candidate_id), col(CandidateCompetence.code), col(CandidateCompetence.level)
    found = defaultdict[int, dict[str, int]](dict)
    for candidate_id, code, level in session.execute(select_columns(*having).where(having[0].in_(candidate_ids))):
        found[candidate_id][code] = level
    return found


def asked_by(session: Session, job_ids: Sequence[int]) -> Mapping[int, Mapping[str, Asked]]:
    """What each of these jobs asks, by code."""
    of, code = col(HiddenJobCompetence.job_id), col(HiddenJobCompetence.code)
    asking = select_columns(of, code, col(HiddenJobCompetence.weight), col(HiddenJobCompetence.learnable))
    found = defaultdict[int, dict[str, Asked]](dict)
    for job_id, known, weight, learnable in session.execute(asking.where(of.in_(job_ids))):
        found[job_id][known] = Asked(weight, learnable)
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
