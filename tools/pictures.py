"""Take the pictures of the handbook and the README afresh, from a demo in a browser: `make pictures`."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from time import sleep
from urllib.error import URLError
from urllib.request import urlopen

import pypdfium2  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

from crm.access.demo import DEMO_DOMAIN, DEMO_PASSWORD

PROJECT_DIR = Path(__file__).resolve().parents[1]
PICTURES = PROJECT_DIR / "docs" / "handboek" / "beeld"
PORT = 9417
URL = f"http://127.0.0.1:{PORT}"
LAUNCH = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WIDE: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}

BY_CALLER = {"vandaag": "today", "vervolgacties": "followups"}
BY_COACH = {  # where the picture is taken; what stands in braces is a number
    "voordragen": "pipeline?job={profiled}",
    "werkprofiel": "pipeline?job={profiled}&profile=1",
    "werkzoekende-intake": "candidates?candidate={person}&part=intake",
    "werkzoekende-talents": "candidates?candidate={taught}&part=talents",
    "werk-voor-iemand": "candidates?candidate={person}&part=work",
    "logboek": "candidates?candidate={person}&part=log",
    "tips": "candidates?candidate={tipster}&part=tips",
    "werkzoekende-consent": "candidates?candidate={person}&part=consent",
    "competentieblad": "candidates?candidate={person}&part=sheet",
    "regelingen": "instruments",
    "dashboard": "dashboard",
}
NUMBERS = {
    "profiled": "select id from hidden_job where stage = 'profiled' and pipeline = 'work' order by id",
    "person": "select candidate_id from service_step group by 1 order by count(*) desc, 1",
    "taught": "select candidate_id from self_assessment where finished_at is not null order by id",
    "tipster": "select candidate_id from referral where candidate_id is not null order by id",
    "introduced": "select candidate_id from introduction where status = 'proposed' order by id",
}


@contextmanager
def demo_server() -> Iterator[dict[str, int]]:
    """A demo that believes it is ten o'clock on the next Tuesday, and the numbers of what is to be seen in it."""
    now = datetime.now(UTC)
    tuesday = (now + timedelta(days=(1 - now.weekday()) % 7)).replace(hour=9, minute=0, second=0)
    with tempfile.TemporaryDirectory() as folder:
        own = {
            "KOPKOFFIE_DATA_DIR": folder,
            "KOPKOFFIE_PORT": str(PORT),
            "KOPKOFFIE_CLOCK_OFFSET": str(round((tuesday - now).total_seconds())),
            "KOPKOFFIE_LOG_LEVEL": "ERROR",
        }
        environment = os.environ | own
        for command in ("migrate", "demo"):
            subprocess.run([Path(sys.executable).parent / "kopkoffie", command], env=environment, check=True)
        server = subprocess.Popen([sys.executable, "-m", "web"], cwd=PROJECT_DIR, env=environment)
        try:
            _await()
            yield _numbers(Path(folder) / "kopkoffie.db")
        finally:
            server.terminate()
            server.wait()


def _await() -> None:
    for _try in range(100):
        try:
            with urlopen(f"{URL}/healthz", timeout=2):
                return
        except (URLError, OSError):
            sleep(0.3)
    sys.exit("the web server did not start")


def _numbers(database: Path) -> dict[str, int]:
    connection = sqlite3.connect(database)
    found = {name: connection.execute(query).fetchone()[0] for name, query in NUMBERS.items()}
    connection.close()
    return found


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(1200)
    page.screenshot(path=PICTURES / f"{name}.png")


def take_paper(page: Page, button: Locator, name: str) -> None:
    """The first page of a PDF that is downloaded."""
    with page.expect_download() as download:
        button.first.click()
    document = pypdfium2.PdfDocument(download.value.path())
    document[0].render(scale=1.4).to_pil().save(PICTURES / f"{name}.png")
    document.close()


def go(page: Page, address: str) -> None:
    page.goto(f"{URL}/{address}")
    page.wait_for_selector("h1")


