"""Migrations, on both kinds of database: from nothing to this release, and in step with the models."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from crm.core.db import make_engine
from crm.migrations import runner
from crm.migrations.tables import METADATA
from tests.conftest import BACKENDS, new_postgresql_database


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'migrated.db'}"
    return new_postgresql_database(request.getfixturevalue("postgresql"))


@pytest.fixture
def empty(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def from_models(request: pytest.FixtureRequest, empty: Engine, tmp_path: Path) -> Iterator[Engine]:
    """A database of the same kind, made straight from the models."""
    if empty.dialect.name == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'models.db'}")
    else:
        engine = make_engine(new_postgresql_database(request.getfixturevalue("postgresql")))
    METADATA.create_all(engine)
    yield engine
    engine.dispose()


def test_migrations_and_models_are_in_step(empty: Engine, from_models: Engine) -> None:
    runner.upgrade(empty)
    migrated, modelled = structure(empty), structure(from_models)
    assert migrated.keys() == modelled.keys()
    for table, parts in modelled.items():
        for part, expected in parts.items():
            assert migrated[table][part] == expected, f"The {part} of {table} differ: run `make migration m=...`"


def test_alembic_finds_nothing_left_to_migrate(empty: Engine) -> None:
    runner.upgrade(empty)
    with empty.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []


def test_a_database_is_current_only_after_the_upgrade(empty: Engine) -> None:
    assert runner.applied(empty) == set()
    assert not runner.is_current(empty)
    runner.upgrade(empty)
    assert runner.is_current(empty)
    assert not runner.is_newer(empty)


def test_upgrading_again_changes_nothing(empty: Engine) -> None:
    runner.upgrade(empty)
    add_user_row(empty)
    runner.upgrade(empty)
    with empty.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM app_user")).scalar_one() == 1


def test_a_database_of_a_later_release_is_recognised(empty: Engine) -> None:
    runner.upgrade(empty)
    with empty.execution_options(writing=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    assert runner.is_newer(empty)
    assert not runner.is_current(empty)


def test_starts_at_the_same_moment_do_not_collide(empty: Engine, url: str) -> None:
    def start(_number: int) -> None:
        own = make_engine(url)
        runner.upgrade(own)
        own.dispose()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    assert runner.is_current(empty)


def test_a_failing_migration_leaves_nothing_behind(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object, **_named: object) -> None:
        with_table = next(iter(_given)).attributes["connection"]  # type: ignore[attr-defined]
        with_table.execute(text("CREATE TABLE half (id INTEGER)"))
        raise RuntimeError("power cut")

    monkeypatch.setattr(runner.command, "upgrade", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        runner.upgrade(empty)
    assert inspect(empty).get_table_names() == []


def test_sqlite_guards_foreign_keys_again_after_an_upgrade(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'guarded.db'}")
    runner.upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()


def test_a_new_revision_holds_what_the_models_have_more(
    empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("env.py", "script.py.mako"):
        (tmp_path / name).write_text((runner.MIGRATIONS_DIR / name).read_text("utf-8"), "utf-8")
    (tmp_path / "versions").mkdir()
    monkeypatch.setattr(runner, "MIGRATIONS_DIR", tmp_path)
    runner.write_revision(empty, "Everything at once")
    written = (tmp_path / "versions" / "0001_everything_at_once.py").read_text("utf-8")
    assert '"""Everything at once."""' in written
    assert all(f"'{table}'" in written for table in METADATA.tables)
    assert "AutoString" not in written


def add_user_row(engine: Engine) -> None:
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(
            METADATA.tables["app_user"].insert().values(email="a@b.nl", name="A", role="caller", password_hash="-")
        )


def structure(engine: Engine) -> dict[str, Any]:
    """What the database itself says of its tables, in a form that can be compared."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (repr(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            },
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": _by_name(inspector.get_foreign_keys(table)),
            "unique": _by_name(inspector.get_unique_constraints(table)),
            "indexes": {item["name"]: _plain(item) for item in inspector.get_indexes(table)},
            "checks": {
                item["name"]: re.sub(r"\s+", " ", item["sqltext"]) for item in inspector.get_check_constraints(table)
            },
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _by_name(items: Any) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: str(item["name"]))


def _plain(item: Any) -> str:
    """An index; its condition is an expression that compares only as text."""
    options = {key: str(value) for key, value in item.get("dialect_options", {}).items()}
    return f"{item['column_names']} unique={item['unique']} {item.get('expressions')} {options}"
