"""Calls that their callers left without a result: nobody holds the company any more."""

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.audit.services import record
from crm.calling.models import UNFINISHED, Call, CallStatus
from crm.calling.services.claims import free
from crm.calling.services.endings import lock_lists
from crm.core.clock import now


def end_abandoned(session: Session, actor: Actor, company_id: int) -> bool:
    """End what callers left of calls with this company; False when somebody is busy with it, and then nothing ends.

    For services that have asked who may do this. Holds the calls and the lists of the company from now on.
    """
    statement = select(Call).where(Call.company_id == company_id).order_by(col(Call.id)).with_for_update()
    calls = session.exec(statement.execution_options(populate_existing=True)).all()
    claim = lock_lists(session, company_id).claim
    if claim and claim.expires_at > now():
        return False
    if claim:
        free(session, claim)
    for call in calls:
        if call.status in UNFINISHED:
            call.status, call.parked_at, call.ended_at = CallStatus.DONE, None, now()
            record(session, actor, "call.ended", call)
    return True
