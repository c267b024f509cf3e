"""Bringing a database to the tables of this release, and telling whether it is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

MIGRATIONS_DIR = Path(__file__).resolve().parent
ONE_AT_A_TIME = 5_052_026  # any number will do, as long as every release uses the same


def upgrade(engine: Engine) -> None:
    """Bring the database to this release, in one transaction: all of it or nothing.

    A second start at the same moment waits and then finds nothing left to do.
    """
    with _migrating(engine) as connection:
        command.upgrade(_config(connection), "head")


def is_current(engine: Engine) -> bool:
    return applied(engine) == heads()


def is_newer(engine: Engine) -> bool:
    """Whether a later release has been at this database: it holds a revision that we do not know."""
    known = {revision.revision for revision in _scripts().walk_revisions()}
    return not applied(engine) <= known


def applied(engine: Engine) -> set[str]:
    """The revisions this database is at; empty for one without tables."""
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


@cache
def heads() -> frozenset[str]:
    """The revisions this release asks for. Read once: a monitor asks often, and it takes reading every migration."""
    return frozenset(_scripts().get_heads())


def write_revision(engine: Engine, message: str) -> None:
    """Write a migration for what the models have and the database has not, for a developer to read and correct."""
    with _migrating(engine) as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=f"{len(_revisions()) + 1:04}")


def _revisions() -> list[str]:
    return [revision.revision for revision in _scripts().walk_revisions()]


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_DIR).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    if engine.dialect.name == "sqlite":
        with _without_foreign_keys(engine) as connection:
            yield connection
        return
    with engine.begin() as connection:
        wait_for_turn(connection)
        yield connection


def wait_for_turn(connection: Connection) -> None:
    """Until the end of the transaction no other start prepares this database. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})


@contextmanager
def _without_foreign_keys(engine: Engine) -> Iterator[Connection]:
    # SQLite changes a table by making it anew, which must not take the rows that refer to it along. The pragma
    # does nothing inside a transaction, so it goes to the driver before SQLAlchemy begins one.
    with engine.connect().execution_options(writing=True) as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("This migration leaves rows that refer to nothing; it has been undone.")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
