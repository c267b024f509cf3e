"""What a coach sees of a self-assessment, and takes over: nothing that is known changes unseen."""

from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import Change, record
from crm.candidates.models import Candidate, CandidateCompetence, Level
from crm.candidates.talents.models import Frequency, SelfAnswer, SelfAssessment
from crm.core.clock import now
from crm.core.db import locked
from crm.core.errors import ChangedMeanwhile

Words = Literal["work_done", "proud_of"]


@dataclass(frozen=True, slots=True)
class SelfImage:
    """The last self-assessment with its answers; `answers` are those that wait for the coach."""

    assessment: SelfAssessment
    answers: tuple[SelfAnswer, ...]
    answered: int


def self_image(session: Session, actor: Actor, candidate_id: int) -> SelfImage | None:
    """None when no link was ever made."""
    actor.require(Permission.CANDIDATE_VIEW)
    mine = select(SelfAssessment).where(SelfAssessment.candidate_id == candidate_id)
    assessment = session.exec(mine.order_by(col(SelfAssessment.id).desc()).limit(1)).first()
    if assessment is None:
        return None
    rows = select(SelfAnswer).where(SelfAnswer.assessment_id == assessment.id)
    answers = session.exec(rows.order_by(col(SelfAnswer.answer).desc(), SelfAnswer.code)).all()
    waiting = tuple(row for row in answers if row.settled_at is None) if assessment.finished_at else ()
    return SelfImage(assessment, waiting, len(answers))


def take_answer(session: Session, actor: Actor, answer_id: int, *, seen: Level | None) -> None:
    """Give the competence the level that was answered. Raises ChangedMeanwhile when it is no longer the one `seen`."""
    actor.require(Permission.CANDIDATE_EDIT)
    answer, candidate = _of(session, answer_id)
    having = _having(session, candidate).get(answer.code)
    if _level(having) is not seen:
        raise ChangedMeanwhile
    _take(session, actor, candidate, answer, having)


def take_new_answers(session: Session, actor: Actor, assessment_id: int) -> None:
    """Write down what is not known yet at the level that was answered, all at once.

    What says the same as is known, or nothing, is done with; what says something else still waits for the coach.
    """
    actor.require(Permission.CANDIDATE_EDIT)
    assessment = locked(session, SelfAssessment, assessment_id)
    answers = session.exec(_waiting(assessment).with_for_update()).all()  # before the person, as for one answer
    candidate = locked(session, Candidate, assessment.candidate_id)
    known = _having(session, candidate)
    for answer in answers:
        having, level = known.get(answer.code), Frequency(answer.answer).level
        if level and not having:
            _take(session, actor, candidate, answer, None)
        elif level is _level(having):
            answer.settled_at = now()


def _waiting(assessment: SelfAssessment) -> SelectOfScalar[SelfAnswer]:
    theirs = SelfAnswer.assessment_id == assessment.id, col(SelfAnswer.settled_at).is_(None)
    return select(SelfAnswer).where(*theirs).order_by(SelfAnswer.code)


def _having(session: Session, candidate: Candidate) -> dict[str, CandidateCompetence]:
    mine = select(CandidateCompetence).where(CandidateCompetence.candidate_id == candidate.id)
    return {having.code: having for having in session.exec(mine)}


def _level(having: CandidateCompetence | None) -> Level | None:
    return Level(having.level) if having else None


def _take(
    session: Session, actor: Actor, candidate: Candidate, answer: SelfAnswer, having: CandidateCompetence | None
) -> None:
    before, level = _level(having), Frequency(answer.answer).level
    if level and having:
        having.level = level
    elif level:
        session.add(CandidateCompetence(candidate_id=candidate.id, code=answer.code, level=level))
    answer.settled_at = now()
    change = Change(before and before.value, level and level.value)
    record(session, actor, "self_assessment.taken", candidate, code=answer.code, level=change)


def leave_answer(session: Session, actor: Actor, answer_id: int) -> None:
    """The level stays as it is."""
    actor.require(Permission.CANDIDATE_EDIT)
    answer, candidate = _of(session, answer_id)
    answer.settled_at = now()
    record(session, actor, "self_assessment.left", candidate, code=answer.code)


def settle_words(session: Session, actor: Actor, assessment_id: int, *, take: bool, version: int) -> None:
    """Put the words of the job seeker under those that are there, or leave them."""
    actor.require(Permission.CANDIDATE_EDIT)
    assessment = locked(session, SelfAssessment, assessment_id)
    candidate = locked(session, Candidate, assessment.candidate_id, version=version)
    if take:
        candidate.work_done = _joined(candidate.work_done, assessment.work_done)
        candidate.proud_of = _joined(candidate.proud_of, assessment.proud_of)
    assessment.words_settled_at = now()
    record(session, actor, "self_assessment.words_taken" if take else "self_assessment.words_left", candidate)


def _joined(known: str, told: str) -> str:
    return "\n\n".join(part for part in (known, told) if part) if told not in known else known


def _of(session: Session, answer_id: int) -> tuple[SelfAnswer, Candidate]:
    answer = locked(session, SelfAnswer, answer_id)
    if answer.settled_at:
        raise ChangedMeanwhile
    assessment = session.get_one(SelfAssessment, answer.assessment_id)
    return answer, locked(session, Candidate, assessment.candidate_id)
