"""Which of the schedulers is at work. The others stand by and take over.

On PostgreSQL an advisory lock decides, which ends with the connection of the one that has it; on SQLite the row of the
lease. In both cases the one at work lets the row grow, and takes it from one that let it stand for a while: a process
that hangs is no better than one that is gone. No clocks are compared: each looks how long it saw no growth itself.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from crm.core import db
from crm.core.db import reading, transaction
from crm.scheduling.models import SchedulerLease

NAME = "scheduler"
SILENCE_SECONDS = 15.0  # after which a spare takes over
SILENT = timedelta(minutes=2)  # after which somebody has to look
ADVISORY_KEY = 7_204_311  # any number that no other program uses in this database

_TRY = text("SELECT pg_try_advisory_lock(:key)")
_UNLOCK = text("SELECT pg_advisory_unlock(:key)")
# Its other connections too: a process that was stopped in the middle of its work still holds the rows it changed.
_END = text("""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = :holder
    UNION ALL
    SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND locktype = 'advisory' AND classid = 0 AND objid = :key
""")


class Lease(Protocol):
    def hold(self) -> bool:
        """Take or keep it; for every few seconds. Raises SQLAlchemyError when the database is away."""

    def release(self) -> None:
        """So that a spare need not wait."""


def lease_of(holder: str) -> Lease:
    """`holder` is a name that no other process has. On PostgreSQL its connections must bear it (PGAPPNAME)."""
    return _LockedLease(holder) if db.engine().dialect.name == "postgresql" else _RowLease(holder)


def last_beat(session: Session) -> datetime | None:
    """The last sign of life of any scheduler; None when there never was one."""
    return session.exec(select(SchedulerLease.beat_at).where(SchedulerLease.name == NAME)).one_or_none()


class _Watch:
    """How long a lease did not grow, as seen by this process."""

    def __init__(self) -> None:
        self._seen: tuple[str, int] | None = None
        self._since = 0.0

    def is_silent(self, lease: SchedulerLease) -> bool:
        if self._seen != (lease.holder, lease.beats):
            self._seen, self._since = (lease.holder, lease.beats), monotonic()
        return monotonic() - self._since >= SILENCE_SECONDS


class _RowLease:
    def __init__(self, holder: str) -> None:
        self._holder, self._watch = holder, _Watch()

    def hold(self) -> bool:
        with reading() as session:
            if not self._may_have(_row(session)):  # a spare does not write
                return False
        with transaction() as session:
            row = _row(session)
            if not self._may_have(row):
                return False
            _grow(session, row, self._holder)
        return True

    def release(self) -> None:
        with transaction() as session:
            row = _row(session)
            if row.holder == self._holder:
                row.holder = ""
                session.add(row)

    def _may_have(self, row: SchedulerLease) -> bool:
        return row.holder in {"", self._holder} or self._watch.is_silent(row)


class _LockedLease:
    def __init__(self, holder: str) -> None:
        self._holder, self._watch = holder, _Watch()
        self._connection: Connection | None = None
        self._locked = False

    def hold(self) -> bool:
        try:
            return self._hold()
        except SQLAlchemyError:
            self._close()
            raise

    def release(self) -> None:
        with suppress(SQLAlchemyError), Session(self._open()) as session:
            if self._locked:
                self._let_go(session)
        self._close()

    def _let_go(self, session: Session) -> None:
        row = _row(session)
        if row.holder == self._holder:
            row.holder = ""
            session.add(row)
        session.flush()
        session.execute(_UNLOCK, {"key": ADVISORY_KEY})  # now: that a connection has ended takes a moment to be seen
        session.commit()

    def _hold(self) -> bool:
        connection = self._open()
        self._locked = self._locked or bool(connection.execute(_TRY, {"key": ADVISORY_KEY}).scalar_one())
        with Session(connection) as session:
            row = _row(session)
            if self._locked:
                _grow(session, row, self._holder)
                session.commit()
            elif row.holder and self._watch.is_silent(row):
                connection.execute(_END, {"holder": row.holder, "key": ADVISORY_KEY})
        return self._locked

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = db.engine().connect().execution_options(isolation_level="AUTOCOMMIT")
        return self._connection

    def _close(self) -> None:
        connection, self._connection, self._locked = self._connection, None, False
        if connection is not None:
            connection.invalidate()  # a lock would stay with a connection that goes back to the pool
            connection.close()


def _row(session: Session) -> SchedulerLease:
    return session.exec(select(SchedulerLease).where(SchedulerLease.name == NAME)).one_or_none() or SchedulerLease(
        name=NAME
    )


def _grow(session: Session, row: SchedulerLease, holder: str) -> None:
    row.holder, row.beats, row.beat_at = holder, row.beats + 1, datetime.now(UTC)
    session.add(row)
