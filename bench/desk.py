"""From the click on "save and next" to the next company on screen, beside an empty page that only counts clicks.

    python bench/desk.py [--companies 10000 1000000] [--clicks 40]

Both are clicked in turns in one Chromium, so that whatever else the machine does hits both alike. The clock runs from
the click until the browser has painted what changed. "Whole screen" waits until the page is complete.
"""

import argparse
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, sleep
from urllib.request import urlopen
from uuid import uuid4

from playwright.sync_api import Browser, Page, sync_playwright
from sqlmodel import Session, select

from crm.access.models import SignInSession, User
from crm.access.permissions import Role
from crm.access.queries import token_hash
from crm.calling.models import CallList, CallListMember
from crm.core.db import make_engine
from crm.core.settings import PROJECT_DIR
from crm.migrations.runner import upgrade
from crm.scripts.models import ScriptVersion
from crm.scripts.services import load_scripts
from web.session import COOKIE

TUESDAY_AT_TEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
LAUNCH = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
WARM_UP = 5
AIM = 2.2

# The time until `shown` has another text and that is painted, and until the script of the page has ended.
CLICK = """
([button, shown]) => new Promise((resolve) => {
  const text = () => document.querySelector(shown)?.textContent;
  const app = document.querySelector(".stApp");
  const before = text(), start = performance.now();
  const painted = (then) => requestAnimationFrame(() => setTimeout(then));
  let first = 0;
  const look = () => {
    if (!first && text() && text() !== before) {
      first = -1;
      painted(() => { first = performance.now() - start; look(); });
    }
    if (first > 0 && app.dataset.testScriptState === "notRunning") {
      watcher.disconnect();
      painted(() => resolve([first, performance.now() - start]));
    }
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  document.querySelector(button).click();
})
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--companies", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--clicks", type=int, default=40)
    wanted = parser.parse_args()
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        own = which("chromium") or which("chromium-browser") or which("google-chrome")
        browser = playwright.chromium.launch(executable_path=own, args=LAUNCH)
        for number in wanted.companies:
            place = Path(folder) / str(number)
            place.mkdir()
            compare(browser, place, number, wanted.clicks)
        browser.close()


def compare(browser: Browser, folder: Path, companies: int, clicks: int) -> None:
    start = perf_counter()
    token = fill(folder / "kopkoffie.db", companies)
    size = (folder / "kopkoffie.db").stat().st_size / 1e6
    print(f"{companies:,} companies, {size:,.0f} MB, made in {perf_counter() - start:.0f} s")
    with empty_page(folder) as floor_url, product(folder) as url:
        floor, desk = open_page(browser, floor_url), open_page(browser, f"{url}/desk", token)
        floor.wait_for_selector(".st-key-next button")
        desk.locator(".st-key-start button").click()
        desk.wait_for_selector(".st-key-save button")
        empty, answers, nexts = [], [], []
        for turn in range(WARM_UP + clicks):
            took = [click(floor, ".st-key-next button", ".clicks")], *one_call(desk)
            if turn >= WARM_UP:
                for all_of, these in zip((empty, answers, nexts), took, strict=True):
                    all_of.extend(these)
    report(empty, answers, nexts)


def one_call(desk: Page) -> tuple[list[list[float]], list[list[float]]]:
    """Nobody answers: three answers of the script, and then the next company."""
    answers = [click(desk, f".st-key-answer-{key} button", ".kk-say") for key in (1, 3, 1)]
    return answers, [click(desk, ".st-key-save button", ".kk-who h2")]


def click(page: Page, button: str, shown: str) -> list[float]:
    page.wait_for_selector(button)
    took: list[float] = page.evaluate(CLICK, [button, shown])
    return took


def report(empty: list[list[float]], answers: list[list[float]], nexts: list[list[float]]) -> None:
    floor_first, floor_whole = ([took[part] for took in empty] for part in (0, 1))
    line("empty page", floor_first)
    line("next company on screen", [took[0] for took in nexts], floor_first)
    line("next question on screen", [took[0] for took in answers], floor_first)
    line("empty page, whole screen", floor_whole)
    line("next company, whole screen", [took[1] for took in nexts], floor_whole)
    ratio = median(took[0] for took in nexts) / median(floor_first)
    print(f"  aim: at most {AIM} times the empty page: {'reached' if ratio <= AIM else 'NOT reached'}\n")


def line(name: str, figures: list[float], floor: list[float] | None = None) -> None:
    ratio = f"{median(figures) / median(floor):6.2f} x" if floor else ""
    print(f"  {name:28} median {median(figures):6.1f} ms   p95 {quantiles(figures, n=20)[-1]:6.1f} ms {ratio}")


def fill(path: Path, companies: int) -> str:
    """A database with this many companies on one list of one caller; gives the token of the cookie."""
    engine, token = make_engine(f"sqlite:///{path}"), uuid4().hex
    upgrade(engine)
    with Session(engine.execution_options(writing=True)) as session, session.begin():
        load_scripts(session)
        version = session.exec(select(ScriptVersion)).first()
        caller = User(email="beller@voorbeeld.nl", name="Ans Bakker", role=Role.CALLER, password_hash="-")
        session.add(caller)
        session.flush()
        made = CallList(name="Bakkers", script_version_id=version.id, made_by_id=caller.id)
        session.add(made)
        session.flush()
        session.add(CallListMember(list_id=made.id, user_id=caller.id))
        until = TUESDAY_AT_TEN + timedelta(days=1)
        session.add(SignInSession(token_hash=token_hash(token), user_id=caller.id, expires_at=until))
        list_id = made.id
    engine.dispose()
    connection = sqlite3.connect(path)
    connection.create_function("reverse", 1, lambda text: text[::-1])
    for statement in BULK:
        connection.execute(statement, {"n": companies, "list": list_id})
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()
    return token


_NUMBERS = "WITH RECURSIVE row(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < :n) "
_MOMENT = "'2026-11-01 09:00:00.000000'"
BULK = (
    "INSERT INTO company (id, created_at, version, name, name_key, legal_form, sbi_code, sbi_version, activity, street,"
    f" postcode, town, staff_min, staff_max, email, website, non_mailing, source) {_NUMBERS}"
    f"SELECT n, {_MOMENT}, 1, 'Bakkerij ' || n || ' B.V.', 'bakkerij ' || n, 'BV', '1071', '2025', 'Brood en gebak',"
    " 'Dorpsstraat ' || (n % 300), printf('%04dAB', 1000 + n % 9000), 'Dordrecht', 5, 9, '', '', 0, 'KVK' FROM row",
    "INSERT INTO company_number (created_at, company_id, e164, backwards, original, is_main, is_wrong, source)"
    f" {_NUMBERS} SELECT {_MOMENT}, n, '+31' || (100000000 + n),"
    " reverse('+31' || (100000000 + n)), '', 1, 0, 'KVK' FROM row",
    "INSERT INTO call_list_entry (created_at, list_id, company_id, state, due_at, attempts, blocked_because)"
    f" {_NUMBERS} SELECT {_MOMENT}, :list, n, 'waiting', {_MOMENT}, 0, '' FROM row",
)


@contextmanager
def product(folder: Path) -> Iterator[str]:
    port = _free_port()
    environment = {
        "KOPKOFFIE_DATA_DIR": str(folder),
        "KOPKOFFIE_PORT": str(port),
        "KOPKOFFIE_CLOCK_OFFSET": str(round((TUESDAY_AT_TEN - datetime.now(UTC)).total_seconds())),
    }
    with _serving([sys.executable, "-m", "web"], environment, folder / "web.log", f"http://127.0.0.1:{port}/healthz"):
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


def open_page(browser: Browser, url: str, token: str = "") -> Page:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    if token:
        context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(url)
    return page


if __name__ == "__main__":
    main()
