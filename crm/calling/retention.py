"""How long the words of a conversation are kept."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from crm.calling.models import Call, CallField, CallStatus
from crm.followups.models import FollowUp, FollowUpStatus

WORDS_ARE_KEPT = timedelta(days=730)  # after the last call with the company
BATCH = 500


def forget_words(session: Session, moment: datetime) -> int:
    """Empty what was noted in calls with companies that nobody spoke for two years and nobody will; tells how many.

    That the calls took place stays, with what came of them.
    """
    before = moment - WORDS_ARE_KEPT
    later, planned = aliased(Call), col(FollowUp.status) == FollowUpStatus.OPEN
    spoken_since = exists().where(
        col(later.company_id) == col(Call.company_id),
        or_(col(later.ended_at) >= before, col(later.status) != CallStatus.DONE),
    )
    old = (
        select(Call.id)
        .where(
            col(Call.ended_at) < before,
            or_(col(Call.notes) != "", exists().where(col(CallField.call_id) == Call.id)),
            ~spoken_since,
            ~exists().where(col(FollowUp.company_id) == Call.company_id, planned),
        )
        .limit(BATCH)
    )
    calls = session.exec(old).all()
    session.execute(update(Call).where(col(Call.id).in_(calls)).values(notes=""))
    session.execute(delete(CallField).where(col(CallField.call_id).in_(calls)))
    return len(calls)
