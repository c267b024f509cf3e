"""The whole application in a process of its own, started far from the project's folder."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.passwords import hash_password
from crm.access.permissions import Role
from crm.core.db import make_engine
from tests.conftest import add_user, copy_of

PASSWORD = "koffie om tien uur"
PAGE = {"accept": "text/html"}
EVENT_SECRET = "wat-de-centrale-ook-weet"
PATIENCE = 180  # seconds, with other tests beside it
METRICS_TOKEN = "wat-de-bewaker-ook-weet"


@dataclass
class Server:
    """A running application, its database, and what it has logged."""

    url: str
    engine: Engine
    log: Path
    browsers: list[httpx.Client] = field(default_factory=list)

    def browser(self) -> httpx.Client:
        """A browser that nobody is signed in with, at an address of its own so that tests do not slow each other."""
        address = f"198.18.{len(self.browsers) // 250}.{len(self.browsers) % 250}"
        browser = httpx.Client(base_url=self.url, headers=PAGE | {"x-forwarded-for": address}, timeout=PATIENCE)
        self.browsers.append(browser)
        return browser

    def add(self, role: Role = Role.CALLER, **overrides: object) -> str:
        """A new user's e-mail address; the password is PASSWORD."""
        fields = {"email": f"{uuid4().hex[:10]}@voorbeeld.nl", "password_hash": hash_password(PASSWORD)} | overrides
        with self.transaction() as session, session.begin():
            add_user(session, role, **fields)
        return str(fields["email"])

    def signed_in(self, email: str = "") -> httpx.Client:
        browser = self.browser()
        assert sign_in(browser, email or self.add()).status_code == 303
        return browser

    def transaction(self) -> Session:
        return Session(self.engine.execution_options(writing=True), expire_on_commit=False)

    def do(self, service: Callable[..., object], actor: Actor, *args: object) -> None:
        with self.transaction() as session, session.begin():
            service(session, actor, *args)


def token_in(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
    assert found
    return found[1]


def sign_in(browser: httpx.Client, email: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
    form = {"csrf": token_in(browser.get("/sign-in")), "email": email, "password": password}
    return browser.post("/sign-in", data=form | fields)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    engine = make_engine(copy_of("migrated", "sqlite", folder / "kopkoffie.db", request))
    port = _free_port()
    log = folder / "log"
    settings = {"KOPKOFFIE_DATA_DIR": str(folder), "KOPKOFFIE_PORT": str(port)}
    settings["KOPKOFFIE_TELEPHONY_EVENT_SECRET"] = EVENT_SECRET
    settings["KOPKOFFIE_METRICS_TOKEN"] = METRICS_TOKEN
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "web"], cwd=folder, env=os.environ | settings, stdout=output, stderr=output
        )
    running = Server(f"http://127.0.0.1:{port}", engine, log)
    try:
        _wait_for(running, process)
        yield running
    finally:
        process.terminate()
        process.wait(PATIENCE)
        for browser in running.browsers:
            browser.close()
        engine.dispose()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if "Uvicorn running" in server.log.read_text():
            return
        time.sleep(0.1)
    pytest.fail(server.log.read_text())
