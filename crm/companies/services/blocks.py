"""Not to be called any more: a company, a person at it, or a number."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import Change, record
from crm.companies.inputs import NumberBlockInput
from crm.companies.models import Company, CompanyNumber, Suppression, SuppressionReason, TakenBackBlock
from crm.companies.services.contacts import require_contact
from crm.companies.services.numbers import numbers_of, one_number
from crm.core.db import locked
from crm.core.text import squeeze

WHOLE_COMPANY = frozenset({SuppressionReason.OBJECTION, SuppressionReason.COMPLAINT})


def suppress(
    session: Session,
    actor: Actor,
    company_id: int,
    *,
    reason: SuppressionReason,
    e164: str | None = None,
    contact_id: int | None = None,
    note: str = "",
) -> Company:
    """Never call again. An objection or complaint covers the company, all its numbers and the person who made it;
    another reason covers only the number or person given, or else the company with its numbers.
    """
    actor.require(Permission.COMPANY_BLOCK)
    company = locked(session, Company, company_id)
    note = squeeze(note)[:500]
    if contact_id:
        require_contact(session, company_id, contact_id)
        session.add(Suppression(contact_id=contact_id, reason=reason, note=note, made_by_id=actor.id))
    numbers = {e164} if e164 else set()
    if reason in WHOLE_COMPANY or not (e164 or contact_id):
        session.add(Suppression(company_id=company_id, reason=reason, note=note, made_by_id=actor.id))
        numbers |= {number.e164 for number in numbers_of(session, company_id)}
    _suppress_numbers(session, actor, numbers, reason, note)
    record(
        session,
        actor,
        "company.suppressed",
        company,
        reason=reason.value,
        numbers=sorted(numbers),
        contact_id=Change(None, contact_id),
    )
    return company


def take_back_blocks(session: Session, actor: Actor, company_id: int, block_ids: Collection[int], reason: str) -> None:
    """Blocks of one company that were made by mistake. A number that is blocked for another company too stays blocked.

    For the services that decide about this, which have asked who may do it.
    """
    blocks = session.exec(select(Suppression).where(col(Suppression.id).in_(block_ids)).with_for_update()).all()
    wrong = [block for block in blocks if not (block.e164 and _blocked_elsewhere(session, company_id, block.e164))]
    for block in wrong:
        take_back(session, actor, block, reason)
    numbers = sorted(block.e164 for block in wrong if block.e164)
    company = locked(session, Company, company_id)
    record(session, actor, "company.unblocked", company, reason=reason, numbers=numbers or None)


def take_back(session: Session, actor: Actor, block: Suppression, why: str) -> TakenBackBlock:
    """The block goes, and stays as evidence that it was there."""
    same = ("company_id", "contact_id", "e164", "reason", "note", "made_by_id")
    kept = TakenBackBlock(
        block_id=block.id,
        blocked_at=block.created_at,
        why=why,
        taken_back_by_id=actor.id,
        **{name: getattr(block, name) for name in same},
    )
    session.add(kept)
    session.delete(block)
    return kept


def _blocked_elsewhere(session: Session, company_id: int, e164: str) -> bool:
    others = (
        select(Suppression.id)
        .join(CompanyNumber, col(CompanyNumber.company_id) == Suppression.company_id)
        .where(CompanyNumber.e164 == e164, CompanyNumber.company_id != company_id)
        .where(col(Suppression.reason).in_(WHOLE_COMPANY))
    )
    return session.exec(others.limit(1)).first() is not None


def mark_wrong_number(session: Session, actor: Actor, company_id: int, e164: str) -> Company:
    """The number reaches somebody else: it is not called again, for no company."""
    actor.require(Permission.COMPANY_EDIT)
    company = locked(session, Company, company_id)
    _set_aside(session, company_id, e164)
    _suppress_numbers(session, actor, {e164}, SuppressionReason.WRONG_NUMBER)
    record(session, actor, "company.wrong_number", company, number=e164)
    return company


def mark_out_of_service(session: Session, actor: Actor, company_id: int, e164: str) -> Company:
    """Nobody has the number now, so it does not work for this company; who gets it later may be called."""
    actor.require(Permission.COMPANY_EDIT)
    company = locked(session, Company, company_id)
    _set_aside(session, company_id, e164)
    record(session, actor, "company.out_of_service", company, number=e164)
    return company


def _set_aside(session: Session, company_id: int, e164: str) -> None:
    """The number does not work; the next one that does becomes the main one."""
    numbers = numbers_of(session, company_id)
    for number in numbers:
        if number.e164 == e164:
            number.is_wrong, number.is_main = True, False
    right = [number for number in numbers if not number.is_wrong]
    if right and not any(number.is_main for number in right):
        right[0].is_main = True


def suppress_number(session: Session, actor: Actor, given: NumberBlockInput) -> tuple[Suppression, bool]:
    """Never call this number again, whoever has it now or later. Also tells whether that is new.

    Raises NotOneNumber.
    """
    actor.require(Permission.COMPANY_BLOCK)
    e164, _original = one_number(given.number)
    added = _suppress_numbers(session, actor, {e164}, given.reason, given.note)
    for block in added:
        record(session, actor, "suppression.added", block)
    first = select(Suppression).where(Suppression.e164 == e164).order_by(col(Suppression.id)).limit(1)
    return session.exec(first).one(), bool(added)


def _suppress_numbers(
    session: Session, actor: Actor, numbers: set[str], reason: SuppressionReason, note: str = ""
) -> list[Suppression]:
    known = set(session.exec(select(Suppression.e164).where(col(Suppression.e164).in_(numbers))))
    added = [Suppression(e164=e164, reason=reason, note=note, made_by_id=actor.id) for e164 in sorted(numbers - known)]
    session.add_all(added)
    return added
