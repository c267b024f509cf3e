"""How long a job seeker is kept, and before that the words in the log and those of self-assessments."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, update
from sqlmodel import Session, col, select

from crm.audit.services import forget_details
from crm.candidates.models import (
    Candidate,
    CandidateConsent,
    CandidateOutcome,
    CandidateStatus,
    ServiceStep,
    SuccessMoment,
)
from crm.candidates.talents.models import SelfAnswer, SelfAssessment
from crm.core.clock import local

IS_KEPT = timedelta(days=365)
LOG_IS_KEPT = timedelta(days=730)
SELF_IMAGE_IS_KEPT = timedelta(days=180)
DONE = (CandidateStatus.PLACED, CandidateStatus.LEFT)
BATCH = 500
WORDS = frozenset({"note", "words"})


def past_term(moment: datetime) -> ColumnElement[bool]:
    """Who was placed or left a year ago, or whose last consent ended then, and with whom nothing was done since."""
    before = moment - IS_KEPT
    consents = select(CandidateConsent.id).where(CandidateConsent.candidate_id == Candidate.id)
    ends_at = func.coalesce(col(CandidateConsent.withdrawn_at), col(CandidateConsent.expires_at))
    lasting = consents.where(or_(ends_at.is_(None), ends_at >= before))
    steps = select(ServiceStep.id).where(
        ServiceStep.candidate_id == Candidate.id, ServiceStep.day >= local(before).date()
    )
    done = and_(col(Candidate.status).in_(DONE), col(Candidate.status_since) < before)
    lapsed = and_(exists(consents), ~exists(lasting))
    return and_(col(Candidate.erased_at).is_(None), or_(done, lapsed), ~exists(steps))


def forget_log(session: Session, moment: datetime) -> int:
    """Take away steps and moments of success of two years ago, and the notes of outcomes; tells how many.

    That there was an outcome stays, for the numbers.
    """
    before = local(moment - LOG_IS_KEPT).date()
    gone = 0
    for model in (ServiceStep, SuccessMoment):
        old = session.exec(select(model.id).where(model.day < before).limit(BATCH)).all()
        session.execute(delete(model).where(col(model.id).in_(old)))
        forget_details(session, model, old, WORDS)
        gone += len(old)
    noted = select(CandidateOutcome.id).where(CandidateOutcome.day < before, CandidateOutcome.note != "")
    outcomes = session.exec(noted.limit(BATCH)).all()
    session.execute(update(CandidateOutcome).where(col(CandidateOutcome.id).in_(outcomes)).values(note=""))
    forget_details(session, CandidateOutcome, outcomes, WORDS)
    return gone + len(outcomes)


def forget_self_images(session: Session, moment: datetime) -> int:
    """Take away self-assessments whose link ended half a year ago: what counted was taken over. Tells how many."""
    before = moment - SELF_IMAGE_IS_KEPT
    old = session.exec(select(SelfAssessment.id).where(SelfAssessment.expires_at < before).limit(BATCH)).all()
    session.execute(delete(SelfAnswer).where(col(SelfAnswer.assessment_id).in_(old)))
    session.execute(delete(SelfAssessment).where(col(SelfAssessment.id).in_(old)))
    forget_details(session, SelfAssessment, old, {"work_done", "proud_of"})
    return len(old)
