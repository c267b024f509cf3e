"""What the words of a job seeker point to: competences and other trades, each with the reason. A coach decides."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import Change, record
from crm.candidates.models import Candidate, CandidateCompetence, Level
from crm.candidates.queries import CandidateCard
from crm.candidates.talents.models import About, SettledSuggestion
from crm.core.db import insert_for, locked
from crm.core.i18n import _, language
from crm.core.text import plain
from crm.reference.queries import competences, rows
from crm.reference.work_fields import WorkField, competence_trades, work_fields

FEWEST_COMPETENCES = 3  # that point to a trade without a word for it
MOST = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    about: About
    code: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class TellingWords:
    """`words` are beginnings; `why` says what they tell of the competence."""

    words: tuple[str, ...]
    competence: str
    why_nl: str
    why_en: str

    @property
    def why(self) -> str:
        return self.why_en if language() == "en" else self.why_nl


@cache
def telling_words() -> tuple[TellingWords, ...]:
    return tuple(
        TellingWords(tuple(row["words"].split()), row["competence"], row["why_nl"], row["why_en"])
        for row in rows("telling_words.csv")
    )


def suggestions(session: Session, actor: Actor, card: CandidateCard) -> list[Suggestion]:
    """Those that were neither taken over nor refused."""
    actor.require(Permission.CANDIDATE_VIEW)
    mine = SettledSuggestion.candidate_id == card.candidate.id
    settled = {(row.about, row.code) for row in session.exec(select(SettledSuggestion).where(mine))}
    person = card.candidate
    told = " ".join((person.work_done, person.proud_of, person.strengths, *person.trades))
    found = [*competences_in(told, card.levels), *fields_in(told, person.trades, card.levels)]
    return [one for one in found if (one.about, one.code) not in settled and one.code not in person.open_to][:MOST]


def competences_in(told: str, having: Collection[str]) -> list[Suggestion]:
    """Competences that words of the text point to and that are not known yet."""
    found = []
    for telling in telling_words():
        word = _first_word(told, telling.words)
        if word and telling.competence not in having:
            name = competences()[telling.competence].name
            why = _("“{word}” was told: {why}.").format(word=word, why=telling.why)
            found.append(Suggestion(About.COMPETENCE, telling.competence, name, why))
    return found


def fields_in(told: str, trades: Collection[str], having: Collection[str]) -> list[Suggestion]:
    """Kinds of work that a word points to, or several competences, and in which nobody says to have worked."""
    found = []
    for field in work_fields():
        if any(field.names(trade) for trade in trades):
            continue
        if why := _why_field(field, told, having):
            found.append(Suggestion(About.FIELD, field.code, field.name, why))
    return found


def take_competence(session: Session, actor: Actor, candidate_id: int, given: Suggestion, level: Level) -> None:
    """At the level the coach says; one that a colleague wrote down meanwhile stays."""
    if person := _settle(session, actor, candidate_id, given, taken=True):
        values = {"candidate_id": candidate_id, "code": given.code, "level": level.value}
        session.execute(insert_for(session.connection())(CandidateCompetence).values(**values).on_conflict_do_nothing())
        record(session, actor, "suggestion.taken", person, code=given.code, level=Change(None, level.value))


def take_field(session: Session, actor: Actor, candidate_id: int, given: Suggestion) -> None:
    if person := _settle(session, actor, candidate_id, given, taken=True):
        person.open_to = [*person.open_to, given.code]
        record(session, actor, "suggestion.taken", person, code=given.code)


def refuse_suggestion(session: Session, actor: Actor, candidate_id: int, given: Suggestion) -> None:
    if person := _settle(session, actor, candidate_id, given, taken=False):
        record(session, actor, "suggestion.refused", person, code=given.code)


def _settle(session: Session, actor: Actor, candidate_id: int, given: Suggestion, *, taken: bool) -> Candidate | None:
    """Taken over or refused, it does not come back. None when that was done already."""
    actor.require(Permission.CANDIDATE_EDIT)
    person = locked(session, Candidate, candidate_id)
    row = {"candidate_id": candidate_id, "about": given.about, "code": given.code}
    row |= {"taken": taken, "why": given.why, "settled_by_id": actor.id}
    statement = insert_for(session.connection())(SettledSuggestion).values(**row).on_conflict_do_nothing()
    is_new = session.execute(statement.returning(col(SettledSuggestion.id))).first() is not None
    return person if is_new else None


def _why_field(field: WorkField, told: str, having: Collection[str]) -> str:
    word = next((word for word in _words(told) if field.names(word)), "")
    if word:
        return _("“{word}” was told: that belongs to this work.").format(word=word)
    divisions = {code[:2] for code in field.sbi}
    pointing = [code for code in sorted(having) if divisions & set(competence_trades().get(code, ()))]
    if len(pointing) < FEWEST_COMPETENCES:
        return ""
    names = ", ".join(competences()[code].name.lower() for code in pointing[:FEWEST_COMPETENCES])
    return _("This work asks more than other work: {competences}.").format(competences=names)


def _first_word(told: str, starts: tuple[str, ...]) -> str:
    return next((word for word in _words(told) if plain(word).startswith(starts)), "")


def _words(told: str) -> list[str]:
    return [word.strip(".,;:!?()'\"“”‘’") for word in told.split()]
