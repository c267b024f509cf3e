"""The servers that are measured: the product, the same with a fixed screen, and an empty page."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from urllib.request import urlopen

from crm.core.settings import PROJECT_DIR

TUESDAY_AT_TEN = datetime(2026, 11, 24, 9, tzinfo=UTC)


def product(folder: Path) -> AbstractContextManager[str]:
    return _product(folder, "-m", "web")


def fixed_desk(folder: Path) -> AbstractContextManager[str]:
    return _product(folder, "-m", "bench.floor.fixed_desk")


@contextmanager
def _product(folder: Path, *program: str) -> Iterator[str]:
    port = _free_port()
    environment = {
        "KOPKOFFIE_DATA_DIR": str(folder),
        "KOPKOFFIE_PORT": str(port),
        "KOPKOFFIE_CLOCK_OFFSET": str(round((TUESDAY_AT_TEN - datetime.now(UTC)).total_seconds())),
    }
    with _serving([sys.executable, *program], environment, folder / "web.log", f"http://127.0.0.1:{port}/healthz"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def empty_page(folder: Path) -> Iterator[str]:
    """Under the same settings of Streamlit as the product."""
    port = _free_port()
    page = Path(__file__).parent / "floor" / "empty_page.py"
    command = [sys.executable, "-m", "streamlit", "run", str(page), "--server.port", str(port)]
    with _serving(command, {}, folder / "floor.log", f"http://127.0.0.1:{port}/_stcore/health"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _serving(command: list[str], environment: dict[str, str], log: Path, healthy: str) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=PROJECT_DIR, env=os.environ | environment, stdout=output, stderr=output)
    try:
        _await(healthy)
        yield
    finally:
        process.terminate()
        process.wait()


def _await(address: str) -> None:
    until = monotonic() + 60
    while True:
        try:
            with urlopen(address, timeout=2):
                return
        except OSError:
            if monotonic() > until:
                raise
            sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
