from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import select

from crm.access.actor import SYSTEM
from crm.access.models import User
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.audit.services import record
from crm.core.db import locked, make_engine, reading, transaction
from crm.core.errors import ChangedMeanwhile, NotFound


def make_user(name="Jan"):
    return User(email="jan@voorbeeld.nl", name=name, role=Role.CALLER, password_hash="-")


class TestTransaction:
    def test_keeps_all_or_nothing(self, database):
        with pytest.raises(RuntimeError), transaction() as session:
            session.add(make_user())
            session.flush()
            raise RuntimeError
        with reading() as session:
            assert session.exec(select(User)).all() == []

    def test_reading_throws_changes_away(self, database):
        with reading() as session:
            session.add(make_user())
            session.flush()
        with reading() as session:
            assert session.exec(select(User)).all() == []


class TestLocked:
    def test_refuses_a_change_based_on_an_old_version(self, session):
        user = make_user()
        session.add(user)
        session.flush()
        seen = user.version
        user.name = "Piet"
        session.flush()
        with pytest.raises(ChangedMeanwhile):
            locked(session, User, user.id, version=seen)

    def test_says_so_when_the_record_is_not_there(self, session):
        with pytest.raises(NotFound):
            locked(session, User, 999)


class TestAudit:
    def test_notes_the_value_before_and_after_whatever_flushed_in_between(self, session):
        user = make_user()
        session.add(user)
        record(session, SYSTEM, "user.added", user)
        user.name = "Piet"
        session.flush()
        user.name = "Klaas"
        record(session, SYSTEM, "user.changed", user, why="marriage")
        added, changed = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert added.changes["name"] == [None, "Jan"]
        assert changed.changes == {"name": ["Jan", "Klaas"], "why": [None, "marriage"]}

    def test_never_holds_a_password(self, session):
        user = make_user()
        session.add(user)
        record(session, SYSTEM, "user.added", user)
        assert session.exec(select(AuditEntry)).one().changes["password_hash"] == ["…", "…"]


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    def open_it(folder: int) -> None:
        own = make_engine(f"sqlite:///{tmp_path / str(folder % 20)}.db")
        with own.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        own.dispose()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(open_it, sorted(range(160), key=lambda number: number % 20)))
