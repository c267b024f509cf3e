"""Finding companies among a million by whatever somebody types: what an index can answer, and nothing else."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Select, Subquery, and_, bindparam, case, exists, func, or_, select, union_all
from sqlmodel import Session, col
from sqlmodel import select as select_model
from sqlmodel.sql.expression import SelectOfScalar

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.models import Company, CompanyNumber
from crm.companies.queries import FoundCompanies, owners, starts_with, with_verdicts
from crm.companies.words import COMPANY_WORD, SHORTEST_PART, WORD_FORM, Form, slips, words_of
from crm.core.text import name_key, squeeze
from crm.telephony.numbers import parse_numbers

MOST = 250
MOST_FORMS = 100
FEWEST_DIGITS = 4


def search(session: Session, actor: Actor, text: str = "", page: int = 1, page_size: int = 25) -> FoundCompanies:
    """Companies by a part of their name, by town, postcode, KVK or branch number, or by their telephone number or the
    first or last digits of it. What begins like the text comes first. An empty text gives all.

    When nothing is found, words with one slip are corrected; `instead` then says what was looked for.
    """
    actor.require(Permission.COMPANY_VIEW)
    text = squeeze(text)
    ids, instead = _matches(session, text)
    asked = {"ids": ids[:MOST], "start": name_key(instead or text), "skip": (page - 1) * page_size, "size": page_size}
    rows = session.exec(_in_order(), params=asked).all()
    return FoundCompanies(with_verdicts(session, rows), min(len(ids), MOST), more=len(ids) > MOST, instead=instead)


@cache
def _in_order() -> SelectOfScalar[Company]:
    # Kept, as other statements here: building one takes longer than running it.
    begins = case((starts_with(col(Company.name_key), bindparam("start")), 0), else_=1)
    wanted = select_model(Company).where(col(Company.id).in_(bindparam("ids", expanding=True)))
    in_order = wanted.order_by(begins, col(Company.name_key), col(Company.id))
    return in_order.offset(bindparam("skip")).limit(bindparam("size"))


def _matches(session: Session, text: str) -> tuple[list[int], str]:
    """The ids, one more than MOST at most, and the corrected text."""
    if not text:
        return _ids(session, select(col(Company.id)).order_by(col(Company.name_key))), ""
    words = words_of(text)
    found = dict.fromkeys(_quick(session, text))
    if words and len(found) <= MOST:
        found |= dict.fromkeys(_by_words(session, words))
    if found or not (meant := _corrected(session, words)):
        return list(found)[: MOST + 1], ""
    return list(dict.fromkeys(_by_words(session, meant))), " ".join(meant)


def _ids(session: Session, statement: Select[Any]) -> list[int]:
    return list(session.scalars(statement.limit(MOST + 1)))


def _quick(session: Session, text: str) -> list[int]:
    """What one look into an index answers. Each part is limited, so a short text costs no more than a long one."""
    parts = [_limited(clause) for clause in _clauses(text)]
    return _ids(session, select(union_all(*parts).subquery().c.id)) if parts else []


def _limited(clause: ColumnElement[bool]) -> Select[Any]:
    return select(select(col(Company.id)).where(clause).limit(MOST + 1).subquery().c.id)


def _clauses(text: str) -> Iterator[ColumnElement[bool]]:
    if key := name_key(text):
        yield starts_with(col(Company.name_key), key)
    bare = re.sub(r"[\s.+()-]", "", text)
    if re.fullmatch(r"[1-9]\d{3}([A-Za-z]{2})?", bare):
        yield starts_with(col(Company.postcode), bare.upper())
    if bare.isdecimal() and bare.isascii():
        yield from _by_digits(bare, text)


def _by_digits(digits: str, text: str) -> Iterator[ColumnElement[bool]]:
    if len(digits) == 8:
        yield col(Company.kvk_number) == digits
    if len(digits) == 12:
        yield col(Company.branch_number) == digits
    if whole := [number.e164 for number in parse_numbers(text)]:
        yield _has_number(col(CompanyNumber.e164).in_(whole))
    elif FEWEST_DIGITS <= len(digits) <= 9:
        yield _has_number(ends_with(digits))
        if digits.startswith("0"):
            yield _has_number(starts_with(col(CompanyNumber.e164), f"+31{digits[1:]}"))


def companies_ending(session: Session, actor: Actor, digits: str) -> FoundCompanies:
    """Who has a number that ends like this, as `companies_with` tells it of a whole number."""
    actor.require(Permission.COMPANY_VIEW)
    return owners(session, ends_with(digits))


def ends_with(digits: str) -> ColumnElement[bool]:
    """A clause on CompanyNumber: these are its last digits."""
    return starts_with(col(CompanyNumber.backwards), digits[::-1])


def _has_number(clause: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(Company.id).in_(select(col(CompanyNumber.company_id)).where(clause).limit(MOST + 1))


def _by_words(session: Session, words: list[str]) -> list[int]:
    """The companies that have all of them. The word that the fewest have is looked up, the others are checked."""
    parts = [_Part(word, _longer_words(session, word)) for word in words]
    if len(parts) > 1:
        counts = session.execute(select(*(part.bounded_count() for part in parts))).one()
        parts = [part for _count, part in sorted(zip(counts, parts, strict=True), key=itemgetter(0))]
    rarest, others = parts[0], parts[1:]
    return _ids(session, select(rarest.companies(*(other.is_in_company for other in others)).c.company_id))


@dataclass(frozen=True, slots=True)
class _Part:
    """What was typed of a word, and the longer words in which that stands further on."""

    start: str
    longer: list[str]

    def _clauses(self, column: ColumnElement[str]) -> list[ColumnElement[bool]]:
        clauses = [starts_with(column, self.start)]
        return [*clauses, column.in_(self.longer)] if self.longer else clauses

    def companies(self, *conditions: Callable[[ColumnElement[int]], ColumnElement[bool]]) -> Subquery:
        """Ids, each search for itself limited, as a database walks one range after the other but not two at once."""
        company_id = COMPANY_WORD.c.company_id
        checks = [condition(company_id) for condition in conditions]
        found = [select(company_id).where(clause, *checks) for clause in self._clauses(COMPANY_WORD.c.word)]
        return union_all(*(select(part.limit(MOST + 1).subquery().c.company_id) for part in found)).subquery()

    def bounded_count(self) -> ColumnElement[int]:
        return select(func.count()).select_from(self.companies()).scalar_subquery()

    def is_in_company(self, company_id: ColumnElement[int]) -> ColumnElement[bool]:
        other = COMPANY_WORD.alias()
        return exists().where(other.c.company_id == company_id, or_(*self._clauses(other.c.word)))


def _longer_words(session: Session, word: str) -> list[str]:
    if len(word) < SHORTEST_PART:
        return []
    form = WORD_FORM.c.form
    statement = select(WORD_FORM.c.word).where(starts_with(form, word), WORD_FORM.c.kind == Form.TAIL)
    return list(dict.fromkeys(session.scalars(statement.limit(MOST_FORMS))))


def _corrected(session: Session, words: list[str]) -> list[str]:
    """The same words with a slip put right in those that no company has; empty when one of them cannot be."""
    meant = [_meant(session, word) for word in words]
    return [word for word in meant if word] if all(meant) and meant != words else []


def _meant(session: Session, word: str) -> str | None:
    if session.scalars(select(_Part(word, _longer_words(session, word)).companies().c.company_id).limit(1)).first():
        return word
    shorter = slips(word)
    is_slip = and_(WORD_FORM.c.kind == Form.SLIP, WORD_FORM.c.form.in_({word, *shorter}))
    is_word = and_(WORD_FORM.c.kind == Form.WHOLE, WORD_FORM.c.form.in_(shorter))
    near = session.scalars(select(WORD_FORM.c.word).where(or_(is_slip, is_word)))
    close = [(_company_count(session, other), other) for other in set(near) if OSA.distance(word, other) == 1]
    return max(close)[1] if close and max(close)[0] else None


def _company_count(session: Session, word: str) -> int:
    return session.scalar(select(_Part(word, []).bounded_count())) or 0
