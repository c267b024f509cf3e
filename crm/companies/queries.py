"""Reading companies: the card of one, and finding them among a million."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, func, null, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from sqlmodel import select as select_model

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.companies.gate import reach, verdict_columns, verdict_of
from crm.companies.models import (
    Company,
    CompanyNumber,
    Consent,
    Contact,
    CustomerRelation,
    ImportBatch,
    Publication,
    Suppression,
    TakenBackBlock,
)
from crm.companies.rules import EvidenceKind, Verdict
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.core.text import name_key, squeeze

NEIGHBOURS = 10
HIGHEST = "\U0010ffff"

Block = TypeVar("Block", Suppression, TakenBackBlock)
Held = TypeVar("Held", CompanyNumber, Contact, Consent, Publication, CustomerRelation)


EvidenceRow = Consent | Publication | CustomerRelation | Suppression
EVIDENCE_TABLES: dict[EvidenceKind, type[Any]] = {
    EvidenceKind.CONSENT: Consent,
    EvidenceKind.PUBLICATION: Publication,
    EvidenceKind.RELATION: CustomerRelation,
    EvidenceKind.SUPPRESSION: Suppression,
}


@dataclass(frozen=True, slots=True)
class CompanyCard:
    """A company with all that hangs on it here."""

    company: Company
    numbers: list[CompanyNumber]
    contacts: list[Contact]
    consents: list[Consent]
    publications: list[Publication]
    relations: list[CustomerRelation]
    suppressions: list[Suppression]
    taken_back: list[TakenBackBlock]

    @property
    def blocked_contacts(self) -> set[int]:
        return {block.contact_id for block in self.suppressions if block.contact_id}


@dataclass(frozen=True, slots=True)
class FoundCompany:
    """A line in the search results; the verdict leaves the hour of the day out."""

    company: Company
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class FoundCompanies:
    """One page. Counting stops somewhere, and then `more` is true. `instead`: the corrected text, if that was used."""

    rows: list[FoundCompany]
    total: int
    more: bool
    instead: str = ""


def company(session: Session, actor: Actor, company_id: int) -> CompanyCard:
    """Raises NotFound."""
    actor.require(Permission.COMPANY_VIEW)
    found = session.get(Company, company_id)
    if found is None:
        raise NotFound

    def held(kind: type[Held], *order: Any) -> list[Held]:
        theirs = select_model(kind).where(kind.company_id == company_id)
        return list(session.exec(theirs.order_by(*order, col(kind.id))))

    return CompanyCard(
        found,
        held(CompanyNumber, col(CompanyNumber.is_wrong), col(CompanyNumber.is_main).desc()),
        held(Contact),
        held(Consent, col(Consent.given_at).desc()),
        held(Publication, col(Publication.seen_at).desc()),
        held(CustomerRelation, col(CustomerRelation.since).desc()),
        _blocks_of(session, Suppression, found),
        _blocks_of(session, TakenBackBlock, found),
    )


def evidence_row(session: Session, actor: Actor, verdict: Verdict) -> EvidenceRow | None:
    """What a verdict rests on; None when that is no evidence, or a case, which has a screen of its own."""
    actor.require(Permission.COMPANY_VIEW)
    if verdict.evidence is None or verdict.evidence.kind not in EVIDENCE_TABLES:
        return None
    found: EvidenceRow | None = session.get(EVIDENCE_TABLES[verdict.evidence.kind], verdict.evidence.id)
    return found


def _blocks_of(session: Session, kind: type[Block], found: Company) -> list[Block]:
    """Of the company or a branch of it, its people and its numbers."""
    branches = select(col(Company.id)).where(
        or_(col(Company.id) == found.id, col(Company.kvk_number) == (found.kvk_number or "-"))
    )
    people = select(col(Contact.id)).where(col(Contact.company_id) == found.id)
    numbers = select(col(CompanyNumber.e164)).where(col(CompanyNumber.company_id) == found.id)
    clause = or_(
        col(kind.company_id).in_(branches),
        col(kind.contact_id).in_(people),
        col(kind.e164).in_(numbers),
    )
    return list(session.exec(select_model(kind).where(clause).order_by(col(kind.id))))


def companies_with(session: Session, actor: Actor, e164: str) -> FoundCompanies:
    """Who has this number, NEIGHBOURS at most; not those for which it turned out to be wrong."""
    actor.require(Permission.COMPANY_VIEW)
    return owners(session, _with_number(), e164)


@cache
def _with_number() -> Select[int]:
    return owner_ids(col(CompanyNumber.e164) == bindparam("number", type_=String))


def owner_ids(clause: ColumnElement[bool]) -> Select[int]:
    """Says who has a number of which this is true, in order of name."""
    with_number = select(col(CompanyNumber.company_id)).where(clause, col(CompanyNumber.is_wrong).is_(False))
    ids = select(col(Company.id)).where(col(Company.id).in_(with_number))
    return ids.order_by(col(Company.name_key), col(Company.id)).limit(NEIGHBOURS + 1)


def owners(session: Session, ids: Select[int], number: str) -> FoundCompanies:
    """For queries that have checked a permission."""
    found = session.scalars(ids, {"number": number}).all()
    shown = listed(session, found[:NEIGHBOURS])
    return FoundCompanies(shown, len(shown), more=len(found) > NEIGHBOURS)


def listed(session: Session, ids: Sequence[int]) -> list[FoundCompany]:
    """These companies in this order, each with whether it may be called, for queries that have checked a permission."""
    when = now()
    rows = session.execute(_with_facts(), {"ids": ids} | reach(when)).mappings() if ids else ()
    found = {row["Company"].id: FoundCompany(row["Company"], verdict_of(row, when)) for row in rows}
    return [found[company_id] for company_id in ids if company_id in found]


@cache
def _with_facts() -> Select[Any]:
    # Kept, as other statements here: building one takes longer than running it.
    return select(Company, *verdict_columns()).where(col(Company.id).in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block, of whom it is as far as that is still known, who made it, and who took it back."""

    block: Suppression | TakenBackBlock
    company: Company | None
    person: str
    made_by: str
    taken_back_by: str


