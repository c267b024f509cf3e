"""The log of a job seeker: steps of guidance, moments of success, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.candidates.log_inputs import MomentInput, OutcomeInput, ServiceStepInput
from crm.candidates.models import (
    Candidate,
    CandidateConsent,
    CandidateOutcome,
    CandidateStatus,
    OutcomeKind,
    Purpose,
    ServiceStep,
    SuccessMoment,
    Tile,
)
from crm.candidates.services import set_status
from crm.core.clock import now, today
from crm.core.db import locked

MOST_SHOWN = 100
STATUS_AFTER = {  # who looked along or did an odd job goes on as they were
    OutcomeKind.FOUND_WORK: CandidateStatus.LEFT,
    OutcomeKind.PLACEMENT: CandidateStatus.PLACED,
    OutcomeKind.TRAINING: CandidateStatus.PAUSED,
    OutcomeKind.VOLUNTEERING: CandidateStatus.PAUSED,
    OutcomeKind.OWN_BUSINESS: CandidateStatus.LEFT,
    OutcomeKind.STOPPED: CandidateStatus.LEFT,
}
Entry = TypeVar("Entry", ServiceStep, SuccessMoment, CandidateOutcome)


@dataclass(frozen=True, slots=True)
class TileState:
    """How often something was done, the last time, and the next day for which it is planned."""

    times: int
    last: date | None
    planned: date | None


@dataclass(frozen=True, slots=True)
class CandidateLog:
    """The last of each, the newest first, with who wrote it down by number.

    `may_tell` is whether consent holds to tell somebody's story.
    """

    steps: Sequence[ServiceStep]
    moments: Sequence[SuccessMoment]
    outcomes: Sequence[CandidateOutcome]
    people: dict[int, str]
    may_tell: bool

    def tile(self, tile: Tile) -> TileState:
        here = [step for step in self.steps if step.tile is tile]
        done = [step.day for step in here if step.done]
        return TileState(
            len(done), max(done, default=None), min((step.day for step in here if not step.done), default=None)
        )

    def may_be_shared(self, moment: SuccessMoment) -> bool:
        return moment.may_share and self.may_tell


def candidate_log(session: Session, actor: Actor, candidate_id: int) -> CandidateLog:
    actor.require(Permission.CANDIDATE_VIEW)
    steps, moments = _last(session, ServiceStep, candidate_id), _last(session, SuccessMoment, candidate_id)
    outcomes = _last(session, CandidateOutcome, candidate_id)
    makers = {step.made_by_id for step in steps} | {outcome.made_by_id for outcome in outcomes if outcome.made_by_id}
    people = dict(session.exec(select(User.id, User.name).where(col(User.id).in_(makers))).all())
    return CandidateLog(steps, moments, outcomes, people, _may_tell(session, candidate_id))


def _last(session: Session, model: type[Entry], candidate_id: int) -> Sequence[Entry]:
    statement = select(model).where(model.candidate_id == candidate_id)
    return session.exec(statement.order_by(col(model.day).desc(), col(model.id).desc()).limit(MOST_SHOWN)).all()


def _may_tell(session: Session, candidate_id: int) -> bool:
    story = CandidateConsent.candidate_id == candidate_id, CandidateConsent.purpose == Purpose.STORY
    return any(one.holds_at(now()) for one in session.exec(select(CandidateConsent).where(*story)))


def add_step(session: Session, actor: Actor, candidate_id: int, given: ServiceStepInput) -> ServiceStep:
    actor.require(Permission.CANDIDATE_EDIT)
    locked(session, Candidate, candidate_id)
    step = ServiceStep(candidate_id=candidate_id, made_by_id=actor.user_id, **given.model_dump())
    session.add(step)
    record(session, actor, "step.planned" if not step.done else "step.done", step)
    return step


def edit_step(session: Session, actor: Actor, step_id: int, given: ServiceStepInput, *, version: int) -> ServiceStep:
    actor.require(Permission.CANDIDATE_EDIT)
    step = locked(session, ServiceStep, step_id, version=version)
    for name, value in given.model_dump().items():
        setattr(step, name, value)
    record(session, actor, "step.edited", step)
    return step


def finish_step(session: Session, actor: Actor, step_id: int, *, version: int) -> ServiceStep:
    """It has been done: on the day for which it was planned, or today when that day is still to come."""
    actor.require(Permission.CANDIDATE_EDIT)
    step = locked(session, ServiceStep, step_id, version=version)
    step.done, step.day = True, min(step.day, today())
    record(session, actor, "step.done", step)
    return step


def note_moment(session: Session, actor: Actor, candidate_id: int, given: MomentInput) -> SuccessMoment:
    actor.require(Permission.CANDIDATE_EDIT)
    locked(session, Candidate, candidate_id)
    moment = SuccessMoment(candidate_id=candidate_id, made_by_id=actor.user_id, **given.model_dump())
    session.add(moment)
    record(session, actor, "moment.added", moment)
    return moment


def let_share(session: Session, actor: Actor, moment_id: int, share: bool, *, version: int) -> SuccessMoment:
    """Whether the job seeker wants others to read this one; their consent decides whether we may."""
    actor.require(Permission.CANDIDATE_EDIT)
    moment = locked(session, SuccessMoment, moment_id, version=version)
    moment.may_share = share
    record(session, actor, "moment.edited", moment)
    return moment


def record_outcome(session: Session, actor: Actor, candidate_id: int, given: OutcomeInput) -> CandidateOutcome:
    """What came of it; the status follows."""
    actor.require(Permission.CANDIDATE_EDIT)
    if status := STATUS_AFTER.get(given.kind):
        set_status(session, actor, candidate_id, status, version=None)
    outcome = CandidateOutcome(candidate_id=candidate_id, made_by_id=actor.id, **given.model_dump())
    session.add(outcome)
    record(session, actor, "outcome.added", outcome)
    return outcome


def take_back_outcome(session: Session, actor: Actor, candidate_id: int, kind: OutcomeKind) -> None:
    """The last of this kind did not happen after all; whose status followed it looks for work again."""
    actor.require(Permission.CANDIDATE_EDIT)
    if kind in STATUS_AFTER:
        set_status(session, actor, candidate_id, CandidateStatus.ACTIVE, version=None)
    these = CandidateOutcome.candidate_id == candidate_id, CandidateOutcome.kind == kind
    statement = select(CandidateOutcome.id).where(*these).order_by(col(CandidateOutcome.id).desc()).limit(1)
    if (outcome_id := session.exec(statement).first()) is not None:
        remove_entry(session, actor, CandidateOutcome, outcome_id)


def remove_entry(session: Session, actor: Actor, model: type[Entry], entry_id: int) -> None:
    """Written down by mistake, or taken back by the job seeker. The status stays as it is."""
    actor.require(Permission.CANDIDATE_EDIT)
    entry = locked(session, model, entry_id)
    record(session, actor, "entry.removed", entry)
    session.delete(entry)
