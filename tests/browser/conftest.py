"""Journeys in a real Chromium, against real server processes with a database of their own."""

import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect
from sqlalchemy import Engine
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.passwords import hash_password
from crm.access.permissions import Role
from crm.core import clock, db
from crm.core.db import make_engine
from crm.core.settings import PROJECT_DIR
from tests.browser import processes
from tests.conftest import BACKENDS, add_user, copy_of

TUESDAY_AT_TEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
SCREENSHOTS = PROJECT_DIR / "build" / "screenshots"
PASSWORD = "een-lang-genoeg-wachtwoord"  # the same for everyone; hashed once, because hashing is slow on purpose
PATIENCE = 120

SignIn = Callable[[Page, str], None]

expect.set_options(timeout=PATIENCE * 1000)  # two cores, with other tests beside it


@dataclass
class Server:
    """The product in processes of its own, whose clock says it is Tuesday morning."""

    database_url: str
    data_dir: Path
    port: int
    engine: Engine
    processes: dict[str, ForkServerProcess] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, name: str = "web") -> None:
        """Start `web` or `jobs` (the scheduler). The web server is waited for."""
        self.processes[name] = processes.start(name, self._environment(), self.data_dir / f"{name}.log")
        if name == "web":
            self._await()

    def kill(self, name: str = "web") -> None:
        """As a power cut does: nothing can be finished or written."""
        process = self.processes.pop(name)
        process.kill()
        process.join()

    def stop(self) -> None:
        for name in list(self.processes):
            self.kill(name)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """To fill the database, or to look into it."""
        bind = self.engine.execution_options(writing=True)
        with Session(bind, expire_on_commit=False) as session, session.begin():
            yield session

    def add_person(self, role: Role, email: str, name: str = "") -> Actor:
        with self.transaction() as session:
            fields = {"email": email, "name": name or f"{role.value.title()} de Vries"}
            return add_user(session, role, **fields, password_hash=hash_password(PASSWORD))

    def _environment(self) -> dict[str, str]:
        offset = TUESDAY_AT_TEN - datetime.now(UTC)
        own = {
            "KOPKOFFIE_DATABASE_URL": self.database_url,
            "KOPKOFFIE_DATA_DIR": str(self.data_dir),
            "KOPKOFFIE_PORT": str(self.port),
            "KOPKOFFIE_CLOCK_OFFSET": str(round(offset.total_seconds())),
            "KOPKOFFIE_LANGUAGE": "nl",
            "KOPKOFFIE_PUBLIC_URL": self.url,
            "KOPKOFFIE_LETTER_STREET": "Spuiboulevard 100",
            "KOPKOFFIE_LETTER_POSTCODE": "3311 GR",
            "KOPKOFFIE_LETTER_TOWN": "Dordrecht",
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KOPKOFFIE_")}
        return kept | own | self.settings

    def _await(self) -> None:
        until = monotonic() + PATIENCE
        while monotonic() < until:
            try:
                with urlopen(f"{self.url}/healthz", timeout=10):
                    return
            except (URLError, OSError):
                sleep(0.2)
        pytest.fail("the web server did not start: " + (self.data_dir / "web.log").read_text()[-2000:])


@pytest.fixture(params=BACKENDS)
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The web server is running; a test starts the scheduler itself when it needs it: `server.start("jobs")`.

    Here too it is Tuesday from now on: what a test writes is never in the future of the server that reads it.
    """
    offset = TUESDAY_AT_TEN - datetime.now(UTC)
    monkeypatch.setattr(clock, "_offset", cache(lambda: offset))
    url = copy_of("migrated", request.param, tmp_path / "kopkoffie.db", request)
    engine = make_engine(url)
    monkeypatch.setattr(db, "engine", lambda: engine)
    running = Server(url, tmp_path, _free_port(), engine)
    running.start()
    yield running
    running.stop()
    engine.dispose()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def browser_page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window of 1366x768, like the laptops of the desk. A picture of its last state is always kept."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="nl-NL")
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    yield page
    if not page.is_closed():
        screenshot(page, f"last-{request.node.name}")
    context.close()


@pytest.fixture
def sign_in(server: Server) -> SignIn:
    """`sign_in(page, "caller@voorbeeld.nl")`: somebody made by `server.add_person`."""

    def enter(page: Page, email: str, to: str = "/") -> None:
        page.goto(f"{server.url}/sign-in?next={to}")
        page.fill("#email", email)
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_selector("[data-testid=stMain]")

    return enter


def kept(name: str) -> str:
    """The field of the desk with this name, whatever call is open."""
    return f"[class*='st-key-{name}-']"


def choose(page: Page, box: Locator, option: str) -> None:
    """Pick an option of a list by typing it."""
    _choose(page, option, lambda: box.fill(option))
    page.keyboard.press("Escape")


def choose_result(page: Page, name: str) -> None:
    """Choose the result of the call. A click on what stands in for the list while it is loaded would open nothing."""
    _choose(page, name, lambda: page.locator(f"{kept('disposition')} input").click(timeout=5_000))


def _choose(page: Page, option: str, open_list: Callable[[], None]) -> None:
    """Once more when a drawing that was on its way took the list away."""

    def chosen() -> bool:
        try:
            open_list()
            page.get_by_role("option", name=option).first.click(timeout=5_000)
        except TimeoutError:
            return False
        return True

    assert eventually(chosen)


def settled(page: Page) -> None:
    """What was asked for is on screen as a whole, so that the next key is heard."""
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether it comes true: what is on screen may be there before it is in the database."""
    until = monotonic() + PATIENCE
    while not (reached := condition()) and monotonic() < until:
        sleep(0.05)
    return reached


def fits_in_height(page: Page) -> None:
    """Nothing has to be scrolled; what was drawn before may need a moment to go."""
    page.wait_for_function("document.querySelector('.stMain').scrollHeight <= innerHeight")


def press(page: Page, key: str) -> None:
    """A key means what is on screen, so nobody hears one for what is being replaced."""
    settled(page)
    expect(page.locator(".kk-say[aria-busy]")).to_have_count(0)  # the desk takes no answer that comes too early
    page.keyboard.press(key)


def screenshot(page: Page, name: str) -> Path:
    """A picture in build/screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower()).strip('-')}.png"
    page.screenshot(path=path)
    return path
