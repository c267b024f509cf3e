"""A letter is made and printed at the desk; the owner scans it with a telephone, says yes, and may be called."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from crm.access.permissions import Role
from tests.browser.conftest import Server, SignIn, screenshot
from tests.browser.test_accessibility import THEMES, faults
from tests.crm.outreach.conftest import make_owner

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["sqlite"], indirect=True)]

EMAIL = "coordinator@voorbeeld.nl"


@pytest.fixture
def telephone(chromium: Browser) -> Iterator[Page]:
    """Of somebody with small eyes for scripts: there are none on the page."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="nl-NL", java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def company_id(server: Server) -> int:
    server.add_person(Role.COORDINATOR, EMAIL)
    with server.transaction() as session:
        return make_owner(session, name="Bakkerij Bloem").id


def print_letter(page: Page, server: Server, company_id: int, sign_in: SignIn) -> bytes:
    sign_in(page, EMAIL, to=f"/companies?company={company_id}")
    page.locator(".st-key-ask-letter button").click()
    page.locator(".st-key-confirm-letter button").click()
    with page.expect_download() as download:
        page.locator("[class*=st-key-print-] button").click()
    return Path(download.value.path()).read_bytes()


def scanned(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    (code,) = zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())
    document.close()
    return str(code.text)


def fits(page: Page) -> bool:
    """Nothing sticks out of the screen at the side."""
    boxes = [box for item in page.locator("main *").all() if (box := item.bounding_box())]
    return all(box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in boxes)


def test_a_yes_from_a_telephone(
    server: Server, browser_page: Page, telephone: Page, company_id: int, sign_in: SignIn
) -> None:
    telephone.goto(scanned(print_letter(browser_page, server, company_id, sign_in)))
    expect(telephone.get_by_text("Bakkerij Bloem, Dordrecht")).to_be_visible()
    assert fits(telephone)
    telephone.get_by_label("Ja, u mag mij bellen").check()
    telephone.get_by_label("Uw naam").fill("Ria Bakker")
    telephone.get_by_label("Uw functie").fill("eigenaar")
    telephone.get_by_role("button", name="Verder").click()
    expect(telephone.get_by_role("heading", name="Klopt dit?")).to_be_visible()
    assert fits(telephone)
    telephone.get_by_role("button", name="Ja, verstuur mijn antwoord").click()
    expect(telephone.get_by_role("status")).to_contain_text("Dank u wel")
    screenshot(telephone, "letter-yes")
    browser_page.reload()
    expect(browser_page.get_by_text("Eenmanszaak met toestemming: bellen mag.")).to_be_visible()
    expect(browser_page.locator(".st-key-call-company")).to_be_visible()
    expect(browser_page.get_by_text("1 nieuw bericht")).to_be_visible()


def test_the_page_passes_wcag_by_keyboard_alone(
    server: Server, browser_page: Page, company_id: int, sign_in: SignIn
) -> None:
    address = scanned(print_letter(browser_page, server, company_id, sign_in))
    found = []
    for theme in THEMES:
        browser_page.emulate_media(color_scheme=theme)
        for page in (address, f"{server.url}/toestemming", f"{server.url}/toestemming/onbekend"):
            browser_page.goto(page)
            found += [f"{page}, {theme}: {fault}" for fault in faults(browser_page)]
    assert not found, "\n".join(found)
    browser_page.goto(address)
    for key in ("Tab", "Tab", "Tab", "Space", "ArrowDown", "ArrowDown"):  # past both languages, to the last answer
        browser_page.keyboard.press(key)
    expect(browser_page.get_by_label("Nee, bel mij nooit")).to_be_checked()
    browser_page.keyboard.press("Enter")
    expect(browser_page.get_by_role("heading", name="Klopt dit?")).to_be_visible()
