"""Who told us of which company."""

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.companies.models import Company, Referral
from crm.core.db import locked
from crm.core.errors import CrmError
from crm.core.i18n import _


class NamesItself(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This is the company you are talking to. Choose another one."))


def refer(
    session: Session, actor: Actor, company_id: int, *, introducer_company_id: int, call_id: int, may_name: bool
) -> Referral:
    """Keep that one company told us of another. What they say about being named counts as they said it last."""
    actor.require(Permission.COMPANY_EDIT)
    if company_id == introducer_company_id:
        raise NamesItself
    locked(session, Company, company_id)
    known = select(Referral).where(
        Referral.company_id == company_id, Referral.introducer_company_id == introducer_company_id
    )
    referral = session.exec(known).one_or_none() or Referral(
        company_id=company_id,
        introducer_company_id=introducer_company_id,
        call_id=call_id,
        made_by_id=actor.user_id,
    )
    referral.may_name = may_name
    session.add(referral)
    record(session, actor, "company.referred", referral)
    return referral
