"""Done, no longer needed, and taking that back."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.models import Company
from crm.core.clock import local, now
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.followups.models import BY_ITSELF, CALLING_KINDS, WITHDRAWN, FollowUp, FollowUpStatus
from crm.followups.rules import check_outcome
from crm.followups.services.planning import CallPlanned
from crm.followups.services.shared import close, hold_company, open_one, planned_call, require_change
from crm.followups.services.successors import create_successors


class PlannedAnew(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This was planned anew meanwhile. Go on with the new one."))


class CompanyErased(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This company was erased. Nothing is planned for it any more."))


class CannotReopen(CrmError):
    def __init__(self) -> None:
        super().__init__(
            _("This can be taken back on the day itself, and not when a call settled it. Plan a new follow-up instead.")
        )


def complete(
    session: Session,
    actor: Actor,
    follow_up_id: int,
    *,
    version: int | None,
    outcome: str = "",
    outcome_code: str | None = None,
    call_id: int | None = None,
    on_behalf: bool = False,
    without: Collection[int] = (),
) -> FollowUp:
    """Done, and what comes after it is planned, but for the templates in `without`. After a call (`call_id`) the caller
    says what is next. Who does a step of the team takes it by doing it. Raises OutcomeMissing.

    `on_behalf`, here and below: of a colleague, whose step it stays; for who made the call that was promised.
    """
    if call_id is None:
        hold_company(session, follow_up_id)
    follow_up = open_one(session, follow_up_id, version)
    if follow_up.owner_id is None and actor.may(Permission.FOLLOWUP_OWN):
        follow_up.owner_id = actor.id
    require_change(actor, follow_up, on_behalf=on_behalf)
    check_outcome(follow_up.kind, outcome_code, outcome)
    follow_up.done_in_call_id, follow_up.outcome_code = call_id, outcome_code
    close(follow_up, FollowUpStatus.DONE, outcome)
    if follow_up.asked_at:
        follow_up.answered_at = follow_up.done_at
    record(session, actor, "follow_up.done", follow_up)
    if call_id is None:
        create_successors(session, actor, follow_up, without)
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
    follow_up = open_one(session, follow_up_id, version)
    require_change(actor, follow_up, on_behalf=on_behalf)
    close(follow_up, FollowUpStatus.DROPPED, reason)
    record(session, actor, "follow_up.dropped", follow_up)
    return follow_up


def withdraw(session: Session, actor: Actor, follow_up_id: int, *, reason: str) -> FollowUp | None:
    """Drop what was planned by mistake, whoever has it by now. None when it was closed meanwhile: it stays as it is.

    For services that have asked who may do this.
    """
    follow_up = locked(session, FollowUp, follow_up_id)
    if follow_up.status is not FollowUpStatus.OPEN:
        return None
    close(follow_up, FollowUpStatus.DROPPED, reason)
    follow_up.outcome_code = WITHDRAWN
    record(session, actor, "follow_up.withdrawn", follow_up)
    return follow_up


def reopen(session: Session, actor: Actor, follow_up_id: int, *, version: int) -> FollowUp:
    """Take back on the same day that it was done or no longer needed, with what was planned because of it.

    What was planned then and is done already stays. Raises CannotReopen, CompanyErased, PlannedAnew or CallPlanned.
    """
    hold_company(session, follow_up_id)
    follow_up = locked(session, FollowUp, follow_up_id, version=version)
    require_change(actor, follow_up)
    if not can_reopen(follow_up):
        raise CannotReopen
    if follow_up.company_id and session.get_one(Company, follow_up.company_id).erased_at:
        raise CompanyErased
    if _is_planned_anew(session, follow_up):
        raise PlannedAnew
    after = select(FollowUp.id).where(FollowUp.after_id == follow_up.id, FollowUp.status == FollowUpStatus.OPEN)
    for successor_id in session.exec(after.order_by(col(FollowUp.id))).all():
        withdraw(session, actor, successor_id, reason=_("What came before it was taken back."))
    is_call = follow_up.kind in CALLING_KINDS
    if is_call and follow_up.company_id and (planned := planned_call(session, follow_up.company_id)):
        raise CallPlanned(planned)
    follow_up.status, follow_up.outcome, follow_up.outcome_code = FollowUpStatus.OPEN, "", None
    follow_up.done_at = follow_up.answered_at = None
    record(session, actor, "follow_up.reopened", follow_up)
    return follow_up


def _is_planned_anew(session: Session, follow_up: FollowUp) -> bool:
    """What it came after was done a second time, so the same step came a second time."""
    same = select(FollowUp.id).where(
        FollowUp.after_id == follow_up.after_id,
        FollowUp.template_id == follow_up.template_id,
        FollowUp.status != FollowUpStatus.DROPPED,
        FollowUp.id != follow_up.id,
    )
    return follow_up.after_id is not None and session.exec(same).first() is not None


def can_reopen(follow_up: FollowUp) -> bool:
    by_hand = follow_up.done_in_call_id is None and follow_up.outcome_code not in BY_ITSELF
    return by_hand and follow_up.done_at is not None and local(follow_up.done_at).date() == local(now()).date()
