"""Taking back a block that was made by mistake.

What somebody asked for stays: who said no to our letter or in a call, and who was erased. The result of a call is put
right by correcting that call, on the day itself; that takes its block back too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_model

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.calling.models import Call, CallStatus
from crm.companies.inputs import TakeBackInput
from crm.companies.marks import Arrival, Erased, company_marks, known_marks, mark, person_mark
from crm.companies.models import Company, CompanyNumber, Contact, Suppression, SuppressionReason
from crm.companies.services import take_back, take_back_blocks
from crm.companies.services.blocks import WHOLE_COMPANY
from crm.core.db import locked
from crm.core.errors import CrmError, NotFound
from crm.core.i18n import N_
from crm.core.text import name_key
from crm.core.types import LabelledEnum
from crm.desk.rules import BLOCKING

Row = TypeVar("Row", Contact, Company)

ONE_ACT = timedelta(seconds=5)  # a company with its numbers and the person who said it are blocked in one transaction


class Stays(LabelledEnum):
    """Why a block is not taken back."""

    ERASED = "erased", N_("They asked to be erased: this block stays.")
    OWN_ANSWER = "own_answer", N_("They said no to our letter themselves: this block stays.")
    IN_A_CALL = (
        "in_a_call",
        N_("They said so in a call: this block stays. On the day itself the result of that call can be changed."),
    )
    WITH_COMPANY = "with_company", N_("The company is blocked as well: that block comes first.")


class BlockStays(CrmError):
    def __init__(self, why: Stays) -> None:
        super().__init__(why.label)


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """What decides about a block, besides the block itself."""

    was_erased: bool = False
    objected_in_call: bool = False
    company_blocked: bool = False


def why_it_stays(block: Suppression, facts: BlockFacts) -> Stays | None:
    if block.mark or block.reason is SuppressionReason.ERASED or facts.was_erased:
        return Stays.ERASED
    if block.company_id is None and facts.company_blocked:
        return Stays.WITH_COMPANY
    if block.reason in WHOLE_COMPANY and block.made_by_id is None:  # nobody of us wrote it down
        return Stays.OWN_ANSWER
    if block.reason in WHOLE_COMPANY and facts.objected_in_call:
        return Stays.IN_A_CALL
    return None


def why_they_stay(session: Session, actor: Actor, blocks: Collection[Suppression]) -> dict[int, Stays]:
    """Of each block that is not taken back, why not. A few queries, however many blocks."""
    actor.require(Permission.PRIVACY_MANAGE)
    facts = _facts(session, blocks)
    found = {block.id: why_it_stays(block, facts[block.id]) for block in blocks}
    return {block_id: why for block_id, why in found.items() if why}


def take_back_block(session: Session, actor: Actor, block_id: int, given: TakeBackInput) -> None:
    """A block of a company takes those of its numbers and people along that were made with it. Raises BlockStays."""
    actor.require(Permission.PRIVACY_MANAGE)
    known = session.get(Suppression, block_id)
    if known is None:
        raise NotFound
    company_id = known.company_id or _company_of(session, known.contact_id)
    if company_id:
        locked(session, Company, company_id)
    block = locked(session, Suppression, block_id)
    if why := why_they_stay(session, actor, [block]).get(block_id):
        raise BlockStays(why)
    if company_id:
        ids = _made_together(session, block) if block.company_id else [block_id]
        take_back_blocks(session, actor, company_id, ids, given.why)
    else:
        record(session, actor, "taken_back_block.unblocked", take_back(session, actor, block, given.why))
        _works_again(session, block)


def _works_again(session: Session, block: Suppression) -> None:
    """The number of a company, which was not wrong after all."""
    if block.reason is SuppressionReason.WRONG_NUMBER:
        for number in session.exec(select_model(CompanyNumber).where(CompanyNumber.e164 == block.e164)):
            number.is_wrong = False


def _company_of(session: Session, contact_id: int | None) -> int | None:
    contact = session.get(Contact, contact_id) if contact_id else None
    return contact.company_id if contact else None


def _made_together(session: Session, block: Suppression) -> list[int]:
    """This block of a company, and those of its numbers and people that the same person made with it."""
    numbers = select(col(CompanyNumber.e164)).where(col(CompanyNumber.company_id) == block.company_id)
    people = select(col(Contact.id)).where(col(Contact.company_id) == block.company_id)
    statement = select_model(Suppression).where(
        or_(
            col(Suppression.id) == block.id,
            col(Suppression.e164).in_(numbers),
            col(Suppression.contact_id).in_(people),
        ),
        Suppression.reason == block.reason,
        Suppression.note == block.note,
        col(Suppression.made_by_id).is_not_distinct_from(block.made_by_id),
        col(Suppression.created_at).between(block.created_at - ONE_ACT, block.created_at + ONE_ACT),
    )
    return [found.id for found in session.exec(statement)]


def _facts(session: Session, blocks: Collection[Suppression]) -> dict[int, BlockFacts]:
    people = _rows(session, Contact, {block.contact_id for block in blocks})
    owners = {block.id: block.company_id or _employer(people, block.contact_id) for block in blocks}
    companies = _rows(session, Company, set(owners.values()))
    marks = {block.id: _marks(block, companies, people) for block in blocks}
    erased = known_marks(session.connection(), set().union(*marks.values()))
    objected = _objected_in_call(session, set(companies))
    blocked, numbers = _blocked(session, set(companies)), _of_blocked_companies(session, {b.e164 for b in blocks})
    return {
        block.id: BlockFacts(
            was_erased=not marks[block.id].isdisjoint(erased),
            objected_in_call=owners[block.id] in objected,
            company_blocked=block.e164 in numbers or owners[block.id] in blocked,
        )
        for block in blocks
    }


def _rows(session: Session, model: type[Row], ids: set[int | None]) -> dict[int, Row]:
    found = session.exec(select_model(model).where(col(model.id).in_(ids - {None})))
    return {row.id: row for row in found}


def _employer(people: Mapping[int, Contact], contact_id: int | None) -> int | None:
    return people[contact_id].company_id if contact_id else None


def _marks(block: Suppression, companies: Mapping[int, Company], people: Mapping[int, Contact]) -> set[str]:
    """By which it would be recognised if it was erased."""
    if block.e164:
        return {mark(Erased.NUMBER, block.e164)}
    if block.contact_id:
        person = people[block.contact_id]
        return {person_mark(person.company_id, name_key(person.name))}
    return company_marks(Arrival.of(companies[block.company_id])) if block.company_id else set()


def _objected_in_call(session: Session, company_ids: set[int]) -> set[int]:
    said = (col(Call.status) == CallStatus.DONE, col(Call.disposition).in_(BLOCKING))
    return set(session.scalars(select(col(Call.company_id)).where(col(Call.company_id).in_(company_ids), *said)))


def _blocked(session: Session, company_ids: set[int]) -> set[int | None]:
    statement = select(col(Suppression.company_id)).where(col(Suppression.company_id).in_(company_ids))
    return set(session.scalars(statement))


def _of_blocked_companies(session: Session, numbers: set[str | None]) -> set[str | None]:
    """Those of these numbers that work and are of a company that is blocked."""
    statement = (
        select(col(CompanyNumber.e164))
        .join(Suppression, col(Suppression.company_id) == CompanyNumber.company_id)
        .where(col(CompanyNumber.e164).in_(numbers - {None}), col(CompanyNumber.is_wrong).is_(False))
    )
    return set(session.scalars(statement))
