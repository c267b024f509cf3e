"""Who is called: what was promised comes first, then the lists, and never somebody who may not be."""

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.models import Call, Claim
from crm.calling.services import CompanyTaken, block, claim_company, claim_next, free, open_call, resume
from crm.companies.gate import may_call
from crm.companies.rules import time_refusal
from crm.core.clock import now
from crm.core.db import locked
from crm.core.errors import CrmError, NotFound
from crm.desk.callbacks import calls_to_make
from crm.desk.cases import may_call_about
from crm.desk.queries import is_agreed
from crm.followups.models import FollowUp, FollowUpStatus
from crm.followups.rules import may_change
from crm.followups.services import AlreadyClosed

MOST_SKIPPED = 200  # companies that may not be called, in one search for one that may


class MayNotBeCalled(CrmError):
    """Says why, in plain words."""


def next_company(session: Session, actor: Actor) -> Call | None:
    """The open call, else one with the next company: own callbacks that are due, those that colleagues are late with,
    then the lists.

    What may not be called is skipped; None when nothing is left or when it is no time to call.
    """
    actor.require(Permission.CALL_MAKE)
    return resume(session, actor) or go_on(session, actor)


def go_on(session: Session, actor: Actor) -> Call | None:
    """The next call of who has none open."""
    return _next_callback(session, actor) or _next_on_lists(session, actor)


def _next_callback(session: Session, actor: Actor) -> Call | None:
    for follow_up in calls_to_make(session, actor):
        if claim := _claim_for(session, actor, follow_up):
            return open_call(session, actor, claim)
    return None


def _claim_for(session: Session, actor: Actor, follow_up: FollowUp) -> Claim | None:
    """None when the person may not be called, or when a colleague was first."""
    company_id = follow_up.company_id or 0
    verdict = may_call_about(session, follow_up, agreed=is_agreed(follow_up))
    if not verdict.allowed:
        return None
    try:
        claim = claim_company(session, actor, company_id, follow_up_id=follow_up.id)
    except CompanyTaken:
        return None
    if locked(session, FollowUp, follow_up.id).status is FollowUpStatus.OPEN:
        return claim
    free(session, claim)  # a colleague made this call and let go of the company at this very moment
    return None


def call_back(session: Session, actor: Actor, follow_up_id: int) -> Call:
    """Open the call of this follow-up ahead of the others. Raises CompanyTaken, CallStillOpen or MayNotBeCalled."""
    actor.require(Permission.CALL_MAKE)
    follow_up = session.get(FollowUp, follow_up_id)
    if follow_up is None or follow_up.company_id is None or not may_change(actor, follow_up.owner_id):
        raise NotFound
    if follow_up.status is not FollowUpStatus.OPEN:
        raise AlreadyClosed
    agreed = is_agreed(follow_up) and follow_up.due_at <= now()
    verdict = may_call_about(session, follow_up, agreed=agreed)
    if not verdict.allowed:
        raise MayNotBeCalled(verdict.reason)
    return open_call(session, actor, claim_company(session, actor, follow_up.company_id, follow_up_id=follow_up.id))


def call_company(session: Session, actor: Actor, company_id: int) -> Call:
    """Open a call with a company that somebody chose. Raises as `call_back` does."""
    actor.require(Permission.CALL_MAKE)
    verdict = may_call(session, company_id)
    if not verdict.allowed:
        raise MayNotBeCalled(verdict.reason)
    return open_call(session, actor, claim_company(session, actor, company_id))


def _next_on_lists(session: Session, actor: Actor) -> Call | None:
    if time_refusal(now(), agreed=False):
        return None
    for _skipped in range(MOST_SKIPPED):
        claim = claim_next(session, actor)
        if claim is None:
            return None
        verdict = may_call(session, claim.company_id)
        if verdict.allowed:
            return open_call(session, actor, claim)
        block(session, actor, verdict.reason)
    return None
