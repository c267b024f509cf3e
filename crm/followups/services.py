"""Planning follow-ups and seeing them through."""

from datetime import datetime

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.models import Company, Contact
from crm.core.clock import now
from crm.core.db import locked
from crm.core.errors import CrmError, NotAllowed, NotFound
from crm.core.i18n import _
from crm.followups.inputs import FollowUpInput, clean_note
from crm.followups.models import CALLING_KINDS, FollowUp, FollowUpStatus
from crm.followups.rules import check_due, may_assign, may_change

REPLACED = "replaced"


class AlreadyClosed(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This follow-up is already done or no longer needed."))


class NoSuchOwner(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This colleague cannot take follow-ups. Choose somebody else."))


def plan(session: Session, actor: Actor, wish: FollowUpInput) -> FollowUp:
    """Plan a step. A call to a company takes the place of the call that was planned there before.

    So close the callback that was just made before planning the next one.
    """
    actor.require(Permission.FOLLOWUP_OWN)
    if not may_assign(actor, None, wish.owner_id):
        raise NotAllowed
    check_due(wish.kind, wish.due_at)
    _check_owner(session, wish.owner_id)
    _check_contact(session, wish)
    if wish.company_id is not None and wish.kind in CALLING_KINDS:
        locked(session, Company, wish.company_id)  # two callers who plan at once must see each other's
        _replace_planned_call(session, actor, wish.company_id)
    follow_up = FollowUp(**wish.model_dump())
    session.add(follow_up)
    record(session, actor, "follow_up.planned", follow_up)
    return follow_up


def complete(
    session: Session,
    actor: Actor,
    follow_up_id: int,
    *,
    version: int | None,
    outcome: str = "",
    call_id: int | None = None,
    on_behalf: bool = False,
) -> FollowUp:
    """Done. Who does a step of the team takes it by doing it.

    `on_behalf`, here and below: of a colleague, whose step it stays; for who made the call that was promised.
    """
    follow_up = _open(session, follow_up_id, version)
    if follow_up.owner_id is None and actor.may(Permission.FOLLOWUP_OWN):
        follow_up.owner_id = actor.id
    _require_change(actor, follow_up, on_behalf=on_behalf)
    follow_up.done_in_call_id = call_id
    _close(follow_up, FollowUpStatus.DONE, outcome)
    if follow_up.asked_at:
        follow_up.answered_at = follow_up.done_at
    record(session, actor, "follow_up.done", follow_up)
    return follow_up


def drop(
    session: Session,
    actor: Actor,
    follow_up_id: int,
    *,
    version: int | None,
    reason: str = "",
    on_behalf: bool = False,
) -> FollowUp:
    """No longer needed."""
    follow_up = _open(session, follow_up_id, version)
    _require_change(actor, follow_up, on_behalf=on_behalf)
    _close(follow_up, FollowUpStatus.DROPPED, reason)
    record(session, actor, "follow_up.dropped", follow_up)
    return follow_up


def withdraw(session: Session, actor: Actor, follow_up_id: int, *, reason: str) -> FollowUp | None:
    """Drop what was planned by mistake, whoever has it by now. None when it was closed meanwhile: it stays as it is.

    For services that have asked who may do this.
    """
    follow_up = locked(session, FollowUp, follow_up_id)
    if follow_up.status is not FollowUpStatus.OPEN:
        return None
    _close(follow_up, FollowUpStatus.DROPPED, reason)
    record(session, actor, "follow_up.withdrawn", follow_up)
    return follow_up


def move(
    session: Session,
    actor: Actor,
    follow_up_id: int,
    *,
    version: int | None,
    due_at: datetime,
    reason: str = "",
    on_behalf: bool = False,
) -> FollowUp:
    """To another moment, at which there is a new reminder; whether it is late begins anew."""
    follow_up = _open(session, follow_up_id, version)
    _require_change(actor, follow_up, on_behalf=on_behalf)
    check_due(follow_up.kind, due_at)
    follow_up.due_at, follow_up.reminded_at = due_at, None
    follow_up.to_team_at = follow_up.to_coordinator_at = None
    follow_up.times_moved, follow_up.moved_because = follow_up.times_moved + 1, clean_note(reason)
    record(session, actor, "follow_up.moved", follow_up)
    return follow_up


def assign(session: Session, actor: Actor, follow_up_id: int, *, version: int | None, owner_id: int | None) -> FollowUp:
    """To somebody else, or to the team (None). A new owner of something that is due is reminded too."""
    actor.require(Permission.FOLLOWUP_OWN)
    follow_up = _open(session, follow_up_id, version)
    if not may_assign(actor, follow_up.owner_id, owner_id):
        raise NotAllowed
    _check_owner(session, owner_id)
    if owner_id != follow_up.owner_id:
        follow_up.owner_id, follow_up.reminded_at = owner_id, None
        record(session, actor, "follow_up.assigned", follow_up)
    return follow_up


def planned_call(session: Session, company_id: int) -> FollowUp | None:
    """The one call to this company that is planned, held until the end of the transaction."""
    planned = select(FollowUp).where(
        FollowUp.company_id == company_id,
        FollowUp.status == FollowUpStatus.OPEN,
        col(FollowUp.kind).in_(CALLING_KINDS),
    )
    return session.exec(planned.with_for_update()).one_or_none()


def _open(session: Session, follow_up_id: int, version: int | None) -> FollowUp:
    follow_up = locked(session, FollowUp, follow_up_id, version=version)
    if follow_up.status is not FollowUpStatus.OPEN:
        raise AlreadyClosed
    return follow_up


def _require_change(actor: Actor, follow_up: FollowUp, *, on_behalf: bool = False) -> None:
    actor.require(Permission.FOLLOWUP_OWN)
    if not on_behalf and not may_change(actor, follow_up.owner_id):
        raise NotAllowed


def _check_owner(session: Session, owner_id: int | None) -> None:
    if owner_id is None:
        return
    owner = session.get(User, owner_id)
    if owner is None or not owner.active or not Actor.of(owner).may(Permission.FOLLOWUP_OWN):
        raise NoSuchOwner


def _check_contact(session: Session, wish: FollowUpInput) -> None:
    if wish.contact_id is not None:
        contact = session.get(Contact, wish.contact_id)
        if contact is None or contact.company_id != wish.company_id:
            raise NotFound


def _replace_planned_call(session: Session, actor: Actor, company_id: int) -> None:
    """The caller of the one that is replaced may be a colleague: the company has one next call, whoever makes it."""
    if old := planned_call(session, company_id):
        _close(old, FollowUpStatus.DROPPED, REPLACED)
        record(session, actor, "follow_up.replaced", old)


def _close(follow_up: FollowUp, status: FollowUpStatus, outcome: str) -> None:
    follow_up.status, follow_up.done_at, follow_up.outcome = status, now(), clean_note(outcome)
