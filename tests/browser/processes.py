"""Processes of the product, forked from one that has loaded it already: loading is most of what a start costs."""

import os
import runpy
import sys
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from crm.core.settings import PROJECT_DIR


def start(package: str, environment: dict[str, str], log: Path) -> ForkServerProcess:
    """As `python -m package` does in the project's folder, with this environment and output."""
    forking = get_context("forkserver")
    forking.set_forkserver_preload(["tests.browser.loaded", __name__])
    process = forking.Process(target=_run, args=(package, environment, log), daemon=True)
    process.start()
    return process


def _run(package: str, environment: dict[str, str], log: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(PROJECT_DIR)
    with log.open("ab") as output:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
    sys.argv = [package]
    sys.modules.pop(f"{package}.__main__", None)
    runpy.run_module(package, run_name="__main__", alter_sys=True)
