"""The database: one engine, reading() and transaction(); nothing else commits."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from time import monotonic, sleep
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Delete,
    Engine,
    Executable,
    Insert,
    Table,
    Update,
    bindparam,
    create_engine,
    delete,
    event,
    inspect,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from crm.core.errors import ChangedMeanwhile, NotFound
from crm.core.models import Record, Versioned
from crm.core.settings import settings

RecordType = TypeVar("RecordType", bound=Record)
Upsert = Callable[[Any], postgresql.Insert | sqlite.Insert]

BUSY_TIMEOUT_MS = 30_000
PORTION = 1000  # rows


def make_engine(url: str) -> Engine:
    """An engine for SQLite (WAL, foreign keys, writers queue up) or PostgreSQL."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    in_utc = {"options": "-c timezone=utc"}
    return create_engine(url, pool_size=20, max_overflow=20, pool_pre_ping=True, connect_args=in_utc)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not open transactions of its own
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    _keep_write_ahead_log(connection)
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "cache_size=-64000"):
        connection.execute(f"PRAGMA {pragma}")


def _keep_write_ahead_log(connection: Any) -> None:
    """For the busy timeout SQLite does not wait here: two that open a new file at once would collide."""
    until = monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its turn at once: upgrading a read lock later fails with "database is locked".
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@cache
def engine() -> Engine:
    """The engine of this process, made at first use."""
    url = settings().url
    if not settings().database_url:
        settings().data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return make_engine(url)


@lru_cache(maxsize=8)
def writing(engine: Engine) -> Engine:
    """The same engine, for transactions that write."""
    return engine.execution_options(writing=True)


@contextmanager
def reading() -> Iterator[Session]:
    """A session for queries. What it changes is thrown away."""
    with Session(engine(), expire_on_commit=False, autoflush=False) as session:
        yield session


@contextmanager
def transaction() -> Iterator[Session]:
    """A session whose work is kept as a whole or not at all."""
    with Session(writing(engine()), expire_on_commit=False) as session, session.begin():
        yield session


def locked(session: Session, model: type[RecordType], record_id: int, *, version: int | None = None) -> RecordType:
    """The record, held until the end of the transaction.

    Raises NotFound, or ChangedMeanwhile when `version` is not the one in the database.
    """
    record: RecordType | None = session.exec(_locking(model), params={"id": record_id}).one_or_none()
    if record is None:
        raise NotFound
    if version is not None and isinstance(record, Versioned) and record.version != version:
        raise ChangedMeanwhile
    return record


@cache
def _locking(model: type[RecordType]) -> SelectOfScalar[RecordType]:
    # Building a statement costs more than running it, so what every click needs is built once.
    statement = select(model).where(col(model.id) == bindparam("id")).with_for_update()
    return statement.execution_options(populate_existing=True)


def run(
    session: Session, statement: Executable, given: Mapping[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Past the ORM, at a fifth of its price: for what every click asks. Objects stay as they were: see `reread`."""
    if session.autoflush:
        session.flush()
    return session.connection().execute(statement, given)


def changed(session: Session, statement: Insert | Update | Delete) -> int:
    """Runs it as `run` does; tells how many rows it wrote or took away."""
    return run(session, statement.execution_options(preserve_rowcount=True)).rowcount


def delete_some(session: Session, model: type[Record], *which: ColumnElement[bool] | bool) -> int:
    """Takes these rows away, a portion at most, so that nobody waits for it. Tells how many; 0 when none was left."""
    some = select(model.id).where(*which).limit(PORTION)
    return changed(session, delete(model).where(col(model.id).in_(some)))


def table_of(model: type[Record]) -> Table:
    """For statements that take no entity, or ask for the type of a column."""
    return cast(Table, inspect(model).local_table)


def insert_for(connection: Connection) -> Upsert:
    """An insert that knows what to do about a row that is there already."""
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


def reread(session: Session, model: type[RecordType], record_id: int) -> None:
    """A statement changed this row: whoever has it in hand sees that."""
    if known := session.identity_map.get(identity_key(model, record_id)):
        session.refresh(known)


def as_read(session: Session, record: RecordType) -> RecordType:
    """The record as if it was read, after a statement that wrote all its fields."""
    make_transient_to_detached(record)
    session.add(record)
    return record


@event.listens_for(Session, "before_flush")
def _count_versions(session: Session, _context: object, _instances: object) -> None:
    for record in session.dirty:
        if isinstance(record, Versioned) and session.is_modified(record):
            record.version += 1
