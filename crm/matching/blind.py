"""Who could do work that is being talked about, without saying who it is.

A card tells only what counts in matching, in the words of the job and of the list of competences: what a coach wrote
about somebody could tell who that is, and how old.
"""

from dataclasses import dataclass

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.i18n import _
from crm.matching.facts import JobFacts, kilometres
from crm.matching.queries import Fitting, best, fitting
from crm.matching.rules import Part, Score
from crm.matching.weights import weights
from crm.reference.queries import competences
from crm.reference.work_words import stems

MOST_CARDS = 3
MOST_NAMED = 4  # competences
COMPETENCES, WORK = "Competences", "Work"  # the parts of a score that are about the work itself


@dataclass(frozen=True, slots=True)
class BlindCard:
    """Somebody who fits. `why` is about the work; `fits_too` names what else fits; kilometres as the crow flies.

    `candidate_id` and `score` are for the log of suggestions, and the way to the person for who may see job seekers.
    """

    good_at: list[str]
    hours: tuple[int, int]
    days: list[str]
    km: int | None
    why: list[str]
    fits_too: list[str]
    candidate_id: int
    score: Score


def says_enough(job: JobFacts) -> bool:
    """Without a word about the work or a competence everybody would fit."""
    return bool(job.competences or stems(job.text))


def unsaid(job: JobFacts) -> list[str]:
    """What would tell more about who fits, in plain words."""
    asked = {
        _("the tasks"): bool(stems(job.text)),
        _("the competences"): bool(job.competences),
        _("the hours"): bool(job.hours),
        _("the days"): bool(job.days),
    }
    return [words for words, said in asked.items() if not said]


def who_fits(session: Session, actor: Actor, job: JobFacts, job_id: int | None = None) -> list[BlindCard]:
    """The best fitting people who may be introduced, MOST_CARDS at most. Nobody when too little is said.

    `job_id` leaves out who was introduced for that job already.
    """
    actor.require(Permission.JOB_EDIT)
    if not says_enough(job):
        return []
    fits = (one for one in fitting(session, job, job_id) if _fits(one.score))
    return [_card(job, one) for one in best(fits, job, MOST_CARDS)]


def _fits(score: Score) -> bool:
    """Something in the work itself has to fit: nearness and free days alone say little."""
    about_work = any(_about_work(part) and part.verdict == "fits" for part in score.parts)
    return about_work and score.total >= weights().good_fit


def _about_work(part: Part) -> bool:
    return part.name in {COMPETENCES, WORK}


def _card(job: JobFacts, one: Fitting) -> BlindCard:
    here, there = job.position, one.facts.position
    fitting_parts = [part for part in one.score.parts if part.verdict == "fits"]
    return BlindCard(
        good_at=_good_at(job, one),
        hours=(one.facts.hours_min, one.facts.hours_max),
        days=list(one.candidate.days),
        km=max(round(kilometres(here, there)), 1) if here and there else None,
        why=[part.why for part in fitting_parts if _about_work(part)],
        fits_too=[_(part.name) for part in fitting_parts if not _about_work(part)],
        candidate_id=one.candidate.id,
        score=one.score,
    )


def _good_at(job: JobFacts, one: Fitting) -> list[str]:
    """Names of competences, those of the job first."""
    known = competences()
    having = sorted(one.facts.competences.keys() & known.keys(), key=lambda code: (code not in job.competences, code))
    return [known[code].name for code in having[:MOST_NAMED]]
