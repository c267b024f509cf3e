"""A company that somebody names during a call: known by now or new, and who named it."""

from sqlmodel import Session

from crm.access.actor import Actor
from crm.calling.services import own_open_call
from crm.companies.inputs import LeadInput
from crm.companies.models import Company, Referral
from crm.companies.services import add_lead, refer
from crm.core.i18n import _


def name_new(session: Session, actor: Actor, call_id: int, lead: LeadInput, *, may_name: bool) -> Referral:
    """Write down a company we do not know yet. Raises CompanyKnown when we do."""
    call = own_open_call(session, actor, call_id)
    # Who asks how we got the number hears this, so a name is in it only when that was agreed.
    introducer = session.get_one(Company, call.company_id).name
    source = introducer if may_name else _("another business owner")
    company = add_lead(session, actor, lead, source=source[:120])
    return name_known(session, actor, call_id, company.id, may_name=may_name)


def name_known(session: Session, actor: Actor, call_id: int, company_id: int, *, may_name: bool) -> Referral:
    """Write down that a company we know was named. Raises NamesItself."""
    call = own_open_call(session, actor, call_id)
    introducer = call.company_id
    return refer(session, actor, company_id, introducer_company_id=introducer, call_id=call.id, may_name=may_name)
