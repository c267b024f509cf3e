"""The competence sheet: one page on which an employer reads what somebody does well, instead of a CV."""

from collections.abc import Iterable
from functools import cache

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.candidates.models import Candidate, CandidateCompetence
from crm.candidates.queries import candidate
from crm.candidates.rules import has_consent
from crm.candidates.sheets import sheet_of
from crm.candidates.traces import without_traces
from crm.core.clock import now
from crm.core.i18n import _, language, speaking
from crm.core.settings import PROJECT_DIR, settings
from crm.core.typesetting import typeset
from crm.matching.facts import JobFacts, kilometres
from crm.matching.queries import job_facts, position_of
from crm.matching.services import ConsentMissing
from crm.pipeline.models import HiddenJob
from crm.reference.days import Day
from crm.reference.queries import competences, rows

TEMPLATE = PROJECT_DIR / "data" / "sheets" / "competence.typ"
MOST_STRENGTHS, MOST_TRADES = 6, 3
LEARNING, STRONG = 1, 3  # levels of a competence


def competence_sheet(
    session: Session, actor: Actor, candidate_id: int, *, blind: bool, job_id: int | None = None
) -> bytes:
    """A PDF of one page in the language of the organisation; with a job, for its employer.

    Blind, it tells nothing about who it is. Raises NotFound, or ConsentMissing for one with a name.
    """
    actor.require(Permission.INTRODUCE)
    person = candidate(session, actor, candidate_id).candidate
    if not blind and not has_consent(person, now()):
        raise ConsentMissing(person)
    sheet = sheet_of(session, actor, candidate_id)
    record(session, actor, "candidate.sheet_made", person, blind=blind, hidden_job=job_id)
    job = job_facts(session, job_id) if job_id else None
    title = session.get_one(HiddenJob, job_id).title if job_id else ""
    having = session.exec(select(CandidateCompetence).where(CandidateCompetence.candidate_id == candidate_id)).all()
    with speaking(settings().language):
        told = _told(person, sheet.examples if sheet else [], having, job, title, blind=blind)
        return typeset(TEMPLATE, told)


def _told(
    person: Candidate,
    examples: list[str],
    having: Iterable[CandidateCompetence],
    job: JobFacts | None,
    title: str,
    *,
    blind: bool,
) -> dict[str, object]:
    def shown(text: str) -> str:
        return without_traces(text, person) if blind else text

    heading = _("What I do well") if blind else person.name
    return {
        "language": language(),
        "title": _("Competence sheet") if blind else _("Competence sheet of {name}").format(name=person.name),
        "author": settings().organisation,
        "above": _("Competence sheet for: {title}").format(title=title) if title else _("Competence sheet"),
        "heading": heading,
        "lead": _lead([shown(trade) for trade in person.trades[:MOST_TRADES]]),
        "strengths_title": _("I am good at this") if blind else _("What I do well"),
        "strengths": _strengths(having, job),
        "examples_title": _("For example"),
        "examples": [shown(example) for example in examples],
        "available_title": _("When I can work"),
        "available": _available(person, job, blind=blind),
        "footer": _footer(blind=blind),
    }


def _lead(trades: list[str]) -> str:
    return _("I worked as: {trades}.").format(trades=", ".join(trades)) if trades else ""


def _strengths(having: Iterable[CandidateCompetence], job: JobFacts | None) -> list[list[str]]:
    """What the job asks comes first, then what somebody is strongest in."""
    asked = job.competences if job else frozenset()
    known = [one for one in having if one.code in competences()]
    best = sorted(known, key=lambda one: (one.code not in asked, -one.level, one.code))[:MOST_STRENGTHS]
    words = {STRONG: _("strong"), LEARNING: _("learning this")}
    return [
        [competences()[one.code].name, words.get(one.level, ""), _sentences()[one.code][language()]] for one in best
    ]


@cache
def _sentences() -> dict[str, dict[str, str]]:
    return {
        row["code"]: {"nl": row["sentence_nl"], "en": row["sentence_en"]} for row in rows("competence_sentences.csv")
    }


def _available(person: Candidate, job: JobFacts | None, *, blind: bool) -> list[list[str]]:
    hours = _("{least} to {most} hours a week") if person.hours_min else _("up to {most} hours a week")
    known = [
        [_("Hours"), hours.format(least=person.hours_min, most=person.hours_max)],
        [_("Days"), ", ".join(Day(code).label.lower() for code in person.days)],
        [_("Times"), _times(person)],
        [_("Travels"), _("up to {n} km").format(n=person.travel_km)],
        [_("Distance to you"), _distance(person, job)],
        [_("Lives in"), "" if blind else person.town],
    ]
    return [fact for fact in known if fact[1]]


def _times(person: Candidate) -> str:
    start, end = person.from_time, person.until_time
    if start and end:
        return _("between {start} and {end}").format(start=f"{start:%H:%M}", end=f"{end:%H:%M}")
    if start:
        return _("from {start}").format(start=f"{start:%H:%M}")
    return _("until {end}").format(end=f"{end:%H:%M}") if end else ""


def _distance(person: Candidate, job: JobFacts | None) -> str:
    here, there = position_of(person), job.position if job else None
    if not (here and there):
        return ""
    return _("about {km} km").format(km=max(round(kilometres(here, there)), 1))


def _footer(*, blind: bool) -> list[str]:
    chosen = settings()
    name = _("You hear the name when you would like to meet.") if blind else ""
    coffee = _("No CV, no letter: a cup of coffee says more.")
    return [f"{chosen.organisation} · {chosen.office_phone}", " ".join(part for part in (coffee, name) if part)]
