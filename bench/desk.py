"""From the click on "save and next" to the next company on screen, beside two floors: an empty page that only counts
clicks, and the same screen of the same server drawn from fixed data. Then eight callers at once.

    python -m bench.desk [--companies 10000 1000000] [--clicks 40]

All are clicked in turns in one Chromium, so that whatever else the machine does hits all alike. The clock runs from
the click until the browser has painted what changed. "Whole screen" waits until the page is complete.
"""

import argparse
import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from shutil import which
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import uuid4

from playwright.async_api import Browser as AsyncBrowser
from playwright.async_api import async_playwright
from playwright.sync_api import Browser, Page, sync_playwright
from sqlmodel import Session, select

from bench.servers import TUESDAY_AT_TEN, empty_page, fixed_desk, product
from crm.access.models import SignInSession, User
from crm.access.permissions import Role
from crm.access.queries import token_hash
from crm.calling.models import CallList, CallListMember
from crm.core.db import make_engine
from crm.migrations.runner import upgrade
from crm.scripts.models import ScriptVersion
from crm.scripts.services import load_scripts
from web.session import COOKIE

SAVE = ("[class*='st-key-save-'] button", ".kk-who h2")
CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
LAUNCH = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
HEARD = ".stApp:not(:has(.kk-say[aria-busy]))"  # the desk takes no answer to a question that is only just there
WARM_UP = 5
AIM, AIM_OF_FIXED = 2.0, 1.25
CALLERS = 8
CALLS_EACH = 10

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
    with TemporaryDirectory() as folder:
        for number in wanted.companies:
            place = Path(folder) / str(number)
            place.mkdir()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH)
                tokens = compare(browser, place, number, wanted.clicks)
                browser.close()
            asyncio.run(at_once(place, tokens))


def compare(browser: Browser, folder: Path, companies: int, clicks: int) -> list[str]:
    start = perf_counter()
    tokens = fill(folder / "kopkoffie.db", companies)
    size = (folder / "kopkoffie.db").stat().st_size / 1e6
    print(f"{companies:,} companies, {size:,.0f} MB, made in {perf_counter() - start:.0f} s")
    fixed_folder = folder / "fixed"
    fixed_folder.mkdir()
    fixed_token = fill(fixed_folder / "kopkoffie.db", 100)[0]
    with empty_page(folder) as floor_url, fixed_desk(fixed_folder) as fixed_url, product(folder) as url:
        floor, desk = open_page(browser, floor_url), start_calling(browser, url, tokens[0])
        fixed = start_calling(browser, fixed_url, fixed_token)
        one_call(fixed)  # the second of its two screens
        floor.wait_for_selector(".st-key-next button")
        empty, fixed_nexts, answers, nexts = [], [], [], []
        for turn in range(WARM_UP + clicks):
            took = [click(floor, ".st-key-next button", ".clicks")], [save(fixed)], *one_call(desk)
            if turn >= WARM_UP:
                for all_of, these in zip((empty, fixed_nexts, answers, nexts), took, strict=True):
                    all_of.extend(these)
        report(empty, fixed_nexts, answers, nexts)
    return tokens


def start_calling(browser: Browser, url: str, token: str) -> Page:
    desk = open_page(browser, f"{url}/desk", token)
    desk.locator(".st-key-start button").click()
    desk.wait_for_selector("[class*='st-key-save-'] button")
    return desk


def one_call(desk: Page) -> tuple[list[list[float]], list[list[float]]]:
    """Nobody answers: three answers of the script, and then the next company."""
    answers = [click(desk, f"[class*='st-key-answer-{key}-'] button", ".kk-say") for key in (1, 3, 1)]
    return answers, [save(desk)]


def save(desk: Page) -> list[float]:
    return click(desk, *SAVE)


def click(page: Page, button: str, shown: str) -> list[float]:
    page.wait_for_selector(button)
    page.wait_for_selector(HEARD)
    took: list[float] = page.evaluate(CLICK, [button, shown])
    return took


