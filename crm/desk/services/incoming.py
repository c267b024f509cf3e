"""A company that rings us. Answering is always allowed, so nothing here asks the gate."""

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.models import Call, CallWay
from crm.calling.queries import my_open_call, my_parked_call, steps
from crm.calling.services import claim_company, open_call, park, release, swap
from crm.companies.inputs import LeadInput
from crm.companies.models import CompanyNumber
from crm.companies.services import add_lead
from crm.core.clock import now
from crm.core.i18n import _
from crm.scripts.queries import newest_version


def answer(session: Session, actor: Actor, company_id: int, *, e164: str = "") -> Call:
    """Open the conversation with a company that rings. Pressing twice counts once. Raises CompanyTaken.

    The call that was open is parked. When another company is parked already, it goes back to its list, due at once,
    with all that was written in it; when it is what was parked that rings, the two change places.
    """
    actor.require(Permission.CALL_MAKE)
    before = my_open_call(session, actor)
    if before and before.company_id != company_id:
        _make_room(session, actor, before, company_id)
    call = open_call(session, actor, claim_company(session, actor, company_id))
    if call.dialled_at is None:  # a call we were about to make is theirs now
        call.way, call.dialled_at = CallWay.INCOMING, now()
        if not steps(session, call.id):  # their own list may still be called with a script that is older than this
            call.script_version_id = newest_version(session, call.script_version_id)
        call.e164 = _number_of(session, company_id, e164) or call.e164
    return call


def _make_room(session: Session, actor: Actor, before: Call, company_id: int) -> None:
    aside = my_parked_call(session, actor)
    if aside is None:
        park(session, actor, before.id)
    elif aside.company_id == company_id:
        swap(session, actor, before.id)
    else:
        release(session, actor, until=now())


def answer_unknown(session: Session, actor: Actor, caller: LeadInput) -> Call:
    """Write down who rings and open the conversation. Raises CompanyKnown when we know this company."""
    actor.require(Permission.CALL_MAKE)
    company = add_lead(session, actor, caller, source=_("called us"))
    return answer(session, actor, company.id)


def _number_of(session: Session, company_id: int, e164: str) -> str:
    known = select(CompanyNumber.e164).where(CompanyNumber.company_id == company_id, CompanyNumber.e164 == e164)
    return session.exec(known).first() or ""
