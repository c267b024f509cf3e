"""Which work fits somebody: the best jobs, also in other trades, and weeks of small ones together."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.models import Candidate
from crm.companies.models import Company
from crm.core.errors import NotFound
from crm.matching.facts import WHOLE_DAY, JobFacts, fingerprint, minutes_of
from crm.matching.models import Introduction
from crm.matching.queries import (
    BEFORE_KOPKOFFIE,
    PRESELECTED,
    asked_by,
    candidate_facts,
    facts_of,
    levels_of,
    nearness,
    out_of_reach,
    position_of,
    refusals,
)
from crm.matching.rules import Score, score
from crm.matching.stacking import Clashes, Obstacles, Week, clashes, usable, weeks
from crm.matching.week_rules import SmallJob, Wish
from crm.matching.weights import weights as rules
from crm.pipeline.models import HiddenJob, HiddenJobCompetence
from crm.pipeline.rules import WEEKLY
from crm.reference.work_fields import fields_of, other_trade

MOST_OTHER = 3  # jobs in other trades that are shown besides the best


@dataclass(frozen=True, slots=True)
class FittingJob:
    """`other_trade` is the trade of the employer where somebody has not worked before, else empty."""

    job: HiddenJob
    company: Company
    facts: JobFacts
    score: Score
    other_trade: str = ""


@dataclass(frozen=True, slots=True)
class WeeksOfWork:
    """The best weeks of small jobs, `jobs` by number; what stood in the way of the others, `unknown` hours included.

    `clashes` are only counted when there is no week at all.
    """

    candidate: Candidate
    weeks: list[Week]
    jobs: dict[int, FittingJob]
    obstacles: Obstacles
    clashes: Clashes
    unknown: int


def jobs_for(session: Session, actor: Actor, candidate_id: int, limit: int = 5) -> list[FittingJob]:
    """The best fitting open jobs for which this job seeker was not introduced yet, and some more in other trades.

    Raises NotFound.
    """
    likely = _likely(session, actor, candidate_id)[1]
    found = sorted(likely, key=lambda one: (-one.score.total, one.job.title, one.job.id))
    others = [one for one in found[limit:] if one.other_trade and one.score.total >= rules().good_fit]
    return found[:limit] + others[:MOST_OTHER]


def weeks_for(session: Session, actor: Actor, candidate_id: int) -> WeeksOfWork:
    """Raises NotFound."""
    person, likely = _likely(session, actor, candidate_id)
    found = [one for one in likely if one.job.pipeline in WEEKLY]
    known = {one.job.id: one for one in found if one.job.hours_per_week}
    wish = wish_of(person)
    small, obstacles = usable(map(_small_job, known.values()), wish)
    best = weeks(small, wish)
    stuck = Clashes() if best else clashes(small, wish)
    return WeeksOfWork(person, best, known, obstacles, stuck, len(found) - len(known))


def wish_of(person: Candidate) -> Wish:
    return Wish(
        person.hours_min,
        person.hours_max,
        frozenset(person.days),
        person.travel_km,
        position_of(person),
        minutes_of(person.from_time, unknown=0),
        minutes_of(person.until_time, unknown=WHOLE_DAY),
        rules().speed_by(person.travel_by),
    )


def _small_job(one: FittingJob) -> SmallJob:
    job, facts = one.job, one.facts
    return SmallJob(
        job.id,
        job.company_id,
        job.hours_per_week or 0.0,
        facts.days,
        facts.position,
        one.score.total,
        minutes_of(facts.from_time, unknown=0),
        minutes_of(facts.until_time, unknown=WHOLE_DAY),
    )


def _likely(session: Session, actor: Actor, candidate_id: int) -> tuple[Candidate, list[FittingJob]]:
    """The most likely open jobs, PRESELECTED at most, in five statements whatever their number.

    Those within reach come first, and of these the ones that ask what somebody can.
    """
    actor.require(Permission.CANDIDATE_VIEW)
    person = session.get(Candidate, candidate_id)
    if person is None:
        raise NotFound
    levels = levels_of(session, [person.id])[person.id]
    rows = session.exec(_most_likely(person, levels)).all()
    asked = asked_by(session, [job.id for job, _company in rows])
    mine = candidate_facts(person, levels)
    fields = fields_of(person.trades)
    refused = refusals(session, candidate_id=person.id)
    found = []
    for job, company in rows:
        facts = facts_of(job, company, asked[job.id])
        if job.id not in refused or fingerprint(facts, mine) not in refused[job.id]:
            found.append(FittingJob(job, company, facts, score(facts, mine), other_trade(company.sbi_code, fields)))
    return person, found


def _most_likely(person: Candidate, levels: Mapping[str, int]) -> Select[HiddenJob, Company]:
    near = nearness(Company, position_of(person))
    asked = (
        select(HiddenJobCompetence.job_id, func.sum(HiddenJobCompetence.weight).label("points"))
        .where(col(HiddenJobCompetence.code).in_(levels))
        .group_by(col(HiddenJobCompetence.job_id))
        .subquery()
    )
    introduced = select(Introduction.job_id).where(Introduction.candidate_id == person.id)
    return (
        select(HiddenJob, Company)
        .join(Company, col(HiddenJob.company_id) == Company.id)
        .join(asked, asked.c.job_id == HiddenJob.id, isouter=True)
        .where(col(HiddenJob.stage).in_(BEFORE_KOPKOFFIE), col(HiddenJob.id).not_in(introduced))
        .order_by(
            out_of_reach(near, max(person.travel_km, 1)),
            func.coalesce(asked.c.points, 0).desc(),
            near,
            col(HiddenJob.id),
        )
        .limit(PRESELECTED)
    )
