"""Putting a call aside while another comes in, and going back to it.

What is parked stays the caller's own as long as a claim lasts. After that a colleague may get the company, and who
parked it goes on as soon as nobody else is busy with it.
"""

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.models import Call, CallStatus
from crm.calling.services.calls import open_call, own_open_call
from crm.calling.services.claims import CallStillOpen, claim_company, free, held_claim, hold_calls, parked_claim, until
from crm.calling.services.endings import is_begun, set_aside
from crm.core.clock import now
from crm.core.errors import ChangedMeanwhile


def park(session: Session, actor: Actor, call_id: int) -> Call:
    """Put the open call aside with its company held. One call at most is parked: there must be none yet."""
    call = own_open_call(session, actor, call_id)
    call.status, call.parked_at = CallStatus.PARKED, now()
    if (claim := held_claim(session, actor)) and claim.company_id == call.company_id:
        claim.parked, claim.expires_at = True, until()
    record(session, actor, "call.parked", call)
    session.flush()
    return call


def swap(session: Session, actor: Actor, call_id: int) -> Call:
    """The parked call open again, and the open one parked in its place.

    Raises CompanyTaken when the time of what was parked was over and a colleague has it now.
    """
    actor.require(Permission.CALL_MAKE)
    back = hold_calls(session, actor).get(CallStatus.PARKED)
    if back is None:
        raise ChangedMeanwhile
    promised = None
    if claim := parked_claim(session, actor, back.company_id):
        promised = claim.follow_up_id
        free(session, claim)
    back.status, back.parked_at = CallStatus.DONE, None  # for a moment: one call at most is parked, and one is open
    session.flush()
    park(session, actor, call_id)
    back.status = CallStatus.OPEN
    record(session, actor, "call.returned_to", back)
    claim_company(session, actor, back.company_id, entry_id=back.entry_id, follow_up_id=promised)
    return back


def return_to_parked(session: Session, actor: Actor) -> Call:
    """The parked call, open again; a company that was only on screen goes back to its list. Pressing twice counts once.

    Raises CallStillOpen when the open call has begun, CompanyTaken when the time was over and a colleague has it now.
    """
    actor.require(Permission.CALL_MAKE)
    calls = hold_calls(session, actor)
    parked, here = calls.get(CallStatus.PARKED), calls.get(CallStatus.OPEN)
    if parked is None:
        if here is None:
            raise ChangedMeanwhile
        return here
    if here:
        if is_begun(session, here):
            raise CallStillOpen
        set_aside(session, actor)
    if claim := held_claim(session, actor):
        free(session, claim)
    return open_call(session, actor, claim_company(session, actor, parked.company_id, entry_id=parked.entry_id))
