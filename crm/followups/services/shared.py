"""What every change of a follow-up begins with."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.db import locked
from crm.core.errors import CrmError, NotAllowed
from crm.core.i18n import _
from crm.followups.inputs import clean_note
from crm.followups.models import CALLING_KINDS, FollowUp, FollowUpStatus
from crm.followups.rules import may_change


class AlreadyClosed(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This follow-up is already done or no longer needed."))


class NoSuchOwner(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This colleague cannot take follow-ups. Choose somebody else."))


def open_one(session: Session, follow_up_id: int, version: int | None) -> FollowUp:
    follow_up = locked(session, FollowUp, follow_up_id, version=version)
    if follow_up.status is not FollowUpStatus.OPEN:
        raise AlreadyClosed
    return follow_up


def hold_company(session: Session, follow_up_id: int) -> None:
    """Before the follow-up itself: all who hold both do it in this order, so that no two wait for each other."""
    hold_companies(session, [follow_up_id])


def hold_companies(session: Session, follow_up_ids: Collection[int]) -> None:
    """Of all of them, in the order in which everybody holds several."""
    theirs = select(FollowUp.company_id).where(col(FollowUp.id).in_(follow_up_ids))
    companies = select(Company.id).where(col(Company.id).in_(theirs)).order_by(col(Company.id))
    session.exec(companies.with_for_update()).all()


def require_change(actor: Actor, follow_up: FollowUp, *, on_behalf: bool = False) -> None:
    actor.require(Permission.FOLLOWUP_OWN)
    if not on_behalf and not may_change(actor, follow_up.owner_id):
        raise NotAllowed


def check_owner(session: Session, owner_id: int | None) -> None:
    if owner_id is not None and not can_have(session, owner_id):
        raise NoSuchOwner


def can_have(session: Session, owner_id: int) -> bool:
    """Whether this person works here, and does such work."""
    owner = session.get(User, owner_id)
    return owner is not None and owner.active and Actor.of(owner).may(Permission.FOLLOWUP_OWN)


def planned_call(session: Session, company_id: int) -> FollowUp | None:
    """The one call to this company that is planned, held until the end of the transaction."""
    planned = select(FollowUp).where(
        FollowUp.company_id == company_id,
        FollowUp.status == FollowUpStatus.OPEN,
        col(FollowUp.kind).in_(CALLING_KINDS),
    )
    return session.exec(planned.with_for_update()).one_or_none()


def close(follow_up: FollowUp, status: FollowUpStatus, outcome: str) -> None:
    follow_up.status, follow_up.done_at, follow_up.outcome = status, now(), clean_note(outcome)
