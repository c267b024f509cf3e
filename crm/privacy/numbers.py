"""Erasing a number that is of no company: of somebody who was called by mistake, or who asked not to be called."""

import json

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.models import AuditEntry
from crm.audit.services import record
from crm.calling.models import Call
from crm.companies.marks import Erased, mark
from crm.companies.models import Company, CompanyNumber, Suppression, SuppressionReason, TakenBackBlock
from crm.companies.queries import companies_with
from crm.companies.services.numbers import one_number
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.privacy.audit_entries import forget_blocks
from crm.privacy.erasing import keep_mark
from crm.telephony.models import DialledCall, RingingCall


class NumberOfCompany(CrmError):
    def __init__(self, name: str) -> None:
        super().__init__(_("This is a number of {company}. Erase that company instead.").format(company=name))


def of_nobody(session: Session, actor: Actor, numbers: set[str]) -> set[str]:
    """Those of these numbers that no company has; one for which it was wrong does not have it."""
    actor.require(Permission.PRIVACY_MANAGE)
    working = (col(CompanyNumber.e164).in_(numbers), col(CompanyNumber.is_wrong).is_(False))
    return numbers - set(session.scalars(select(col(CompanyNumber.e164)).where(*working)))


def erase_number(session: Session, actor: Actor, text: str) -> Suppression:
    """Take a number out everywhere. What stays is a mark, by which nobody calls it when it comes back.

    Raises NotOneNumber or NumberOfCompany.
    """
    actor.require(Permission.PRIVACY_MANAGE)
    e164, _original = one_number(text)
    if found := companies_with(session, actor, e164).rows:
        raise NumberOfCompany(found[0].company.name)
    reasons = select(col(Suppression.reason)).where(col(Suppression.e164) == e164).order_by(col(Suppression.reason))
    reason = session.scalars(reasons).first() or SuppressionReason.ERASED
    _forget_log(session, e164)
    for kept in (Suppression, TakenBackBlock, CompanyNumber):
        session.execute(delete(kept).where(col(kept.e164) == e164))
    for called in (Call, DialledCall, RingingCall):
        session.execute(update(called).where(col(called.e164) == e164).values(e164=""))
    marked = keep_mark(session, actor, mark(Erased.NUMBER, e164), reason)
    record(session, actor, "suppression.erased", marked)
    return marked


def _forget_log(session: Session, e164: str) -> None:
    for kind in (Suppression, TakenBackBlock):
        forget_blocks(session, kind, col(kind.e164) == e164)
    wrongly = select(col(CompanyNumber.company_id)).where(col(CompanyNumber.e164) == e164)
    about = (col(AuditEntry.subject_type) == Company.__tablename__, col(AuditEntry.subject_id).in_(wrongly))
    for entry in session.scalars(select(AuditEntry).where(*about)):
        if e164 in json.dumps(entry.changes):
            session.execute(update(AuditEntry).where(col(AuditEntry.id) == entry.id).values(changes={}))
