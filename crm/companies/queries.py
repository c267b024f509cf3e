"""Reading companies: the card of one, and finding them among a million."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union
from sqlmodel import Session, col
from sqlmodel import select as select_model

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.gate import may_call_many
from crm.companies.models import Company, CompanyNumber, Consent, Contact, Suppression
from crm.companies.rules import Verdict
from crm.core.errors import NotFound
from crm.core.text import name_key, plain, squeeze
from crm.telephony.numbers import parse_numbers

MOST = 1000
NEIGHBOURS = 10
HIGHEST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class CompanyCard:
    """A company with all that hangs on it here."""

    company: Company
    numbers: list[CompanyNumber]
    contacts: list[Contact]
    consents: list[Consent]
    suppressions: list[Suppression]

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
    """One page. `total` stops counting at MOST, and then `more` is true."""

    rows: list[FoundCompany]
    total: int
    more: bool


def company(session: Session, actor: Actor, company_id: int) -> CompanyCard:
    """Raises NotFound."""
    actor.require(Permission.COMPANY_VIEW)
    found = session.get(Company, company_id)
    if found is None:
        raise NotFound
    numbers = session.exec(
        select_model(CompanyNumber)
        .where(CompanyNumber.company_id == company_id)
        .order_by(col(CompanyNumber.is_wrong), col(CompanyNumber.is_main).desc(), col(CompanyNumber.id))
    ).all()
    contacts = session.exec(
        select_model(Contact).where(Contact.company_id == company_id).order_by(col(Contact.id))
    ).all()
    consents = session.exec(
        select_model(Consent).where(Consent.company_id == company_id).order_by(col(Consent.given_at).desc())
    ).all()
    return CompanyCard(found, list(numbers), list(contacts), list(consents), _suppressions(session, found))


def _suppressions(session: Session, found: Company) -> list[Suppression]:
    """Blocks on the company or a branch of it, its people and its numbers."""
    branches = select(col(Company.id)).where(
        or_(col(Company.id) == found.id, col(Company.kvk_number) == (found.kvk_number or "-"))
    )
    people = select(col(Contact.id)).where(col(Contact.company_id) == found.id)
    numbers = select(col(CompanyNumber.e164)).where(col(CompanyNumber.company_id) == found.id)
    clause = or_(
        col(Suppression.company_id).in_(branches),
        col(Suppression.contact_id).in_(people),
        col(Suppression.e164).in_(numbers),
    )
    return list(session.exec(select_model(Suppression).where(clause).order_by(col(Suppression.id))))


def search(session: Session, actor: Actor, text: str = "", page: int = 1, page_size: int = 25) -> FoundCompanies:
    """Companies by the start of their name, by town, postcode, KVK or branch number, or telephone number.

    When nothing starts like this, words anywhere in name and town are looked at. An empty text gives all.
    """
    actor.require(Permission.COMPANY_VIEW)
    ids = _matches(session, squeeze(text))
    wanted = select_model(Company).where(col(Company.id).in_(ids[:MOST]))
    rows = session.exec(
        wanted.order_by(col(Company.name_key), col(Company.id)).offset((page - 1) * page_size).limit(page_size)
    ).all()
    return FoundCompanies(_with_verdicts(session, rows), min(len(ids), MOST), more=len(ids) > MOST)


def companies_with(session: Session, actor: Actor, e164: str) -> FoundCompanies:
    """Who has this number, NEIGHBOURS at most; not those for which it turned out to be wrong."""
    actor.require(Permission.COMPANY_VIEW)
    owners = select(col(CompanyNumber.company_id)).where(
        col(CompanyNumber.e164) == e164, col(CompanyNumber.is_wrong).is_(False)
    )
    wanted = select_model(Company).where(col(Company.id).in_(owners))
    rows = session.exec(wanted.order_by(col(Company.name_key), col(Company.id)).limit(NEIGHBOURS + 1)).all()
    shown = rows[:NEIGHBOURS]
    return FoundCompanies(_with_verdicts(session, shown), len(shown), more=len(rows) > NEIGHBOURS)


def _with_verdicts(session: Session, rows: Sequence[Company]) -> list[FoundCompany]:
    verdicts = may_call_many(session, [row.id for row in rows], any_time=True)
    return [FoundCompany(row, verdicts[row.id]) for row in rows]


def starts_with(column: Any, text: str) -> ColumnElement[bool]:
    """A range instead of LIKE: both databases walk an index for it (see `ordered_text`)."""
    return and_(column >= text, column < text + HIGHEST)


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


def _matches(session: Session, text: str) -> list[int]:
    if not text:
        return _ids(session, [_all()])
    if not name_key(text):  # nothing but signs
        return []
    return _ids(session, _quick(session, text)) or _ids(session, [_limited(_by_words(session, text))])


def _ids(session: Session, parts: list[Select[Any]]) -> list[int]:
    together = union(*parts) if len(parts) > 1 else parts[0]
    return list(session.scalars(together.limit(MOST + 1)))


def _limited(clause: ColumnElement[bool]) -> Select[Any]:
    return select(select(col(Company.id)).where(clause).limit(MOST + 1).subquery().c.id)


def _all() -> Select[Any]:
    return select(select(col(Company.id)).order_by(col(Company.name_key)).limit(MOST + 1).subquery().c.id)


def _quick(session: Session, text: str) -> list[Select[Any]]:
    """What an index answers. Each part is limited, so a short text costs no more than a long one."""
    clauses = [starts_with(col(Company.name_key), name_key(text))]
    if found := _towns_like(session, text):
        clauses.append(col(Company.town).in_(found))
    bare = re.sub(r"[\s.+()-]", "", text)
    if re.fullmatch(r"[1-9]\d{3}([A-Za-z]{2})?", bare):
        clauses.append(starts_with(col(Company.postcode), bare.upper()))
    if bare.isdigit():
        clauses += _by_digits(bare, text)
    return [_limited(clause) for clause in clauses]


def _by_digits(digits: str, text: str) -> Iterable[ColumnElement[bool]]:
    if len(digits) == 8:
        yield col(Company.kvk_number) == digits
    if len(digits) == 12:
        yield col(Company.branch_number) == digits
    if whole := [number.e164 for number in parse_numbers(text)]:
        yield _has_number(col(CompanyNumber.e164).in_(whole))
    elif 4 <= len(digits) <= 9:
        yield _has_number(col(CompanyNumber.e164).endswith(digits))


def _has_number(clause: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(Company.id).in_(select(col(CompanyNumber.company_id)).where(clause).limit(MOST + 1))


def _by_words(session: Session, text: str) -> ColumnElement[bool]:
    """Every word starts a word of the name, or a town."""
    return and_(*(_by_word(session, word) for word in name_key(text).split()))


def _by_word(session: Session, word: str) -> ColumnElement[bool]:
    name = col(Company.name_key)
    return or_(
        name.startswith(word, autoescape=True),
        name.contains(f" {word}", autoescape=True),
        col(Company.town).in_(_towns_like(session, word)),
    )


def _towns_like(session: Session, text: str) -> list[str]:
    start = plain(text)
    return [town for town in _towns(session) if plain(town).startswith(start)]
