"""The companies in the database that the rows of a batch may be the same as: a few queries per batch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, null, select

from crm.companies.importing.matching import FULL_POSTCODE, Candidates, Known
from crm.companies.importing.merging import COLUMNS
from crm.companies.importing.rows import FileRow
from crm.companies.models import Company, CompanyNumber
from crm.core.models import Record

COMPANY = Record.metadata.tables[str(Company.__tablename__)]
NUMBER = Record.metadata.tables[str(CompanyNumber.__tablename__)]

IN_ONE_QUERY = 1_000
CROWDED = 200

_SEEN = [
    COMPANY.c[name]
    for name in ("id", "name", "name_key", "postcode", "kvk_number", "branch_number", "street", "town", "version")
]
_COMPANIES = select(null(), null(), *_SEEN)
_SHARING = select(NUMBER.c.e164, NUMBER.c.is_wrong, *_SEEN).join(COMPANY, NUMBER.c.company_id == COMPANY.c.id)


def load_candidates(connection: Connection, rows: Sequence[FileRow], line_of: Mapping[int, int]) -> Candidates:
    """All companies that share a number with one of the rows, or that are at the same postcode.

    At a postcode with very many companies only those with exactly the same name, so that the work does not grow
    with the square of their number. `line_of`: company id to the line of this file that was about it.
    """
    candidates = Candidates()
    found: dict[int, Known] = {}

    def search(statement: Select[Any]) -> None:
        for e164, is_wrong, *seen in connection.execute(statement):
            known = found.get(seen[0])
            if known is None:
                known = found[seen[0]] = Known(*seen)
                known.line = line_of.get(known.id)
            candidates.add(known, [(e164, is_wrong)] if e164 else ())

    for part in _parts(row.values.get("branch_number") for row in rows):
        search(_COMPANIES.where(COMPANY.c.branch_number.in_(part)))
    branches = {known.branch_number for known in found.values()}
    undecided = [row for row in rows if row.values.get("branch_number") not in branches]
    for statement in _searches(connection, undecided):
        search(statement)
    return candidates


def _searches(connection: Connection, rows: Sequence[FileRow]) -> Iterator[Select[Any]]:
    for part in _parts(row.values.get("kvk_number") for row in rows):
        yield _COMPANIES.where(COMPANY.c.kvk_number.in_(part))
    for part in _parts(row.values.get("postcode") for row in rows):
        yield _COMPANIES.where(_at(connection, part, rows))
    for part in _parts(e164 for row in rows for e164 in row.e164s):
        yield _SHARING.where(NUMBER.c.e164.in_(part))


def load_details(connection: Connection, companies: Iterable[Known]) -> None:
    """Fill in what the companies hold, with all their numbers, to see what a row adds."""
    by_id = {known.id: known for known in companies if not known.is_new and not known.values}
    columns = [COMPANY.c[name] for name in COLUMNS]
    for part in _parts(by_id):
        for company_id, *values in connection.execute(select(COMPANY.c.id, *columns).where(COMPANY.c.id.in_(part))):
            by_id[company_id].values = dict(zip(COLUMNS, values, strict=True))
        numbers = select(NUMBER.c.company_id, NUMBER.c.e164, NUMBER.c.is_wrong).where(NUMBER.c.company_id.in_(part))
        for company_id, e164, is_wrong in connection.execute(numbers):
            by_id[company_id].numbers[e164] = is_wrong


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    distinct = list({value: None for value in values if value is not None})
    for start in range(0, len(distinct), IN_ONE_QUERY):
        yield distinct[start : start + IN_ONE_QUERY]


def _at(connection: Connection, postcodes: list[str], rows: Sequence[FileRow]) -> ColumnElement[bool]:
    full = [postcode for postcode in postcodes if len(postcode) == FULL_POSTCODE]
    count = select(COMPANY.c.postcode).where(COMPANY.c.postcode.in_(full)).group_by(COMPANY.c.postcode)
    crowded = set(connection.scalars(count.having(func.count() > CROWDED)))
    if not crowded:
        return COMPANY.c.postcode.in_(full)
    names = {row.name_key for row in rows if row.values.get("postcode") in crowded}
    quiet = [postcode for postcode in full if postcode not in crowded]
    exactly = COMPANY.c.postcode.in_(crowded) & COMPANY.c.name_key.in_(names)
    return COMPANY.c.postcode.in_(quiet) | exactly
