"""Who of our people could do the work that is being talked about."""

from dataclasses import dataclass

from sqlmodel import Session

from crm.access.actor import Actor
from crm.companies.models import Company
from crm.desk.queries import Talk
from crm.matching.blind import BlindCard, says_enough, unsaid, who_fits
from crm.matching.facts import Asked, JobFacts
from crm.matching.queries import job_facts, position_of
from crm.matching.suggesting import Shown
from crm.reference.work_words import work_text

ABOUT_WORK = frozenset({"tasks", "tasks_to_hand_over", "chore", "missed_work", "stand_in_work", "leaving_function"})


@dataclass(frozen=True, slots=True)
class Fits:
    """`unsaid` is what would tell more; while `too_little` is said, nobody is looked for. `job_id` is that of a job
    which was written down before."""

    cards: list[BlindCard]
    unsaid: list[str]
    too_little: bool
    job_id: int | None

    @property
    def shown(self) -> list[Shown]:
        return [Shown(self.job_id, card.candidate_id, card.score) for card in self.cards]


def asks_about_work(talk: Talk) -> bool:
    return not ABOUT_WORK.isdisjoint(talk.position.node.fields)


def fits(session: Session, actor: Actor, talk: Talk) -> Fits | None:
    """None as long as no work is talked about."""
    if not (talk.draft.has_job or asks_about_work(talk)):
        return None
    known = talk.draft.known_job_id if talk.draft.has_job else None
    job = _facts(session, talk) if known is None else job_facts(session, known)
    return Fits(who_fits(session, actor, job, known), unsaid(job), not says_enough(job), known)


def _facts(session: Session, talk: Talk) -> JobFacts:
    """The job as far as it is written down."""
    job, company = talk.draft.job, session.get_one(Company, talk.call.company_id)
    return JobFacts(
        competences=dict.fromkeys(job.competences, Asked()),
        hours=job.hours_per_week,
        days=frozenset(job.days),
        position=position_of(company),
        text=work_text(job.title, job.tasks, job.must_have, job.learnable),
    )
