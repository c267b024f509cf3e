"""Two child processes, the web server and the scheduler: they live and stop together."""

import signal
import subprocess
import sys
from collections.abc import Iterable
from threading import Event

import typer

from crm.cli import address
from crm.core.i18n import N_, _
from crm.core.settings import PROJECT_DIR

CHILDREN = {"web": N_("The web server"), "jobs": N_("The scheduler")}
LOOK_EVERY = 0.2
PATIENCE = 10.0

Process = subprocess.Popen[bytes]


def supervise(environment: dict[str, str], welcome: list[str]) -> int:
    """Run both until a signal asks to stop, or one of them ends by itself. Returns the exit code.

    `welcome` is shown once the web server answers, below whatever the children say while they start.
    """
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: stop.set())
    running: dict[str, Process] = {}
    try:
        for package in CHILDREN:
            running[package] = _start(package, environment)
        return _watch(running, welcome, stop)
    finally:
        _stop(running.values())


def _watch(running: dict[str, Process], welcome: list[str], stop: Event) -> int:
    while not stop.wait(LOOK_EVERY):
        for package, process in running.items():
            if process.poll() is not None:
                name = _(CHILDREN[package])
                typer.echo(_("{name} stopped by itself (code {code}).").format(name=name, code=process.returncode))
                return 1
        if welcome and address.answers():
            typer.echo("\n".join(welcome))
            welcome = []
    typer.echo(_("Stopping."))
    return 0


def _start(package: str, environment: dict[str, str]) -> Process:
    # A session of its own: Ctrl-C in a terminal reaches us alone, and we stop the children in order.
    return subprocess.Popen(  # noqa: S603  this very Python
        [sys.executable, "-m", package], cwd=PROJECT_DIR, env=environment, start_new_session=True
    )


def _stop(running: Iterable[Process]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
