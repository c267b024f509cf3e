"""The intake of a job seeker: steps in any order, each saved by itself, to be left and resumed."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.candidates.inputs import CandidateInput, PersonInput, StepInput
from crm.candidates.models import Candidate, IntakeProgress, IntakeStep
from crm.candidates.services import add_candidate, edit_candidate
from crm.core.clock import now
from crm.core.db import insert_for


@dataclass(frozen=True, slots=True)
class Saved:
    step: IntakeStep
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Intake:
    """The steps that were saved, the last one first."""

    saved: tuple[Saved, ...]

    @property
    def done(self) -> frozenset[IntakeStep]:
        return frozenset(one.step for one in self.saved)

    @property
    def next_step(self) -> IntakeStep | None:
        """The first that was not saved yet; None when all were."""
        return next((step for step in IntakeStep if step not in self.done), None)


def intake_of(session: Session, actor: Actor, candidate_id: int) -> Intake:
    actor.require(Permission.CANDIDATE_VIEW)
    statement = (
        select(IntakeProgress, User.name)
        .join(User, col(IntakeProgress.saved_by_id) == User.id, isouter=True)
        .where(IntakeProgress.candidate_id == candidate_id)
        .order_by(col(IntakeProgress.saved_at).desc())
    )
    return Intake(tuple(Saved(row.step, row.saved_at, name or "") for row, name in session.exec(statement)))


def begin_intake(session: Session, actor: Actor, given: PersonInput) -> Candidate:
    """Somebody new, with whoever writes them down as coach."""
    candidate = add_candidate(session, actor, CandidateInput(**given.model_dump(), coach_id=actor.id))
    _note(session, actor, candidate.id, IntakeStep.PERSON)
    return candidate


def save_step(
    session: Session, actor: Actor, candidate_id: int, step: IntakeStep, given: StepInput, *, version: int
) -> Candidate:
    """What was said in this step, also when nothing was: then the question was asked."""
    candidate = edit_candidate(session, actor, candidate_id, given, version=version)
    _note(session, actor, candidate_id, step)
    return candidate


def _note(session: Session, actor: Actor, candidate_id: int, step: IntakeStep) -> None:
    values = {"saved_at": now(), "saved_by_id": actor.id}
    statement = insert_for(session.connection())(IntakeProgress).values(candidate_id=candidate_id, step=step, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["candidate_id", "step"], set_=values))
