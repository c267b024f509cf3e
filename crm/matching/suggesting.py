"""What is noted of suggestions: who was shown for which job, and what somebody made of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import forget_details, record
from crm.calling.models import Call
from crm.calling.services import NotYourCall
from crm.candidates.models import Candidate
from crm.core.clock import day_bounds, now, today
from crm.core.db import changed, insert_for, locked, table_of
from crm.core.errors import CrmError
from crm.core.i18n import N_, _
from crm.core.text import squeeze
from crm.matching.facts import fingerprint
from crm.matching.models import OPEN_OUTSIDE_CALLS, RefusalReason, Suggestion, SuggestionOutcome
from crm.matching.queries import both_facts
from crm.matching.rules import Score, score
from crm.pipeline.models import HiddenJob
from crm.reference.wording import EXCLUDING, TREATMENT, bsn_warnings, word_warnings

KEPT = timedelta(days=2 * 365)
LONGEST_WHY = 300
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Shown:
    """Without `job_id` it was for work that is talked about and not written down yet."""

    job_id: int | None
    candidate_id: int
    score: Score

    @property
    def why(self) -> str:
        return self.score.short[:LONGEST_WHY]

    def as_row(self, actor: Actor, moment: datetime) -> dict[str, Any]:
        return {
            "job_id": self.job_id,
            "candidate_id": self.candidate_id,
            "shown_to_id": actor.user_id,
            "created_at": moment,
            "last_shown_at": moment,
            "score": self.score.total,
            "why": self.why,
        }


class RefusalInput(BaseModel):
    """Why a suggestion does not fit; without a reason of the list it is said in words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Annotated[RefusalReason, Field(title=N_("Why not?"))]
    words: Annotated[str, Field(max_length=300, title=N_("In your own words")), BeforeValidator(squeeze)] = ""

    @model_validator(mode="after")
    def _in_words(self) -> Self:
        if self.reason is RefusalReason.OTHER and not self.words:
            raise ValueError(_("Write down in a few words why."))
        return self


class MayNotDecide(CrmError):
    def __init__(self, warnings: list[str]) -> None:
        super().__init__(" ".join(warnings))


class NotRefused(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This is being suggested again already."))


def note_shown(session: Session, actor: Actor, shown: Iterable[Shown]) -> int:
    """Note who was shown for which job, in one statement, once a day for each person who looks. Tells how many."""
    actor.require(Permission.CANDIDATE_VIEW)
    moment = now()
    rows = [one.as_row(actor, moment) for one in shown]
    if not rows:
        return 0
    table = table_of(Suggestion)
    statement = insert_for(session.connection())(table).values(rows)
    again = {name: statement.excluded[name] for name in ("last_shown_at", "score", "why")}
    return changed(
        session,
        statement.on_conflict_do_update(
            index_elements=["job_id", "candidate_id", "shown_to_id"],
            index_where=OPEN_OUTSIDE_CALLS,
            set_=again,
            where=table.c.last_shown_at < day_bounds(today())[0],
        ),
    )


def note_shown_in_call(session: Session, actor: Actor, call_id: int, shown: Iterable[Shown]) -> int:
    """Note who was shown at the desk while work was talked about, each once in a call. Tells how many are new.

    Raises NotYourCall.
    """
    actor.require(Permission.JOB_EDIT)
    moment = now()
    rows = [one.as_row(actor, moment) | {"call_id": call_id} for one in shown]
    if not rows:
        return 0
    call = session.get(Call, call_id)
    if call is None or call.caller_id != actor.id:
        raise NotYourCall
    statement = insert_for(session.connection())(table_of(Suggestion)).values(rows)
    return changed(session, statement.on_conflict_do_nothing(index_elements=["call_id", "candidate_id"]))


def note_job_of_call(session: Session, call_id: int, job_id: int) -> None:
    """The work that was talked about is a job by now. For services that have checked a permission."""
    shown = update(Suggestion).where(col(Suggestion.call_id) == call_id, col(Suggestion.job_id).is_(None))
    session.execute(shown.values(job_id=job_id))


def note_taken(session: Session, actor: Actor, shown: Shown) -> None:
    """Somebody was introduced. For services that have checked a permission."""
    _decide(session, actor, shown, {"outcome": SuggestionOutcome.TAKEN})


def refuse(session: Session, actor: Actor, job_id: int, candidate_id: int, given: RefusalInput) -> Suggestion:
    """Suggest this person no more for this job, until the job or the person changes in something that counts.

    Raises MayNotDecide when the words are about age, sex, origin or health.
    """
    actor.require(Permission.INTRODUCE)
    if warnings := [*bsn_warnings(given.words), *word_warnings(given.words, *EXCLUDING, TREATMENT)]:
        raise MayNotDecide(warnings)
    locked(session, HiddenJob, job_id)
    facts = both_facts(session, job_id, locked(session, Candidate, candidate_id))
    made = {"reason": given.reason, "words": given.words, "basis": fingerprint(*facts)}
    shown = Shown(job_id, candidate_id, score(*facts))
    refused = _decide(session, actor, shown, made | {"outcome": SuggestionOutcome.REFUSED})
    record(session, actor, "suggestion.refused", refused, job=job_id, candidate=candidate_id)
    return refused


def suggest_again(session: Session, actor: Actor, suggestion_id: int) -> Suggestion:
    """A refusal does not hold any more; it stays in the log. Raises NotFound or NotRefused."""
    actor.require(Permission.INTRODUCE)
    refused = locked(session, Suggestion, suggestion_id)
    if not refused.basis:
        raise NotRefused
    same = (col(Suggestion.job_id) == refused.job_id, col(Suggestion.candidate_id) == refused.candidate_id)
    session.execute(update(Suggestion).where(*same).values(basis=""))
    session.refresh(refused)
    record(session, actor, "suggestion.again", refused, job=refused.job_id, candidate=refused.candidate_id)
    return refused


def forget_old(session: Session, moment: datetime) -> int:
    """Some of what was shown or decided longer ago than it is kept. Tells how many."""
    past = select(Suggestion.id).where(col(Suggestion.last_shown_at) < moment - KEPT).limit(BATCH)
    ids = session.exec(past).all()
    forget_details(session, Suggestion, ids, {"words", "why"})
    session.execute(delete(Suggestion).where(col(Suggestion.id).in_(ids)))
    return len(ids)


def _decide(session: Session, actor: Actor, shown: Shown, made: Mapping[str, object]) -> Suggestion:
    """On what was shown to this person last, or on what nobody was shown yet."""
    mine = select(Suggestion).where(
        Suggestion.job_id == shown.job_id,
        Suggestion.candidate_id == shown.candidate_id,
        Suggestion.shown_to_id == actor.user_id,
        Suggestion.outcome == SuggestionOutcome.OPEN,
    )
    last = mine.order_by(col(Suggestion.last_shown_at).desc(), col(Suggestion.id).desc()).limit(1)
    decided = session.exec(last).one_or_none() or Suggestion(
        job_id=shown.job_id, candidate_id=shown.candidate_id, shown_to_id=actor.user_id, score=0, why=""
    )
    decided.score, decided.why, decided.decided_at = shown.score.total, shown.why, now()
    for name, value in made.items():
        setattr(decided, name, value)
    session.add(decided)
    session.flush()
    return decided
