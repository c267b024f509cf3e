"""The companies that pasted lines are about: a few statements for all lines together, each look bounded."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, literal, or_, select, union_all
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.models import Company, CompanyNumber
from crm.companies.pasting.reading import PastedLine, read_lines
from crm.companies.queries import FoundCompany, listed, starts_with, towns
from crm.core.text import name_key, plain

MOST_EACH = 7
LINES_AT_ONCE = 50
SHORTEST_START = 4

Hits = dict[PastedLine, list[int]]


@dataclass(frozen=True, slots=True)
class LineMatch:
    """What a line may be about, the best first. `is_sure` when there is one, and no doubt about it."""

    line: PastedLine
    companies: tuple[FoundCompany, ...] = ()
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a line is looked up: the keys its name may have, and where the company is as far as that is told."""

    keys: tuple[str, ...]
    town: str = ""
    postcode: str = ""

    def is_there(self, company: Company) -> bool:
        """Whether the company is where the line says; also when it says nothing."""
        if self.postcode and company.postcode:
            return company.postcode.startswith(self.postcode)
        return not self.town or plain(company.town) == plain(self.town)


def find_lines(session: Session, actor: Actor, text: str) -> list[LineMatch]:
    """What each line is about, in the order of the lines. Raises TooManyLines."""
    actor.require(Permission.COMPANY_VIEW)
    lines = read_lines(text)
    known_towns = {plain(town): town for town in towns(session, actor)}
    wanted = {line: _wanted(line, known_towns) for line in lines}
    numbered = _by_numbers(session, lines)
    named = _by_names(session, {line: wanted[line] for line in lines if line not in numbered})
    companies = _companies(session, {company_id for ids in (numbered | named).values() for company_id in ids})
    found = {line: [companies[one] for one in ids] for line, ids in (numbered | named).items()}
    return [_match(line, wanted[line], found.get(line, []), by_number=line in numbered) for line in lines]


def _wanted(line: PastedLine, known_towns: dict[str, str]) -> Wanted:
    """A town may have a cell of its own or end the name: `Bakkerij Jansen Dordrecht`."""
    keys = [name_key(line.name)] if line.name else []
    town = next((known_towns[plain(cell)] for cell in line.cells[1:] if plain(cell) in known_towns), "")
    words = line.name.split()
    for start in range(1, len(words)):
        if end := known_towns.get(plain(" ".join(words[start:]).strip("()"))):
            keys.append(name_key(" ".join(words[:start]).rstrip(" (")))
            town = town or end
            break
    if len(line.cells) > 1:  # a comma that belongs to the name
        keys.append(name_key(" ".join(line.cells[:2])))
    return Wanted(tuple(dict.fromkeys(filter(None, keys))), town, line.postcode)


def _by_numbers(session: Session, lines: Sequence[PastedLine]) -> Hits:
    """A telephone, KVK or branch number says more than a name."""
    owners = _owners(session, {e164 for line in lines for e164 in line.e164s})
    for column, values in (
        (col(Company.kvk_number), {line.kvk_number for line in lines}),
        (col(Company.branch_number), {line.branch_number for line in lines}),
    ):
        for value, company_id in session.execute(select(column, col(Company.id)).where(column.in_(values - {""}))):
            owners[value].append(company_id)
    found = {}
    for line in lines:
        numbers = (line.branch_number, line.kvk_number, *line.e164s)
        if ids := [company_id for number in numbers if number for company_id in owners.get(number, [])]:
            found[line] = list(dict.fromkeys(ids))
    return found


def _owners(session: Session, e164s: Iterable[str]) -> dict[str, list[int]]:
    statement = select(col(CompanyNumber.e164), col(CompanyNumber.company_id)).where(
        col(CompanyNumber.e164).in_(e164s), col(CompanyNumber.is_wrong).is_(False)
    )
    owners = defaultdict(list)
    for e164, company_id in session.execute(statement.order_by(col(CompanyNumber.company_id))):
        owners[e164].append(company_id)
    return owners


def _by_names(session: Session, wanted: dict[PastedLine, Wanted]) -> Hits:
    """First the whole name; for lines without a hit what begins like it."""
    found = _looked_up(session, wanted, _is_key)
    rest = {line: one for line, one in wanted.items() if line not in found}
    return found | _looked_up(session, rest, _begins_like)


def _is_key(key: str) -> ColumnElement[bool]:
    return col(Company.name_key) == key


def _begins_like(key: str) -> ColumnElement[bool]:
    return starts_with(col(Company.name_key), f"{key} ") if len(key) >= SHORTEST_START else false()


def _looked_up(
    session: Session, wanted: dict[PastedLine, Wanted], clause_of: Callable[[str], ColumnElement[bool]]
) -> Hits:
    """Some dozens of lines in a statement. What is where the line says comes first."""
    lines = list(wanted)
    found: dict[PastedLine, dict[int, None]] = {}
    for start in range(0, len(lines), LINES_AT_ONCE):
        portion = dict(enumerate(lines[start : start + LINES_AT_ONCE]))
        parts = [part for place, line in portion.items() for part in _looks(place, wanted[line], clause_of)]
        if parts:
            for place, _rank, company_id in sorted(session.execute(union_all(*parts))):
                found.setdefault(portion[place], {})[company_id] = None
    return {line: list(ids) for line, ids in found.items()}


def _looks(
    place: int, wanted: Wanted, clause_of: Callable[[str], ColumnElement[bool]]
) -> Iterator[Select[tuple[int, int, int]]]:
    there = [starts_with(col(Company.postcode), wanted.postcode)] if wanted.postcode else []
    there += [col(Company.town) == wanted.town] if wanted.town else []
    for nearness, more in enumerate(([or_(*there)], []) if there else ([],)):
        for key in wanted.keys:
            ids = select(col(Company.id)).where(clause_of(key), *more).limit(MOST_EACH).subquery()
            yield select(literal(place), literal(nearness), ids.c.id)


def _companies(session: Session, ids: set[int]) -> dict[int, FoundCompany]:
    return {row.company.id: row for row in listed(session, list(ids))}


def _match(line: PastedLine, wanted: Wanted, found: list[FoundCompany], *, by_number: bool) -> LineMatch:
    """Sure of one that is the only one with the number, or the only one with this name where the line says."""
    likely = [
        one for one in found if wanted.is_there(one.company) and (by_number or one.company.name_key in wanted.keys)
    ]
    if len(likely) > 1:
        likely = [one for one in likely if one.company.name_key in wanted.keys] or likely
    likely = likely or (found if by_number else [])
    others = [one for one in found if one not in likely]
    return LineMatch(line, (*likely, *others)[:MOST_EACH], is_sure=len(likely) == 1)