def signed_in(browser: Browser, name: str, size: ViewportSize = WIDE) -> Page:
    page = browser.new_page(viewport=size, locale="nl-NL")
    page.goto(f"{URL}/sign-in")
    page.fill("#email", f"{name}@{DEMO_DOMAIN}")
    page.fill("#password", DEMO_PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("[data-testid=stMain]")
    return page


def make_a_call(page: Page) -> None:
    page.goto(f"{URL}/desk")
    page.locator(".st-key-start button").click()
    title = page.locator(".kk-say h3")
    expect(page.locator("[class*='st-key-save-'] button")).to_be_visible()
    for count in range(7):
        before = title.text_content() or ""
        expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()
        expect(page.locator(".kk-say[aria-busy]")).to_have_count(0)  # the desk takes no answer that comes too early
        page.keyboard.press("1")
        expect(title).not_to_have_text(before)
        if count == 4:
            take(page, "bellen")
    for name, text in (
        ("notes", "Doet de inkoop nu zelf, ’s avonds. Wil dat kwijt."),
        ("summary", "Zoekt iemand voor bestellen en ophalen."),
        ("job_title", "Bestellen en ophalen"),
    ):
        page.locator(f".st-key-desk [name={name}]").first.fill(text)
    take(page, "afronden")


def as_caller(browser: Browser) -> None:
    page = browser.new_page(viewport=WIDE, locale="nl-NL")
    page.goto(f"{URL}/sign-in")
    take(page, "inloggen")
    page = signed_in(browser, "beller")
    for name, address in BY_CALLER.items():
        go(page, address)
        take(page, name)
    make_a_call(page)


def as_coach(browser: Browser, numbers: dict[str, int]) -> None:
    page = signed_in(browser, "coach")
    for name, address in BY_COACH.items():
        go(page, address.format_map(numbers))
        if name == "werkprofiel":
            page.get_by_role("heading", name="Wat het werk vraagt").evaluate("it => it.scrollIntoView()")
        take(page, name)
    go(page, "candidates?candidate={introduced}&part=work".format_map(numbers))
    page.get_by_text("Bang om een uitkering kwijt te raken?").click()
    take_paper(page, page.get_by_role("button", name="Brief downloaden"), "vraag-uitkering")
    go(page, "meetings")
    page.get_by_role("button", name="Voorbereiding op papier").first.click()
    take_paper(page, page.get_by_role("button", name="Voor de werkgever"), "voorbereiding")
    take_week(page)
    tell_talents(browser, page, numbers)


def take_week(page: Page) -> None:
    """Of the first job seeker for whom small jobs make one."""
    for person in range(1, 31):
        go(page, f"candidates?candidate={person}&week=1")
        expect(page.get_by_role("button", name="Terug naar").first).to_be_visible()
        page.wait_for_timeout(700)
        if page.locator(".st-key-week-1").count():
            return take(page, "week")
    sys.exit("nobody in the demo has a week of small jobs")


def tell_talents(browser: Browser, coach: Page, numbers: dict[str, int]) -> None:
    """What a job seeker sees on a telephone, by the link that a coach makes."""
    go(coach, "candidates?candidate={introduced}&part=talents".format_map(numbers))
    coach.locator(".st-key-make-link button").click()
    link = coach.locator("[data-testid=stCode] code")
    expect(link).to_contain_text("/talent/")
    page = browser.new_page(viewport=PHONE, locale="nl-NL")
    page.goto(f"{URL}/talent/" + (link.text_content() or "").rpartition("/")[2].strip())
    page.get_by_role("button", name="Bewaren en verder").click()
    page.screenshot(path=PICTURES / "talenten.png")


def analyse_work(browser: Browser) -> None:
    """On a telephone, as at a visit."""
    page = signed_in(browser, "coach", PHONE)
    page.goto(f"{URL}/work_analysis?analysis=1")
    page.locator(".st-key-split-off").scroll_into_view_if_needed()
    take(page, "werkanalyse")


def move_a_card(browser: Browser) -> None:
    """The board as a coordinator has it, with a card in the air."""
    page = signed_in(browser, "coordinator")
    go(page, "pipeline")
    card, other = page.locator("button.card").first, page.get_by_role("region", name="Verkend")
    expect(card).to_be_visible()
    from_, to = card.bounding_box(), other.bounding_box()
    if from_ and to:
        page.mouse.move(from_["x"] + 30, from_["y"] + 20)
        page.mouse.down()
        page.mouse.move(to["x"] + 60, to["y"] + 120, steps=5)
    take(page, "verborgen-banen")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=30_000)
    with demo_server() as numbers, sync_playwright() as playwright:
        own = which("chromium") or which("chromium-browser") or which("google-chrome")
        browser = playwright.chromium.launch(executable_path=own, args=LAUNCH)
        as_caller(browser)
        as_coach(browser, numbers)
        move_a_card(browser)
        analyse_work(browser)
        browser.close()


if __name__ == "__main__":
    main()
