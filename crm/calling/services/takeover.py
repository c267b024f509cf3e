"""Taking a company over from a colleague who holds it."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.models import UNFINISHED, Call, CallStatus, Claim
from crm.calling.queries import TAKEN_OVER, my_open_call
from crm.calling.services.claims import CallStillOpen, CompanyTaken, free, held_claim, until
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.db import locked
from crm.core.errors import ChangedMeanwhile, CrmError
from crm.core.i18n import _, show_moment, speaking
from crm.followups.models import FollowUp, FollowUpStatus
from crm.followups.services import assign
from crm.messaging.models import NoticeKind
from crm.messaging.services import notify


class NobodyHolds(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Nobody is busy with this company any more. You can call it yourself."))


def take_over(session: Session, actor: Actor, company_id: int, *, holder_id: int) -> Claim:
    """Hold what this colleague holds. Their call, open or parked, ends without a result; what was written is kept.

    What the actor held before goes back to its list. Pressing twice counts once. Raises CompanyTaken when another
    colleague was first, NobodyHolds when it is free by now, CallStillOpen during a call with another company.
    """
    actor.require(Permission.LIST_MANAGE)
    mine = my_open_call(session, actor)
    if mine and mine.company_id != company_id:
        raise CallStillOpen
    call = _call_of(session, company_id, holder_id)
    claim = _locked_claim(session, actor, company_id)
    if claim.user_id == actor.user_id:
        return claim
    _check_unchanged(session, claim, holder_id, call)
    callback = _move_callback(session, actor, claim)
    _move(session, actor, claim)
    if call:
        call.status, call.parked_at, call.ended_at = CallStatus.DONE, None, now()
        record(session, actor, TAKEN_OVER, call)
    _tell(session, actor, claim.company_id, holder_id, call=call, callback=callback)
    return claim


def _call_of(session: Session, company_id: int, caller_id: int) -> Call | None:
    """The call of a colleague with this company, locked, as far as it is not finished."""
    call_id = _unfinished_call_id(session, company_id, caller_id)
    call = locked(session, Call, call_id) if call_id else None
    return call if call and call.status in UNFINISHED else None


def _unfinished_call_id(session: Session, company_id: int, caller_id: int) -> int | None:
    statement = select(Call.id).where(
        Call.company_id == company_id, Call.caller_id == caller_id, col(Call.status).in_(UNFINISHED)
    )
    return session.exec(statement).first()


def _locked_claim(session: Session, actor: Actor, company_id: int) -> Claim:
    """The one on this company, and that of the actor with it, in the order of all: two may take over crosswise."""
    statement = (
        select(Claim)
        .where((col(Claim.company_id) == company_id) | (col(Claim.user_id) == actor.user_id))
        .order_by(col(Claim.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for claim in session.exec(statement).all():
        if claim.company_id == company_id:
            return claim
    raise NobodyHolds


def _check_unchanged(session: Session, claim: Claim, holder_id: int, call: Call | None) -> None:
    if claim.user_id != holder_id:
        raise CompanyTaken(session.get_one(User, claim.user_id).name, claim.expires_at)
    if _unfinished_call_id(session, claim.company_id, holder_id) != (call.id if call else None):
        raise ChangedMeanwhile  # the colleague began a call at this very moment


def _move(session: Session, actor: Actor, claim: Claim) -> None:
    if own := held_claim(session, actor):
        free(session, own)
    try:
        with session.begin_nested():
            claim.user_id, claim.parked, claim.expires_at = actor.user_id, False, until()
            session.flush()
    except IntegrityError as error:  # the actor got another company in another window
        raise ChangedMeanwhile from error
    record(session, actor, "claim.taken_over", claim, company=claim.company_id)


def _move_callback(session: Session, actor: Actor, claim: Claim) -> FollowUp | None:
    """What was agreed goes along, or the colleague would be told to make the same call once more."""
    agreed = session.get(FollowUp, claim.follow_up_id) if claim.follow_up_id else None
    if agreed is None or agreed.owner_id != claim.user_id or agreed.status is not FollowUpStatus.OPEN:
        return None
    return assign(session, actor, agreed.id, version=None, owner_id=actor.user_id)


def _tell(
    session: Session, actor: Actor, company_id: int, holder_id: int, *, call: Call | None, callback: FollowUp | None
) -> None:
    """In the language of the one who had it."""
    company, holder = session.get_one(Company, company_id), session.get_one(User, holder_id)
    lines = []
    with speaking(holder.language):
        title = _("{name} took over a company from you: {company}").format(name=actor.name, company=company.name)
        if call:
            lines.append(_("Your call ended without a result. What you wrote down in it is kept."))
        if callback:
            moved = _("The callback of {moment} went along.")
            lines.append(moved.format(moment=show_moment(callback.due_at)))
    once_key = f"{TAKEN_OVER}:{company_id}:{holder_id}:{now().isoformat()}"
    page = f"companies?company={company_id}"
    body = "\n".join(lines)
    notify(session, holder_id, kind=NoticeKind.TAKEN_OVER, once_key=once_key, title=title, body=body, page=page)
