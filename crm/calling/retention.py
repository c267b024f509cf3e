"""How long the words of a conversation are kept, and those of what was promised in it."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, exists, or_, update
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col, select

from crm.audit.services import forget_details
from crm.calling.models import Call, CallField, WrapUp
from crm.followups.models import REPLACED, FollowUp, FollowUpStatus

WORDS_ARE_KEPT = timedelta(days=730)  # after the last call with the company
BATCH = 500
WORDS_OF_CALL = frozenset({"notes", "reason"})
WORDS_OF_FOLLOW_UP = frozenset({"note", "outcome", "moved_because"})


def forget_words(session: Session, moment: datetime) -> int:
    """Empty what was noted in calls with companies that nobody spoke for two years and nobody will; tells how many.

    Also what their results changed, and their notes in the audit log. That the calls took place stays, with what came
    of them.
    """
    before = moment - WORDS_ARE_KEPT
    noted = (exists().where(col(kept.call_id) == Call.id) for kept in (CallField, WrapUp))
    old = (
        select(Call.id)
        .where(_is_over(Call, before), or_(col(Call.notes) != "", *noted), ~_is_known(col(Call.company_id), before))
        .limit(BATCH)
    )
    calls = session.exec(old).all()
    session.execute(update(Call).where(col(Call.id).in_(calls)).values(notes=""))
    for kept in (CallField, WrapUp):
        session.execute(delete(kept).where(col(kept.call_id).in_(calls)))
    forget_details(session, Call, calls, WORDS_OF_CALL)
    return len(calls)


def forget_promises(session: Session, moment: datetime) -> int:
    """The same for what was noted at follow-ups that were closed two years ago; tells how many."""
    before = moment - WORDS_ARE_KEPT
    has_words = or_(col(FollowUp.note) != "", col(FollowUp.moved_because) != "", _is_said())
    old = (
        select(FollowUp.id)
        .where(col(FollowUp.done_at) < before, has_words, ~_is_known(col(FollowUp.company_id), before))
        .limit(BATCH)
    )
    steps = session.exec(old).all()
    outcome = case((_is_said(), ""), else_=col(FollowUp.outcome))
    emptied = update(FollowUp).where(col(FollowUp.id).in_(steps))
    session.execute(emptied.values(note="", moved_because="", outcome=outcome))
    forget_details(session, FollowUp, steps, WORDS_OF_FOLLOW_UP)
    return len(steps)


def _is_said() -> ColumnElement[bool]:
    """The outcome is in somebody's words."""
    return col(FollowUp.outcome).not_in(["", REPLACED])


def _is_over(call: type[Call], before: datetime) -> ColumnElement[bool]:
    """Also a call that its caller never ended: nobody will any more."""
    left = and_(col(call.ended_at).is_(None), col(call.created_at) < before)
    return or_(col(call.ended_at) < before, left)


def _is_known(company_id: Mapped[int] | Mapped[int | None], before: datetime) -> ColumnElement[bool]:
    """Somebody spoke this company since, or will."""
    later, planned = aliased(Call), aliased(FollowUp)
    return or_(
        exists().where(col(later.company_id) == company_id, ~_is_over(later, before)),
        exists().where(col(planned.company_id) == company_id, col(planned.status) == FollowUpStatus.OPEN),
    )
