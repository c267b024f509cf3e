"""How long a live list of very many companies keeps others from writing, in short transactions and in one.

    python -m bench.lists [--companies 1000000]

Of the companies 60% come on the list, and a tenth of those go off again: first in the portions of the product, each in
a transaction of its own, then the same as one portion. On SQLite, where whoever writes keeps all others waiting.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from unittest.mock import patch

from sqlalchemy import text
from sqlmodel import Session

from bench.register import fill
from crm.access.actor import SYSTEM
from crm.access.models import User
from crm.access.permissions import Role
from crm.calling.inputs import ListFilters
from crm.calling.lists import live, update_list
from crm.calling.models import CallList
from crm.core import db
from crm.core.db import make_engine
from crm.migrations.runner import upgrade
from crm.scripts.models import ScriptVersion

MOMENT = "'2026-01-01 00:00:00.000000'"


def make_list(session: Session) -> None:
    session.add(ScriptVersion(id=1, key="bench", number=1, title="Bench", source="", checksum="0"))
    session.add(User(id=1, email="a@voorbeeld.nl", name="A", password_hash="-", role=Role.COORDINATOR))
    session.flush()
    filters = ListFilters().model_dump(mode="json")
    session.add(CallList(id=1, name="Bench", script_version_id=1, is_live=True, filters=filters, made_by_id=1))


def measure(name: str, companies: int) -> None:
    """Everything that changes on the list, and how long each transaction took."""
    write(f"UPDATE company SET stopped_at = CASE WHEN id > {companies * 6 // 10} THEN {MOMENT} END")
    report(f"{name}: 60% come on")
    report(f"{name}: nothing changes")
    write(f"UPDATE company SET stopped_at = {MOMENT} WHERE id % 10 = 0")
    report(f"{name}: a tenth go off")
    write("DELETE FROM call_list_entry")


def write(statement: str) -> None:
    with db.transaction() as session:
        session.execute(text(statement))


def report(name: str) -> None:
    with _transactions_timed() as took:
        start = perf_counter()
        change = update_list(SYSTEM, 1)
        seconds = perf_counter() - start
    print(
        f"{name:34} {change.added:>7,} on {change.removed:>7,} off in {seconds:5.1f} s; the longest of {len(took):>3}"
        f" transactions {1000 * max(took):6.0f} ms",
        flush=True,
    )


@contextmanager
def _transactions_timed() -> Iterator[list[float]]:
    took: list[float] = []

    @contextmanager
    def timed() -> Iterator[Session]:
        with db.transaction() as session:
            start = perf_counter()
            yield session
        took.append(perf_counter() - start)

    with patch.object(live, "transaction", timed):
        yield took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=1_000_000)
    companies = parser.parse_args().companies
    with TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'lists.db'}")
        upgrade(engine)
        fill(engine, companies)
        with patch.object(db, "engine", lambda: engine):
            with db.transaction() as session:
                make_list(session)
            measure("in portions", companies)
            with patch.object(live, "PORTION", companies):
                measure("at once", companies)


if __name__ == "__main__":
    main()
