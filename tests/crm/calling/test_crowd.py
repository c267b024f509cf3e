"""Many callers at once, killed at any moment: nothing is held twice, called wrongly, lost or miscounted.

`CROWD_TIMES=20` makes it twenty times as long.
"""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
import time_machine
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from crm.access.permissions import Role
from crm.calling.models import Call, CallListEntry, Claim, EntryState
from crm.core.db import reading, transaction
from crm.core.settings import PROJECT_DIR
from tests.conftest import add_user, make_company
from tests.crm.calling.building import make_list

CROWD = Path(__file__).with_name("crowd.py")
TIMES = int(os.environ.get("CROWD_TIMES", "1"))
CALLERS = {"sqlite": 8, "postgresql": 50}
COMPANIES = {"sqlite": 600, "postgresql": 1500}
KILLS = {"sqlite": 48, "postgresql": 300}
TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)

LOG = {
    "sqlite": """
        CREATE TABLE crowd_log (
            id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, company_id INTEGER, user_id INTEGER,
            began REAL DEFAULT (julianday('now'))
        );
        CREATE TRIGGER crowd_holds AFTER INSERT ON claim BEGIN
            INSERT INTO crowd_log (kind, company_id, user_id) VALUES ('held', NEW.company_id, NEW.user_id); END;
        CREATE TRIGGER crowd_takes AFTER UPDATE OF user_id ON claim WHEN OLD.user_id <> NEW.user_id BEGIN
            INSERT INTO crowd_log (kind, company_id, user_id) VALUES ('taken', NEW.company_id, NEW.user_id); END;
        CREATE TRIGGER crowd_frees AFTER DELETE ON claim BEGIN
            INSERT INTO crowd_log (kind, company_id, user_id) VALUES ('freed', OLD.company_id, OLD.user_id); END;
        CREATE TRIGGER crowd_calls AFTER INSERT ON call BEGIN
            INSERT INTO crowd_log (kind, company_id, user_id) VALUES ('called', NEW.company_id, NEW.caller_id); END;
    """,
    "postgresql": """
        CREATE TABLE crowd_log (
            id BIGSERIAL PRIMARY KEY, kind TEXT, company_id INTEGER, user_id INTEGER,
            began TIMESTAMPTZ DEFAULT transaction_timestamp()
        );
        CREATE FUNCTION crowd_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_TABLE_NAME = 'call' THEN
                INSERT INTO crowd_log (kind, company_id, user_id) VALUES ('called', NEW.company_id, NEW.caller_id);
            ELSIF TG_OP = 'INSERT' THEN
                INSERT INTO crowd_log (kind, company_id, user_id) VALUES ('held', NEW.company_id, NEW.user_id);
            ELSIF TG_OP = 'DELETE' THEN
                INSERT INTO crowd_log (kind, company_id, user_id) VALUES ('freed', OLD.company_id, OLD.user_id);
            ELSIF OLD.user_id <> NEW.user_id THEN
                INSERT INTO crowd_log (kind, company_id, user_id) VALUES ('taken', NEW.company_id, NEW.user_id);
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER crowd_claims AFTER INSERT OR UPDATE OR DELETE ON claim
            FOR EACH ROW EXECUTE FUNCTION crowd_note();
        CREATE TRIGGER crowd_calls AFTER INSERT ON call FOR EACH ROW EXECUTE FUNCTION crowd_note();
    """,
}


class Noted(NamedTuple):
    """What the database itself wrote down, in the order in which it happened to a company."""

    kind: str
    company_id: int
    user_id: int
    began: object


