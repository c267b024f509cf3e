"""Which work fits somebody: the best jobs, and weeks of small ones together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.models import Candidate
from crm.candidates.queries import candidate
from crm.companies.models import Company
from crm.matching.models import Introduction
from crm.matching.queries import BEFORE_KOPKOFFIE, PRESELECTED, candidate_facts, facts_of, nearness, position_of
from crm.matching.rules import Score, score
from crm.matching.stacking import Obstacles, SmallJob, Week, Wish, usable, weeks
from crm.pipeline.models import HiddenJob, HiddenJobCompetence


@dataclass(frozen=True, slots=True)
class FittingJob:
    job: HiddenJob
    company: Company
    score: Score


@dataclass(frozen=True, slots=True)
class WeeksOfWork:
    """The best weeks of small jobs, `jobs` by number; what stood in the way of the others, `unknown` hours included."""

    candidate: Candidate
    weeks: list[Week]
    jobs: dict[int, FittingJob]
    obstacles: Obstacles
    unknown: int


def jobs_for(session: Session, actor: Actor, candidate_id: int, limit: int = 5) -> list[FittingJob]:
    """The best fitting open jobs for which this job seeker was not introduced yet. Raises NotFound."""
    found = _likely(session, actor, candidate_id)[1]
    return sorted(found, key=lambda one: (-one.score.total, one.job.title, one.job.id))[:limit]


def weeks_for(session: Session, actor: Actor, candidate_id: int) -> WeeksOfWork:
    """Raises NotFound."""
    person, found = _likely(session, actor, candidate_id)
    known = {one.job.id: one for one in found if one.job.hours_per_week}
    wish = Wish(person.hours_min, person.hours_max, frozenset(person.days), person.travel_km, position_of(person))
    small, obstacles = usable(map(_small_job, known.values()), wish)
    return WeeksOfWork(person, weeks(small, wish), known, obstacles, len(found) - len(known))


def _small_job(one: FittingJob) -> SmallJob:
    job = one.job
    hours = job.hours_per_week or 0.0
    return SmallJob(job.id, job.company_id, hours, frozenset(job.days), position_of(one.company), one.score.total)


def _likely(session: Session, actor: Actor, candidate_id: int) -> tuple[Candidate, list[FittingJob]]:
    """The nearest open jobs, PRESELECTED at most, in three statements whatever their number."""
    actor.require(Permission.CANDIDATE_VIEW)
    card = candidate(session, actor, candidate_id)
    person = card.candidate
    introduced = select(Introduction.job_id).where(Introduction.candidate_id == person.id)
    nearest = (
        select(HiddenJob, Company)
        .join(Company, col(HiddenJob.company_id) == Company.id)
        .where(col(HiddenJob.stage).in_(BEFORE_KOPKOFFIE), col(HiddenJob.id).not_in(introduced))
        .order_by(nearness(Company, position_of(person)), col(HiddenJob.id))
        .limit(PRESELECTED)
    )
    rows = session.exec(nearest).all()
    codes = _codes(session, [job.id for job, _company in rows])
    facts = candidate_facts(person, card.competences)
    return person, [
        FittingJob(job, company, score(facts_of(job, company, codes[job.id]), facts)) for job, company in rows
    ]


def _codes(session: Session, job_ids: Iterable[int]) -> dict[int, list[str]]:
    asked = select(HiddenJobCompetence.job_id, HiddenJobCompetence.code)
    codes = defaultdict[int, list[str]](list)
    for job_id, code in session.exec(asked.where(col(HiddenJobCompetence.job_id).in_(job_ids))):
        codes[job_id].append(code)
    return codes
