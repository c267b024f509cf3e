"""Asking a telephone system to dial: the intent is a row before anything rings, and the gate is asked right before."""

from uuid import uuid4

from sqlmodel import Session

from crm.access.actor import Actor
from crm.calling.models import Call
from crm.calling.queries import my_claim
from crm.calling.services import mark_dialled, own_open_call, resume
from crm.companies.gate import may_call
from crm.core.clock import now
from crm.desk.queries import is_agreed
from crm.desk.services.opening import MayNotBeCalled
from crm.followups.models import FollowUp
from crm.telephony.dialling.port import Problem
from crm.telephony.models import DialledCall, PhoneLine
from crm.telephony.queries import last_dialled, line_to_dial_on, system_of
from crm.telephony.rules import END, is_lost
from crm.telephony.services import note_problem


def ask_to_dial(session: Session, actor: Actor, call_id: int, e164: str) -> DialledCall | None:
    """What a telephone system has to dial once this is kept. Raises MayNotBeCalled, or CompanyTaken.

    None when it dials already, however often the key is pressed, and for who dials with a link.
    """
    call = own_open_call(session, actor, call_id)  # locks the call, so a second press waits here and finds the first
    before = last_dialled(session, call_id)
    if before and before.state not in END:
        if is_lost(before.state, before.reference, now() - before.created_at):
            note_problem(session, before.id, Problem.UNCLEAR)
        return None
    line = line_to_dial_on(session, actor.user_id)
    if line is None or (before and before.problem):
        mark_dialled(session, actor, call_id, e164=e164)
        return None
    resume(session, actor)
    _require_allowed(session, actor, call, e164)
    return _asked(session, mark_dialled(session, actor, call_id, e164=e164), line)


def _require_allowed(session: Session, actor: Actor, call: Call, e164: str) -> None:
    claim = my_claim(session, actor)
    callback = session.get(FollowUp, claim.follow_up_id) if claim and claim.follow_up_id else None
    verdict = may_call(session, call.company_id, e164=e164, agreed=is_agreed(callback))
    if not verdict.allowed:
        raise MayNotBeCalled(verdict.reason)


def _asked(session: Session, call: Call, line: PhoneLine) -> DialledCall:
    mark = f"kopkoffie-{uuid4().hex}"
    asked = DialledCall(call_id=call.id, system=system_of(line), line=line.line, e164=call.e164, mark=mark)
    session.add(asked)
    session.flush()
    return asked
