"""Reminding people of what is due: once for every moment that was agreed."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from crm.access.models import User
from crm.access.permissions import Permission
from crm.access.queries import people_who_may
from crm.companies.gate import may_call
from crm.companies.law import Purpose
from crm.companies.models import Company
from crm.companies.rules import Evidence
from crm.core.i18n import _, show_moment, speaking
from crm.followups.models import CALLING_KINDS, FollowUp, FollowUpStatus
from crm.messaging.models import NoticeKind
from crm.messaging.services import notify

BATCH = 1000

CaseOf = Callable[[Session, FollowUp], Evidence | None]


def due_without_reminder(session: Session, moment: datetime) -> Sequence[int]:
    statement = select(FollowUp.id).where(*_is_due(moment)).order_by(col(FollowUp.due_at)).limit(BATCH)
    return session.exec(statement).all()


def remind(session: Session, follow_up_id: int, moment: datetime, case_of: CaseOf | None = None) -> bool:
    """Claim the reminder and leave its notices and e-mails, all in the caller's transaction.

    `case_of` tells what a call is about that is no acquisition.
    Killed anywhere, either everything is there or nothing is; and of two schedulers one finds it claimed.
    """
    claim = update(FollowUp).where(col(FollowUp.id) == follow_up_id, *_is_due(moment)).values(reminded_at=moment)
    claimed = session.execute(claim.returning(col(FollowUp.id))).first()
    if claimed is None:
        return False
    follow_up = session.get_one(FollowUp, follow_up_id)
    company = session.get(Company, follow_up.company_id) if follow_up.company_id else None
    case = case_of(session, follow_up) if case_of else None
    for reader in _readers(session, follow_up):
        with speaking(reader.language):
            _tell(session, reader, follow_up, company, case)
    return True


def _is_due(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(FollowUp.status) == FollowUpStatus.OPEN,
        col(FollowUp.reminded_at).is_(None),
        col(FollowUp.due_at) <= moment,
    )


def _readers(session: Session, follow_up: FollowUp) -> Sequence[User]:
    """Its owner; without one that still works here, those who divide the work of the team."""
    owner = session.get(User, follow_up.owner_id) if follow_up.owner_id else None
    if owner and owner.active:
        return [owner]
    return people_who_may(session, Permission.FOLLOWUP_TEAM)


def _tell(session: Session, reader: User, follow_up: FollowUp, company: Company | None, case: Evidence | None) -> None:
    once_key = f"follow_up:{follow_up.id}:{follow_up.due_at.isoformat()}:{reader.id}"
    about = ", ".join(part for part in (company.name, company.town) if part) if company else ""
    agreed = _("Agreed for {moment}.").format(moment=show_moment(follow_up.due_at))
    what, objection = follow_up.kind.label, _why_not_call(session, follow_up, case)
    if objection:
        what = _("Do not call")
    title = f"{what}: {about}" if about else what
    body = "\n".join(filter(None, (objection, agreed, follow_up.note)))
    kind = NoticeKind.PROMISE_DUE if reader.id == follow_up.owner_id else NoticeKind.UNASSIGNED
    # What was said at the telephone stays in the app.
    notify(session, reader.id, kind=kind, once_key=once_key, title=title, body=body, page="followups", mail=agreed)


def _why_not_call(session: Session, follow_up: FollowUp, case: Evidence | None) -> str:
    """What came up against this call since it was agreed, such as an objection."""
    if follow_up.kind not in CALLING_KINDS or follow_up.company_id is None:
        return ""
    verdict = may_call(
        session,
        follow_up.company_id,
        contact_id=follow_up.contact_id,
        moment=follow_up.due_at,
        agreed=True,
        purpose=Purpose.SERVICE if case else Purpose.ACQUISITION,
        case=case,
    )
    return "" if verdict.allowed else verdict.reason
