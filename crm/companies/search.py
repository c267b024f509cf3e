"""Finding companies among a million by whatever somebody types: what an index can answer, and nothing else.

It costs two statements: one gives the ids in order, one the companies of a page. With several words another one tells
which of them the fewest companies have, and when nothing is found another one tells which words may be meant.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from rapidfuzz.distance import OSA
from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.models import Company, CompanyNumber
from crm.companies.queries import FoundCompanies, listed, owner_ids, owners, starts_with
from crm.companies.words import COMPANY_WORD, SHORTEST_PART, WORD_FORM, Form, slips, words_of
from crm.core.text import name_key, squeeze
from crm.telephony.numbers import parse_numbers

MOST = 120
MOST_FORMS = 100
MOST_WORDS = 12
FEWEST_DIGITS = 4
COUNTED = (1_000, 8_000, 64_000)  # to count is cheap beside checking what else companies have that one word
KEPT = 500  # statements, of the kinds of texts that there are: building one takes longer than running it


Only = Callable[[Mapped[int] | ColumnElement[int]], ColumnElement[bool]]
"""Says in a statement of the id of a company whether that company counts."""


class Look(NamedTuple):
    """Where to look in one index, and for what."""

    place: str
    value: str


def search(session: Session, actor: Actor, text: str = "", page: int = 1, page_size: int = 25) -> FoundCompanies:
    """Companies by a part of their name, by town, postcode, KVK or branch number, or by their telephone number or the
    first or last digits of it. What begins like the text comes first. An empty text gives all.

    When nothing is found, words with one slip are corrected; `instead` then says what was looked for.
    """
    actor.require(Permission.COMPANY_VIEW)
    ids, instead = matching(session, text)
    first = (page - 1) * page_size
    rows = listed(session, ids[:MOST][first : first + page_size])
    return FoundCompanies(rows, min(len(ids), MOST), more=len(ids) > MOST, instead=instead)


def matching(session: Session, text: str, only: Only | None = None) -> tuple[Sequence[int], str]:
    """The ids, one more than MOST at most, and the corrected text. For queries that have checked a permission.

    `only` is asked of each company that has the text, so that those it leaves out take no place.
    """
    text = squeeze(text)
    looks, words = list(_looks(text)), words_of(text)[:MOST_WORDS]
    counts = _counts(session, words)
    rare = _rarest_first(counts)
    found = _ids(session, text, looks, rare, only)
    if found or (only and _ids(session, text, looks, rare)) or not (meant := _corrected(session, counts)):
        return found, ""
    instead = " ".join(meant)
    return _ids(session, instead, [], _rarest_first(meant), only), instead


def _looks(text: str) -> Iterator[Look]:
    key = name_key(text)
    if key or not text:
        yield Look("name", key)
    bare = re.sub(r"[\s.+()-]", "", text)
    if re.fullmatch(r"[1-9]\d{3}([A-Za-z]{2})?", bare):
        yield Look("postcode", bare.upper())
    if bare.isdecimal() and bare.isascii():
        yield from _looks_for_digits(bare, text)


def _looks_for_digits(digits: str, text: str) -> Iterator[Look]:
    if len(digits) == 8:
        yield Look("kvk", digits)
    if len(digits) == 12:
        yield Look("branch", digits)
    if whole := [number.e164 for number in parse_numbers(text)]:
        yield from (Look("number", e164) for e164 in whole)
    elif FEWEST_DIGITS <= len(digits) <= 9:
        yield Look("last", digits[::-1])
        if digits.startswith("0"):
            yield Look("first", f"+31{digits[1:]}")


def _ids(
    session: Session, text: str, looks: Sequence[Look], words: Sequence[str], only: Only | None = None
) -> Sequence[int]:
    if not looks and not words:
        return []
    places, tails = tuple(look.place for look in looks), _with_tails(words)
    statement = _build(places, tails, MOST + 1, only) if only else _statement(places, tails, MOST + 1)
    values = {f"look_{n}": look.value for n, look in enumerate(looks)} | _numbered(words)
    return session.scalars(statement, {"start": name_key(text)} | values).all()


def _with_tails(words: Sequence[str]) -> tuple[bool, ...]:
    return tuple(len(word) >= SHORTEST_PART for word in words)


def _numbered(words: Sequence[str]) -> dict[str, str]:
    return {f"word_{n}": word for n, word in enumerate(words)}


@lru_cache(KEPT)
def _statement(places: tuple[str, ...], words: tuple[bool, ...], most: int) -> Select[int]:
    return _build(places, words, most)


def _build(places: tuple[str, ...], words: tuple[bool, ...], most: int, only: Only | None = None) -> Select[int]:
    """The ids in order: each look is limited, and what the first ones find goes before the rest."""
    looks = [_look(place, bindparam(f"look_{n}", type_=String), only) for n, place in enumerate(places)]
    looks += _having(words, only) if words else []
    parts = [_limited(look, most, rank) for rank, look in enumerate(looks)]
    found = union_all(*parts).subquery()
    first = select(found.c.id).group_by(found.c.id).order_by(func.min(found.c.rank), found.c.id)
    chosen = first.limit(literal_column(str(most))).subquery()
    begins = case((starts_with(col(Company.name_key), bindparam("start", type_=String)), 0), else_=1)
    in_order = select(col(Company.id)).join(chosen, chosen.c.id == Company.id)
    return in_order.order_by(begins, col(Company.name_key), col(Company.id))


def _limited(look: Select[int], most: int, rank: int = 0) -> Select[int, int]:
    # The number itself and no parameter: PostgreSQL plans for a limit that it knows.
    some = look.limit(literal_column(str(most))).subquery()
    return select(some.c.id, literal_column(str(rank)).label("rank"))


_COLUMNS: dict[str, tuple[Any, Any]] = {
    "name": (Company.id, Company.name_key),
    "postcode": (Company.id, Company.postcode),
    "kvk": (Company.id, Company.kvk_number),
    "branch": (Company.id, Company.branch_number),
    "number": (CompanyNumber.company_id, CompanyNumber.e164),
    "first": (CompanyNumber.company_id, CompanyNumber.e164),
    "last": (CompanyNumber.company_id, CompanyNumber.backwards),
}


def _look(place: str, value: Any, only: Only | None) -> Select[int]:
    ids, column = _COLUMNS[place]
    is_it = col(column) == value if place in ("kvk", "branch", "number") else starts_with(col(column), value)
    chosen = [only(col(ids))] if only else []
    return select(col(ids).label("id")).where(is_it, *chosen).order_by(column)


def _having(words: Sequence[bool], only: Only | None) -> list[Select[int]]:
    """Companies that have the first word and all of the others."""
    chosen = [only(COMPANY_WORD.c.company_id)] if only else []
    return _meeting(0, words[0], *(_is_had(n, has_tails) for n, has_tails in enumerate(words) if n), *chosen)


def _meeting(n: int, has_tails: bool, *checks: ColumnElement[bool]) -> list[Select[int]]:
    """By what a word begins with, and by what stands further on in it.

    Two looks, as a database walks one range after the other but not two at once.
    """
    word, company_id = COMPANY_WORD.c.word, COMPANY_WORD.c.company_id
    ids = select(company_id.label("id")).where(*checks)
    beginning = ids.where(starts_with(word, _word(n))).order_by(word, company_id)
    return [beginning, ids.where(word.in_(_longer_words(n)))] if has_tails else [beginning]


def _is_had(n: int, has_tails: bool) -> ColumnElement[bool]:
    other = COMPANY_WORD.alias(f"other_{n}")
    longer = [other.c.word.in_(_longer_words(n))] if has_tails else []
    is_it = or_(starts_with(other.c.word, _word(n)), *longer)
    return exists().where(other.c.company_id == COMPANY_WORD.c.company_id, is_it)


def _word(n: int) -> ColumnElement[str]:
    return bindparam(f"word_{n}", type_=String)


def _longer_words(n: int) -> Select[str]:
    is_tail = WORD_FORM.c.kind == literal_column(f"'{Form.TAIL}'")
    longer = select(WORD_FORM.c.word).where(starts_with(WORD_FORM.c.form, _word(n)), is_tail)
    return longer.limit(literal_column(str(MOST_FORMS)))


def _rarest_first(counts: Mapping[str, int]) -> list[str]:
    """The word that the fewest companies have is looked up, the others are checked; none when no company has one."""
    return sorted(counts, key=lambda word: counts[word]) if all(counts.values()) else []


def _counts(session: Session, words: Sequence[str]) -> dict[str, int]:
    """How many companies have each word, as far as it matters; a single one only has to be looked up."""
    if len(words) < 2:
        return dict.fromkeys(words, 1)
    counts: Sequence[int] = []
    for most in COUNTED:
        counts = session.execute(_counting(_with_tails(words), most), _numbered(words)).one()
        if min(counts) < most:
            break
    return dict(zip(words, counts, strict=True))


@lru_cache(KEPT)
def _counting(words: tuple[bool, ...], most: int) -> Select[Any]:
    counts: list[Any] = [_count(_meeting(n, has_tails), most) for n, has_tails in enumerate(words)]
    return select(*counts)


def _count(looks: Iterable[Select[int]], most: int) -> ColumnElement[int]:
    found = union_all(*(_limited(look, most) for look in looks)).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _corrected(session: Session, counts: Mapping[str, int]) -> dict[str, int]:
    """The same words with a slip put right in those that no company has; empty when one of them cannot be."""
    missing = list(counts) if len(counts) == 1 else [word for word, count in counts.items() if not count]
    if not missing:
        return {}
    forms = [form for word in missing for form in (word, *slips(word))]
    near = session.execute(_near(MOST + 1), {"forms": forms}).all()
    meant: dict[str, int] = {}
    for word, count in counts.items():
        close = [(n, other) for other, n in near if n and OSA.distance(word, other) == 1] if word in missing else []
        if word in missing and not close:
            return {}
        number, other = max(close, default=(count, word))
        meant[other] = number
    return meant


@cache
def _near(most: int) -> Select[str, int]:
    """Words that have a form in common with a wrong one, and how many companies have them."""
    form, kind, word = WORD_FORM.c
    company = select(COMPANY_WORD.c.company_id).where(starts_with(COMPANY_WORD.c.word, word)).correlate(WORD_FORM)
    companies = select(func.count()).select_from(company.limit(literal_column(str(most))).subquery())
    is_near = form.in_(bindparam("forms", expanding=True)), kind.in_((Form.WHOLE, Form.SLIP))
    return select(word, companies.correlate(WORD_FORM).scalar_subquery()).where(*is_near).distinct()


def companies_ending(session: Session, actor: Actor, digits: str) -> FoundCompanies:
    """Who has a number that ends like this, as `companies_with` tells it of a whole number."""
    actor.require(Permission.COMPANY_VIEW)
    return owners(session, _with_ending(), digits[::-1])


@cache
def _with_ending() -> Select[int]:
    return owner_ids(starts_with(col(CompanyNumber.backwards), bindparam("number", type_=String)))
