"""`kopkoffie run`, `web` and `scheduler` as real processes."""

import os
import pty
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
import pytest
import time_machine
from sqlmodel import select

from crm.access.demo import DEMO_DOMAIN, DEMO_PASSWORD
from crm.access.models import User
from crm.access.passwords import matches
from crm.cli import running as run_module
from crm.cli.running import practice_clock, practice_sender
from crm.core.db import reading
from crm.core.settings import settings
from crm.scheduling.lease import last_beat
from tests.crm.cli.conftest import forget_settings

COMMAND = str(Path(sys.executable).with_name("kopkoffie"))
PATIENCE = 240
ONLY_SQLITE = pytest.mark.parametrize("installation", ["sqlite"], indirect=True)

Start = Callable[..., "Running"]


class Running:
    """A started command whose output can be waited for."""

    def __init__(self, *arguments: str, **options: Any) -> None:
        self.process = subprocess.Popen(
            [COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options
        )
        self.output = ""
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        while more := os.read(self.process.stdout.fileno(), 65536):  # a prompt is not a whole line
            self.output += more.decode()

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while text not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def children(self) -> dict[str, psutil.Process]:
        """By package: `python -m web` is "web"."""
        return {child.cmdline()[-1]: child for child in psutil.Process(self.process.pid).children()}

    def ends(self) -> int:
        code = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        self.process.stdout.close()
        return code

    def clean_up(self) -> None:
        if self.process.poll() is None:
            for process in [*psutil.Process(self.process.pid).children(), self.process]:
                process.kill()
        self.ends()


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    monkeypatch.setenv("KOPKOFFIE_PORT", str(number))
    settings.cache_clear()
    return number


@pytest.fixture
def start(installation: None, port: int, tmp_path: Path) -> Iterator[Start]:
    """Start a command in an empty folder, far from the project; whatever is left of it is cleaned up."""
    started: list[Running] = []

    def begin(*arguments: str, **environment: str) -> Running:
        folder = tmp_path / "elsewhere"
        folder.mkdir(exist_ok=True)
        running = Running(*arguments, cwd=folder, env=os.environ | environment, stdin=subprocess.DEVNULL)
        started.append(running)
        return running

    yield begin
    for running in started:
        running.clean_up()


def health(port: int) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/healthz")
    status = connection.getresponse().status
    connection.close()
    return status


def gone(processes: dict[str, psutil.Process]) -> bool:
    _dead, alive = psutil.wait_procs(processes.values(), timeout=PATIENCE)
    return not alive


@ONLY_SQLITE
def test_a_newcomer_gets_the_demo_and_ctrl_c_stops_it_all(start: Start, port: int) -> None:
    running = start("run")
    running.wait_for(f"Kopkoffie is ready: open http://127.0.0.1:{port}.")
    running.wait_for(f"beheer@{DEMO_DOMAIN}")
    assert DEMO_PASSWORD in running.output
    assert health(port) == 200
    children = running.children()
    assert children.keys() == {"web", "jobs"}
    running.process.send_signal(signal.SIGINT)
    assert running.ends() == 0
    assert gone(children)
    assert "Traceback" not in running.output


def test_without_demo_the_first_administrator_is_made_and_a_stop_signal_ends_it(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {"DEMO": "no", "KOPKOFFIE_ADMIN_EMAIL": "boss@desk.nl", "KOPKOFFIE_DATA_DIR": "near"}
    running = start("run", **environment)
    running.wait_for("Kopkoffie is ready")
    shown = re.search(r"shown this once: (\S+)", running.output)
    assert shown
    assert DEMO_PASSWORD not in running.output
    children = running.children()
    running.process.terminate()
    assert running.ends() == 0
    assert gone(children)
    monkeypatch.setenv("KOPKOFFIE_DATA_DIR", str(tmp_path / "elsewhere" / "near"))
    forget_settings()
    with reading() as session:
        [boss] = session.exec(select(User)).all()
        assert last_beat(session), "the same database for all processes"
    assert (boss.email, boss.role) == ("boss@desk.nl", "admin")
    assert matches(shown[1], boss.password_hash)


@ONLY_SQLITE
@pytest.mark.parametrize(("package", "name"), [("web", "The web server"), ("jobs", "The scheduler")])
def test_when_one_dies_the_other_is_stopped_and_the_command_fails(
    migrated: None, start: Start, package: str, name: str
) -> None:
    running = start("run", DEMO="no", KOPKOFFIE_ADMIN_EMAIL="boss@desk.nl")
    running.wait_for("Kopkoffie is ready")
    children = running.children()
    children[package].kill()
    assert running.ends() == 1
    assert gone(children)
    assert f"{name} stopped by itself (code -9)." in running.output


@ONLY_SQLITE
def test_a_port_in_use_is_told_before_anything_is_made(start: Start, port: int, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", port)):
        running = start("run")
        assert running.ends() == 2
    assert running.output.startswith(f"KOPKOFFIE_PORT: port {port} is in use.")
    assert not (tmp_path / "data").exists()


@ONLY_SQLITE
def test_an_address_of_another_machine_is_refused(start: Start) -> None:
    running = start("run", KOPKOFFIE_HOST="192.0.2.1")
    assert running.ends() == 2
    assert running.output.startswith("KOPKOFFIE_HOST: this machine has no address 192.0.2.1.")


@ONLY_SQLITE
def test_without_demo_and_without_terminal_an_address_is_asked_for(start: Start) -> None:
    running = start("run", DEMO="no")
    assert running.ends() == 2
    assert "KOPKOFFIE_ADMIN_EMAIL: give the e-mail address of the first administrator" in running.output


@ONLY_SQLITE
def test_at_a_terminal_the_first_administrator_chooses_address_and_password(
    installation: None, port: int, tmp_path: Path
) -> None:
    ours, theirs = pty.openpty()
    running = Running("run", "--no-demo", cwd=tmp_path, stdin=theirs, start_new_session=True)
    for question, answer in (
        ("E-mail address", "boss@desk.nl"),
        ("Password:", "four-words-in-a-row"),
        ("Repeat for confirmation:", "four-words-in-a-row"),
    ):
        running.wait_for(question)
        os.write(ours, f"{answer}\n".encode())
    running.wait_for("boss@desk.nl can sign in as administrator.")
    running.process.terminate()
    running.ends()
    os.close(ours)
    os.close(theirs)
    assert "shown this once" not in running.output
    with reading() as session:
        [boss] = session.exec(select(User)).all()
    assert matches("four-words-in-a-row", boss.password_hash)


@ONLY_SQLITE
@pytest.mark.parametrize("command", ["web", "scheduler"])
def test_each_can_be_started_alone(migrated: None, start: Start, port: int, command: str) -> None:
    running = start(command)
    running.wait_for("Uvicorn running" if command == "web" else "scheduler_started")
    if command == "web":
        assert health(port) == 200
    running.process.terminate()
    assert running.ends() in {0, -signal.SIGTERM}
    assert "Traceback" not in running.output


@ONLY_SQLITE
@pytest.mark.parametrize("seconds", ["0", "3600"])
def test_a_clock_that_somebody_set_is_left_alone(installation: None, monkeypatch, seconds: str) -> None:
    monkeypatch.setenv("KOPKOFFIE_CLOCK_OFFSET", seconds)
    settings.cache_clear()
    assert practice_clock() == {}


def test_a_sender_that_somebody_set_is_left_alone(installation: None, monkeypatch) -> None:
    monkeypatch.setenv("KOPKOFFIE_LETTER_TOWN", "Breda")
    settings.cache_clear()
    assert practice_sender().keys() == {
        "KOPKOFFIE_PUBLIC_URL", "KOPKOFFIE_LETTER_STREET", "KOPKOFFIE_LETTER_POSTCODE",
    }  # fmt: skip


@ONLY_SQLITE
def test_on_a_sunday_the_demo_practises_on_monday(installation: None, capsys) -> None:
    with time_machine.travel("2026-11-22 09:00Z", tick=False):
        assert practice_clock() == {"KOPKOFFIE_CLOCK_OFFSET": str(24 * 3600)}
    assert "Mon 23 Nov 10:00" in capsys.readouterr().out


@ONLY_SQLITE
@pytest.mark.parametrize(("email", "practises"), [(f"boss@{DEMO_DOMAIN}", True), ("boss@desk.nl", False)])
def test_only_a_demo_gets_another_clock_and_an_invented_sender(
    migrated: None, port: int, kopkoffie, monkeypatch, email: str, practises: bool
) -> None:
    kopkoffie("user", "add", f"beller@{DEMO_DOMAIN}", "--name", "Jo", "--role", "caller")
    kopkoffie("user", "add", email, "--name", "Jo", "--role", "admin")
    given: list[tuple[dict[str, str], list[str]]] = []
    monkeypatch.setattr(run_module, "supervise", lambda *arguments: given.append(arguments) or 0)
    with time_machine.travel("2026-11-22 09:00Z", tick=False):
        assert kopkoffie("run").code == 0
    [(environment, welcome)] = given
    assert ("KOPKOFFIE_CLOCK_OFFSET" in environment) is practises
    assert ("KOPKOFFIE_LETTER_STREET" in environment) is practises
    assert (DEMO_PASSWORD in "\n".join(welcome)) is practises