def report(*took: list[list[float]]) -> None:
    """Of the empty page, the fixed screen, the questions and the next companies."""
    first = [[one[0] for one in these] for these in took]
    whole = [[one[1] for one in these] for these in took]
    empty, fixed, answers, nexts = first
    line("empty page", empty)
    line("fixed screen", fixed, empty)
    line("next company on screen", nexts, empty)
    line("next question on screen", answers, empty)
    line("empty page, whole screen", whole[0])
    line("fixed screen, whole screen", whole[1], whole[0])
    line("next company, whole screen", whole[3], whole[0])
    aim("the empty page", AIM, median(nexts) / median(empty))
    aim("the fixed screen", AIM_OF_FIXED, median(nexts) / median(fixed))


def aim(floor: str, most: float, ratio: float) -> None:
    print(f"  {ratio:.2f} times {floor}; aim at most {most}: {'reached' if ratio <= most else 'NOT reached'}")


def line(name: str, figures: list[float], floor: list[float] | None = None) -> None:
    ratio = f"{median(figures) / median(floor):6.2f} x" if floor else ""
    print(f"  {name:28} median {median(figures):6.1f} ms   p95 {quantiles(figures, n=20)[-1]:6.1f} ms {ratio}")


async def at_once(folder: Path, tokens: list[str]) -> None:
    """Every caller makes calls in a window of its own, all at the same time; what was saved is counted afterwards."""
    path = folder / "kopkoffie.db"
    before, start = finished_calls(path), perf_counter()
    with product(folder) as url:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH)
            took = await asyncio.gather(*(calls_of(browser, url, token) for token in tokens))
            await browser.close()
    saves = [one for of_caller in took for one in of_caller]
    kept = finished_calls(path) - before
    line(f"{len(tokens)} callers at once, next company", saves)
    print(f"  {kept} of {len(saves)} calls kept, {len(saves) - kept} failed, in {perf_counter() - start:.0f} s\n")


async def calls_of(browser: AsyncBrowser, url: str, token: str) -> list[float]:
    context = await browser.new_context(viewport={"width": 1366, "height": 768})
    await context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
    page = await context.new_page()
    page.set_default_timeout(60_000)
    await page.goto(f"{url}/desk")
    await page.locator(":is(.st-key-start, [class*='st-key-save-']) button").first.wait_for()
    if await page.locator(".st-key-start button").count():
        await page.locator(".st-key-start button").click()
    saves = []
    for _call in range(CALLS_EACH):
        for button, shown in [*((f"[class*='st-key-answer-{key}-'] button", ".kk-say") for key in (1, 3, 1)), SAVE]:
            await page.wait_for_selector(button)
            await page.wait_for_selector(HEARD)
            first, _whole = await page.evaluate(CLICK, [button, shown])
        saves.append(first)
    return saves


def finished_calls(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM call WHERE status = 'done'").fetchone()[0]


def fill(path: Path, companies: int) -> list[str]:
    """A database with this many companies on one list of all callers; gives the tokens of their cookies."""
    engine, tokens = make_engine(f"sqlite:///{path}"), [uuid4().hex for _caller in range(CALLERS)]
    upgrade(engine)
    with Session(engine.execution_options(writing=True)) as session, session.begin():
        load_scripts(session)
        version = session.exec(select(ScriptVersion)).first()
        callers = [
            User(email=f"beller{n}@voorbeeld.nl", name=f"Ans Bakker {n}", role=Role.CALLER, password_hash="-")
            for n in range(CALLERS)
        ]
        session.add_all(callers)
        session.flush()
        made = CallList(name="Bakkers", script_version_id=version.id, made_by_id=callers[0].id)
        session.add(made)
        session.flush()
        until = TUESDAY_AT_TEN + timedelta(days=1)
        for caller, token in zip(callers, tokens, strict=True):
            session.add(CallListMember(list_id=made.id, user_id=caller.id))
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
    return tokens


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
    "INSERT INTO call_list_entry (created_at, list_id, company_id, state, lane, due_at, attempts, blocked_because)"
    f" {_NUMBERS} SELECT {_MOMENT}, :list, n, 'waiting', 'other', {_MOMENT}, 0, '' FROM row",
)


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
