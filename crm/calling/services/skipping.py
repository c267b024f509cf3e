"""Not calling a company now, and saying why."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.inputs import SkipInput
from crm.calling.models import CallListEntry, CallStatus, SkippedCompany
from crm.calling.rules import skipped_until
from crm.calling.services.claims import free, held_claim, hold_calls
from crm.calling.services.endings import is_begun, set_aside
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.errors import ChangedMeanwhile, CrmError
from crm.core.i18n import _


class CallBegun(CrmError):
    def __init__(self) -> None:
        super().__init__(_("You have begun this call already. Put it back, or choose a result and save it."))


@dataclass(frozen=True, slots=True)
class SkipRow:
    """A skipped company, with the names of it and of who skipped it."""

    skip: SkippedCompany
    company: str
    caller: str


def skip(session: Session, actor: Actor, given: SkipInput) -> SkippedCompany:
    """Put the company that is held back for as long as the reason asks. Raises CallBegun."""
    actor.require(Permission.CALL_MAKE)
    call = hold_calls(session, actor).get(CallStatus.OPEN)
    if call and is_begun(session, call):
        raise CallBegun
    claim = held_claim(session, actor)
    if claim is None:
        raise ChangedMeanwhile
    entry = session.get(CallListEntry, claim.entry_id) if claim.entry_id else None
    skipped = SkippedCompany(
        company_id=claim.company_id,
        list_id=entry.list_id if entry else None,
        user_id=actor.user_id,
        reason=given.reason,
        note=given.note,
        until=skipped_until(given.reason, now()),
    )
    session.add(skipped)
    record(session, actor, "company.skipped", skipped)
    set_aside(session, actor)
    free(session, claim, due_at=skipped.until)
    return skipped


def skips_of_list(session: Session, actor: Actor, list_id: int, *, limit: int = 50) -> list[SkipRow]:
    """What callers of this list skipped, the latest first."""
    actor.require(Permission.LIST_MANAGE)
    statement = (
        select(SkippedCompany, Company.name, User.name)
        .join(Company, col(Company.id) == SkippedCompany.company_id)
        .join(User, col(User.id) == SkippedCompany.user_id)
        .where(SkippedCompany.list_id == list_id)
        .order_by(col(SkippedCompany.id).desc())
        .limit(limit)
    )
    return [SkipRow(*row) for row in session.exec(statement)]