@pytest.fixture
def user_ids(database: Engine) -> Iterator[list[int]]:
    """Callers of two lists that share companies, one in five a coordinator, on a Tuesday morning."""
    kind = database.dialect.name
    _keep_log(database)
    with time_machine.travel(TUESDAY, tick=False), transaction() as session:
        roles = [Role.CALLER if number % 5 else Role.COORDINATOR for number in range(CALLERS[kind])]
        callers = [add_user(session, role) for role in roles]
        companies = [make_company(session) for _each in range(COMPANIES[kind])]
        make_list(session, callers, companies)
        make_list(session, callers, companies[: COMPANIES[kind] // 5][::-1], name="Nog een")
    return [caller.user_id for caller in callers]


def _keep_log(database: Engine) -> None:
    connection = database.raw_connection()
    if database.dialect.name == "sqlite":
        connection.executescript(LOG["sqlite"])
    else:
        connection.cursor().execute(LOG["postgresql"])
    connection.commit()
    connection.close()


def test_a_crowd_that_is_killed_at_random_keeps_every_rule(
    database: Engine, user_ids: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    killed = _work(database, user_ids)
    with reading() as session:
        rows = session.execute(text("SELECT kind, company_id, user_id, began FROM crowd_log ORDER BY id"))
        log = [Noted(*row) for row in rows]
        counts = Counter(noted.kind for noted in log)
        with capsys.disabled():
            sys.stdout.write(f"\n{database.dialect.name}: {len(user_ids)} callers, {killed} killed, {dict(counts)}\n")
        _one_holder_at_a_time(log)
        _nobody_called_after_an_objection(log)
        _nothing_lost(session)
        _every_attempt_counted_once(session)


def _work(database: Engine, user_ids: list[int]) -> int:
    environment = {
        "KOPKOFFIE_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "KOPKOFFIE_CLOCK_OFFSET": str(round((TUESDAY - datetime.now(UTC)).total_seconds()) + 1),
        "PYTHONPATH": str(PROJECT_DIR),
    }
    done = subprocess.run(
        [sys.executable, str(CROWD), str(KILLS[database.dialect.name] * TIMES), *map(str, user_ids)],
        cwd=PROJECT_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return int(done.stdout)


def _one_holder_at_a_time(log: list[Noted]) -> None:
    """A company is taken up when it is free, or taken over; and called by who holds it."""
    holder: dict[int, int] = {}
    for noted in log:
        if noted.kind == "held":
            assert noted.company_id not in holder, noted
        if noted.kind in {"held", "taken"}:
            holder[noted.company_id] = noted.user_id
        elif noted.kind == "freed":
            assert holder.pop(noted.company_id) == noted.user_id, noted
        elif noted.kind == "called":
            assert holder[noted.company_id] == noted.user_id, noted


def _nobody_called_after_an_objection(log: list[Noted]) -> None:
    """No transaction that began after an objection was kept opens a call with that company."""
    objected: dict[int, list[Noted]] = defaultdict(list)
    for noted in log:
        if noted.kind == "objected":
            objected[noted.company_id].append(noted)
    for noted in log:
        if noted.kind == "called":
            assert all(noted.began <= objection.began for objection in objected[noted.company_id]), noted


def _nothing_lost(session: Session) -> None:
    claims = {claim.entry_id for claim in session.exec(select(Claim)) if claim.entry_id}
    told = defaultdict(list)
    for call in session.exec(select(Call)):
        told[call.company_id].append(call)
    entries = session.exec(select(CallListEntry)).all()
    assert len(entries) == COMPANIES[session.get_bind().dialect.name] * 6 // 5
    for entry in entries:
        assert (entry.state is EntryState.CLAIMED) == (entry.id in claims), entry
        assert (entry.state is EntryState.BLOCKED) == bool(entry.blocked_because), entry
        ended = [call.result for call in told[entry.company_id] if call.result]
        if entry.state is EntryState.DONE:
            assert entry.attempts >= 3 or any(result.retry is None for result in ended), entry


def _every_attempt_counted_once(session: Session) -> None:
    attempts = Counter(call.entry_id for call in session.exec(select(Call)) if call.reached and call.entry_id)
    counted = {entry.id: entry.attempts for entry in session.exec(select(CallListEntry)) if entry.attempts}
    assert counted == dict(attempts)
