"""Take the pictures of the handbook and the README afresh, from a demo in a browser: `make pictures`."""

import os
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

from playwright.sync_api import Page, expect, sync_playwright

from crm.access.demo import DEMO_DOMAIN, DEMO_PASSWORD

PROJECT_DIR = Path(__file__).resolve().parents[1]
PICTURES = PROJECT_DIR / "docs" / "handboek" / "beeld"
PORT = 9417
URL = f"http://127.0.0.1:{PORT}"
LAUNCH = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@contextmanager
def demo_server() -> Iterator[None]:
    """A demo that believes it is ten o'clock on the next Tuesday."""
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
            yield
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


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(1200)
    page.screenshot(path=PICTURES / f"{name}.png")


def sign_in(page: Page) -> None:
    page.goto(f"{URL}/sign-in")
    take(page, "inloggen")
    page.fill("#email", f"beller@{DEMO_DOMAIN}")
    page.fill("#password", DEMO_PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("[data-testid=stMain]")


def make_a_call(page: Page) -> None:
    page.goto(f"{URL}/desk")
    page.locator(".st-key-start button").click()
    title = page.locator(".kk-say h3")
    expect(page.locator("[class*='st-key-save-'] button")).to_be_visible()
    for count in range(7):
        before = title.text_content() or ""
        expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()
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


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=30_000)
    with demo_server(), sync_playwright() as playwright:
        own = which("chromium") or which("chromium-browser") or which("google-chrome")
        browser = playwright.chromium.launch(executable_path=own, args=LAUNCH)
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="nl-NL")
        sign_in(page)
        for path, name in (("today", "vandaag"), ("followups", "vervolgacties"), ("pipeline", "verborgen-banen")):
            page.goto(f"{URL}/{path}")
            page.wait_for_selector("h1")
            take(page, name)
        make_a_call(page)
        browser.close()


if __name__ == "__main__":
    main()