@dataclass(frozen=True, slots=True)
class BlockPage:
    """`older` is where the next page starts; None on the last one."""

    rows: list[BlockRow]
    older: int | None


def blocks(
    session: Session,
    actor: Actor,
    text: str = "",
    *,
    taken_back: bool = False,
    before: int | None = None,
    size: int = 25,
) -> BlockPage:
    """Who is not to be called, or what of that was a mistake: the newest first, from just before block `before`.

    `text` is a part of the name of a company or person, or at least four digits of a number.
    """
    actor.require(Permission.PRIVACY_MANAGE)
    kind, taker = (TakenBackBlock if taken_back else Suppression), aliased(User)
    taker_id = col(TakenBackBlock.taken_back_by_id) if taken_back else null()
    statement = (
        select(kind, Company, col(Contact.name), col(User.name), col(taker.name))
        .outerjoin(Contact, col(Contact.id) == kind.contact_id)
        .outerjoin(Company, col(Company.id) == func.coalesce(kind.company_id, Contact.company_id))
        .outerjoin(User, col(User.id) == kind.made_by_id)
        .outerjoin(taker, col(taker.id) == taker_id)
        .where(*_about(kind, squeeze(text)))
    )
    if before is not None:
        statement = statement.where(col(kind.id) < before)
    found = session.execute(statement.order_by(col(kind.id).desc()).limit(size + 1)).all()
    rows = [BlockRow(block, company, *(name or "" for name in names)) for block, company, *names in found[:size]]
    return BlockPage(rows, rows[-1].block.id if len(found) > size else None)


def _about(kind: type[Suppression | TakenBackBlock], text: str) -> Iterator[ColumnElement[bool]]:
    digits = re.sub(r"[\s.+()-]", "", text)
    if digits.isdecimal() and len(digits) >= 4:
        yield col(kind.e164).contains(digits.removeprefix("0"), autoescape=True)
    elif text:
        named = col(Company.name_key).contains(name_key(text), autoescape=True)
        yield or_(named, col(Contact.name).icontains(text, autoescape=True))


def starts_with(column: Any, text: Any) -> ColumnElement[bool]:
    """A range instead of LIKE: both databases walk an index for it (see `ordered_text`)."""
    return and_(column >= text, column < text + HIGHEST)


def newest_import(session: Session) -> int:
    """The number of the newest import, 0 for none. Imports come in one at a time."""
    return session.scalar(select(func.max(col(ImportBatch.id)))) or 0


def towns(session: Session, actor: Actor) -> list[str]:
    """Every town once."""
    actor.require(Permission.COMPANY_VIEW)
    return _towns(session)


def _towns(session: Session) -> list[str]:
    # It hops through the index, so a million companies cost as much as their towns.
    first = select(func.min(col(Company.town)).label("town")).where(col(Company.town) > "")
    hops = first.cte("hops", recursive=True)
    after = select(func.min(col(Company.town))).where(col(Company.town) > hops.c.town).scalar_subquery()
    hops = hops.union_all(select(after).where(hops.c.town.is_not(None)))
    return [town for town in session.scalars(select(hops.c.town)) if town]
