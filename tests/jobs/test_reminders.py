"""Exactly once: nothing lost and nothing doubled, whatever happens to the processes that do it."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select
from structlog.testing import capture_logs

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling.models import Claim
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.core.settings import PROJECT_DIR
from crm.followups import reminders
from crm.followups.models import FollowUp, FollowUpKind
from crm.messaging.models import Notice, OutboxMessage
from jobs.claims import release_claims
from jobs.reminders import remind_due
from jobs.units import SomeFailed
from tests.conftest import add_user, make_company

FAULTS = int(os.environ.get("FAULTS", "15"))
WHAT_IS_CLAIMED = {
    "sqlite": """
        CREATE TABLE told (follow_up_id INTEGER);
        CREATE TRIGGER tell AFTER UPDATE OF reminded_at ON follow_up
        WHEN OLD.reminded_at IS NULL AND NEW.reminded_at IS NOT NULL
        BEGIN INSERT INTO told VALUES (NEW.id); END;
    """,
    "postgresql": """
        CREATE TABLE told (follow_up_id INTEGER);
        CREATE FUNCTION note_told() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO told VALUES (NEW.id); RETURN NULL; END $$;
        CREATE TRIGGER tell AFTER UPDATE OF reminded_at ON follow_up FOR EACH ROW
        WHEN (OLD.reminded_at IS NULL AND NEW.reminded_at IS NOT NULL) EXECUTE FUNCTION note_told();
    """,
}


@pytest.fixture
def watched(database: Engine) -> Engine:
    """The database itself writes down each follow-up that is claimed for a reminder."""
    connection = database.raw_connection()
    if database.dialect.name == "sqlite":
        connection.executescript(WHAT_IS_CLAIMED["sqlite"])
    else:
        connection.cursor().execute(WHAT_IS_CLAIMED["postgresql"])
    connection.commit()
    connection.close()
    return database


def add_owner(role: Role = Role.CALLER) -> Actor:
    with transaction() as session:
        return add_user(session, role)


def make_due(number: int, owner_id: int | None, minutes_ago: float = 1) -> set[int]:
    with transaction() as session:
        company = make_company(session)
        due = [
            FollowUp(
                kind=FollowUpKind.OTHER,
                due_at=now() - timedelta(minutes=minutes_ago, seconds=second),
                owner_id=owner_id,
                company_id=company.id,
            )
            for second in range(number)
        ]
        session.add_all(due)
        session.flush()
        return {follow_up.id for follow_up in due}


def expire_claim(owner: Actor) -> None:
    with transaction() as session:
        over = now() - timedelta(minutes=1)
        claim = Claim(company_id=make_company(session).id, user_id=owner.user_id, expires_at=over)
        session.add(claim)


def run_faults(database: Engine, *args: object) -> int:
    environment = os.environ | {
        "KOPKOFFIE_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "KOPKOFFIE_SMTP_HOST": "mail.voorbeeld.nl",
        "PYTHONPATH": str(PROJECT_DIR),
    }
    command = [sys.executable, str(Path(__file__).parent / "faults.py"), *map(str, args)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=3600, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def check(
    database: Engine, faults: int, due: set[int], owner_ids: set[int], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each follow-up claimed once and told of once; each claim released once."""
    with reading() as session:
        claimed = Counter(session.execute(text("SELECT follow_up_id FROM told")).scalars())
        notices = session.exec(select(Notice)).all()
        mails = session.exec(select(OutboxMessage)).all()
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "claim.expired"))
        released = Counter(entry.changes["company"][1] for entry in entries)  # each claim was of its own company
        left = session.exec(select(Claim)).all()
    lost = due - set(claimed)
    doubled = [one for counted in (claimed, released) for one, times in counted.items() if times > 1]
    with capsys.disabled():
        told = f"{len(due)} follow-ups, {len(released)} claims, {len(notices)} notices"
        sys.stdout.write(
            f"\n{database.dialect.name}: {faults} faults; {told}: lost = {len(lost)}, doubled = {len(doubled)}\n"
        )
    assert (lost, doubled, left) == (set(), [], [])
    assert sum(told_of(notice) for notice in notices) == len(due)
    assert {notice.user_id for notice in notices} <= owner_ids
    assert {mail.once_key for mail in mails} <= {notice.once_key for notice in notices}


def told_of(notice: Notice) -> int:
    """Of how many follow-ups a notice tells."""
    return int(notice.title.split()[0]) if notice.once_key.startswith("follow_ups:") else 1


class TestExactlyOnce:
    def test_killed_before_each_step_to_the_database(self, watched, capsys):
        owner, late, coordinator = add_owner(), add_owner(), add_owner(Role.COORDINATOR)
        due = make_due(3, owner.id) | make_due(12, late.id, minutes_ago=24 * 60) | make_due(1, None)
        expire_claim(owner)
        faults = run_faults(watched, "steps")
        assert faults > 15
        check(watched, faults, due, {owner.user_id, late.user_id, coordinator.user_id}, capsys)

    def test_three_schedulers_that_are_killed_stopped_and_cut_off_while_work_comes_in(self, watched, capsys):
        owners = [add_owner() for _each in range(4)]
        due, stop = set(), Event()

        def feed() -> None:
            turn = 0
            while not stop.wait(0.15):
                turn += 1
                owner = owners[turn % len(owners)]
                due.update(make_due(1 + turn % 9, owner.id, minutes_ago=turn % 50))
                expire_claim(add_owner())

        feeding = Thread(target=feed)
        feeding.start()
        try:
            faults = run_faults(watched, "chaos", FAULTS, "koffie")
        finally:
            stop.set()
            feeding.join()
        remind_due()
        release_claims()
        check(watched, faults, due, {owner.user_id for owner in owners}, capsys)


class TestRemindDue:
    def test_tells_how_many_and_then_has_nothing_left(self, database):
        make_due(3, add_owner().id)
        assert remind_due() == 3
        assert remind_due() == 0

    def test_after_a_day_without_a_scheduler_each_gets_one_message(self, database):
        people = [add_owner() for _each in range(3)]
        for person in people:
            with transaction() as session:
                session.add_all(
                    FollowUp(
                        kind=FollowUpKind.OTHER, owner_id=person.id, due_at=now() - timedelta(minutes=60 + 5 * ago)
                    )
                    for ago in range(300)
                )
        assert remind_due() == 900
        with reading() as session:
            told = session.exec(select(Notice)).all()
        assert sorted(notice.user_id for notice in told) == [person.id for person in people]
        assert {told_of(notice) for notice in told} == {300}

    def test_a_bad_one_does_not_silence_the_rest_and_is_tried_again(self, database, monkeypatch):
        due = make_due(3, add_owner().id)
        bad = max(due)
        tell: Callable[..., None] = reminders._tell

        def fail_for_one(session, reader, follow_up, company, case):
            if follow_up.id == bad:
                raise RuntimeError("06 12345678")
            tell(session, reader, follow_up, company, case)

        with monkeypatch.context() as broken, capture_logs() as logs:
            broken.setattr(reminders, "_tell", fail_for_one)
            with pytest.raises(SomeFailed) as failed:
                remind_due()
        assert (failed.value.done, failed.value.failed) == (2, 1)
        assert [(entry["event"], entry["unit"].follow_up_id) for entry in logs] == [("unit_failed", bad)]
        assert remind_due() == 1
        with reading() as session:
            assert len(session.exec(select(Notice)).all()) == len(due)
