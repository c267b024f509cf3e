"""A register of invented companies, put into a database as fast as it takes them: in bulk, the indexes afterwards."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Table

from crm.companies.models import Company, CompanyNumber
from crm.companies.words import COMPANY_WORD, WORD_FORM, forms_of, words_of
from crm.core.db import table_of
from crm.core.text import name_key
from crm.reference.queries import rows

TRADES = (
    "Bakkerij",
    "Stadsbakkerij",
    "Slagerij",
    "Garage",
    "Kapsalon",
    "Drukkerij",
    "Hovenier",
    "Loodgieter",
    "Advies",
)
SYLLABLES = (
    "ba",
    "de",
    "ko",
    "li",
    "mo",
    "ne",
    "pa",
    "ru",
    "sta",
    "ter",
    "vel",
    "wijk",
    "zon",
    "haar",
    "goed",
    "brink",
)
CHUNK = 10_000
COMPANY = table_of(Company)
COMPANY_NUMBER = table_of(CompanyNumber)
FILLED = (COMPANY, COMPANY_NUMBER, COMPANY_WORD, WORD_FORM)
DAY = "2026-01-01 00:00:00.000000"

Row = tuple[int | str, ...]


class Business(NamedTuple):
    """What differs from one company to the next."""

    id: int
    name: str
    town: str
    postcode: str
    e164: str


@lru_cache(maxsize=1)
def register(number: int) -> list[Business]:
    """Every third surname is shared, as in a real register. The same every time; kept for the next database."""
    dice = random.Random(5)
    places = [(row["town"], f"{row['postcode4']}AB") for row in rows("postcodes.csv") if row["latitude"]]
    names = list(islice(_surnames(), max(number // 3, 1)))
    made = []
    for company_id in range(1, number + 1):
        name = f"{dice.choice(TRADES)} {dice.choice(names)}"
        e164 = f"+31{100_000_000 + company_id * 797 % 800_000_000}"
        made.append(Business(company_id, name, *dice.choice(places), e164))
    return made


def _surnames() -> Iterator[str]:
    dice = random.Random(3)
    while True:
        yield "".join(dice.choices(SYLLABLES, k=4)).title()


def fill(engine: Engine, number: int) -> None:
    """Put them into a database with empty tables."""
    with engine.execution_options(writing=True).begin() as connection, _indexes_afterwards(connection):
        for table, columns, given in _tables(register(number)):
            _insert(connection, table.name, columns.split(), given)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE")


def _tables(companies: list[Business]) -> Iterator[tuple[Table, str, Iterable[Row]]]:
    """Rows in the order in which a table keeps them."""
    yield (
        COMPANY,
        "id name name_key town postcode created_at version legal_form sbi_version activity street email website"
        " non_mailing source",
        (
            (one.id, one.name, name_key(one.name), one.town, one.postcode, DAY, 1, "BV", "2025", *[""] * 4, 0, "")
            for one in companies
        ),
    )
    numbers = ((one.id, one.e164, one.e164[::-1], DAY, "", 1, 0, "") for one in companies)
    yield COMPANY_NUMBER, "company_id e164 backwards created_at original is_main is_wrong source", numbers
    having: dict[str, list[int]] = defaultdict(list)
    for one in companies:
        for word in words_of(f"{one.name} {one.town}"):
            having[word].append(one.id)
    yield COMPANY_WORD, "word company_id", ((word, one) for word in sorted(having) for one in having[word])
    forms = ((form, kind.value, word) for word in having for form, kind in forms_of(word))
    yield WORD_FORM, "form kind word", sorted(forms)


@contextmanager
def _indexes_afterwards(connection: Connection) -> Iterator[None]:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # the keys are right as they are
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
    indexes = [index for table in FILLED for index in table.indexes]
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


def _insert(connection: Connection, table: str, columns: list[str], given: Iterable[Row]) -> None:
    driver: Any = connection.connection.driver_connection
    names = ", ".join(columns)
    if connection.dialect.name == "sqlite":
        driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", given)
        return
    waiting = iter(given)
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        while chunk := list(islice(waiting, CHUNK)):
            copy.write("".join("\t".join(map(str, row)) + "\n" for row in chunk))
