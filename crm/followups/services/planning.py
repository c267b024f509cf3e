"""Planning a follow-up, and what changes of it before it is done."""

from datetime import datetime

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.models import Company
from crm.companies.services import require_contact
from crm.core.clock import now
from crm.core.db import locked
from crm.core.errors import CrmError, NotAllowed, NotFound
from crm.core.i18n import _, show_moment
from crm.followups.inputs import FollowUpEdit, FollowUpInput, clean_note
from crm.followups.models import CALLING_KINDS, REPLACED, FollowUp, FollowUpStatus, FollowUpTemplate
from crm.followups.rules import check_due, may_assign
from crm.followups.services.shared import check_owner, close, hold_company, open_one, planned_call, require_change


class CallPlanned(CrmError):
    def __init__(self, planned: FollowUp) -> None:
        words = _("A call to this company is planned already, for {moment}. Move that one instead.")
        super().__init__(words.format(moment=show_moment(planned.due_at)))


def plan(session: Session, actor: Actor, wish: FollowUpInput) -> FollowUp:
    """Plan a step. A call to a company takes the place of the call that was planned there before.

    So close the callback that was just made before planning the next one.
    """
    actor.require(Permission.FOLLOWUP_OWN)
    if not may_assign(actor, None, wish.owner_id):
        raise NotAllowed
    check_due(wish.kind, wish.due_at)
    check_owner(session, wish.owner_id)
    _check_contact(session, wish)
    if wish.company_id is not None and wish.kind in CALLING_KINDS:
        locked(session, Company, wish.company_id)  # two callers who plan at once must see each other's
        _replace_planned_call(session, actor, wish.company_id)
    follow_up = FollowUp(**wish.model_dump())
    session.add(follow_up)
    record(session, actor, "follow_up.planned", follow_up)
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
    follow_up = open_one(session, follow_up_id, version)
    require_change(actor, follow_up, on_behalf=on_behalf)
    check_due(follow_up.kind, due_at)
    follow_up.due_at, follow_up.reminded_at = due_at, None
    follow_up.to_team_at = follow_up.to_coordinator_at = None
    follow_up.times_moved, follow_up.moved_because = follow_up.times_moved + 1, clean_note(reason)
    record(session, actor, "follow_up.moved", follow_up)
    return follow_up


def edit(session: Session, actor: Actor, follow_up_id: int, given: FollowUpEdit, *, version: int) -> FollowUp:
    """What it is about. Raises CallPlanned for a second call to a company, or what `check_due` raises."""
    hold_company(session, follow_up_id)
    follow_up = open_one(session, follow_up_id, version)
    require_change(actor, follow_up)
    if given.kind is not follow_up.kind:
        _check_kind(session, follow_up, given)
        follow_up.template_id = None
    for name, value in given.model_dump().items():
        setattr(follow_up, name, value)
    record(session, actor, "follow_up.edited", follow_up)
    return follow_up


def _check_kind(session: Session, follow_up: FollowUp, given: FollowUpEdit) -> None:
    if given.kind not in CALLING_KINDS:
        return
    if follow_up.due_at > now():
        check_due(given.kind, follow_up.due_at)
    if follow_up.company_id is not None:
        planned = planned_call(session, follow_up.company_id)
        if planned and planned.id != follow_up.id:
            raise CallPlanned(planned)


def _check_contact(session: Session, wish: FollowUpInput) -> None:
    if wish.contact_id is not None:
        require_contact(session, wish.company_id, wish.contact_id)
    if wish.template_id is not None:
        template = session.get(FollowUpTemplate, wish.template_id)
        if template is None or template.kind is not wish.kind:
            raise NotFound


def _replace_planned_call(session: Session, actor: Actor, company_id: int) -> None:
    """The caller of the one that is replaced may be a colleague: the company has one next call, whoever makes it."""
    if old := planned_call(session, company_id):
        close(old, FollowUpStatus.DROPPED, "")
        old.outcome_code = REPLACED
        record(session, actor, "follow_up.replaced", old)
