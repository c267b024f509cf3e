"""After every step at the desk the focus is where the next key belongs: a caller works all day without a mouse."""

import pytest
from playwright.sync_api import Locator, Page, expect

from crm.access.permissions import Role
from tests.browser.conftest import Server, SignIn, kept, press, settled
from tests.browser.test_desk import EMAIL, answer, field, tab_to
from tests.conftest import make_company
from tests.crm.calling.building import make_list

pytestmark = pytest.mark.browser

NAMES = ("Bakkerij Kruimel", "Slagerij Worst", "Kapper Krul")


@pytest.fixture
def waiting(server: Server, browser_page: Page, sign_in: SignIn) -> Page:
    """Three companies on the list, and one that may ring."""
    ans = server.add_person(Role.CALLER, EMAIL, "Ans Bakker")
    with server.transaction() as session:
        make_list(session, [ans], [make_company(session, name=name) for name in NAMES])
        make_company(session, name="Garage Moer", number="+31786123456")
    sign_in(browser_page, EMAIL, "/desk")
    expect(browser_page.locator(".st-key-start button")).to_be_visible()
    return browser_page


def on_screen(page: Page, company: str) -> None:
    expect(page.get_by_role("heading", name=company)).to_be_visible()
    settled(page)


def test_the_next_key_works_after_every_step(waiting: Page) -> None:
    page = waiting
    number, question, dialog = page.locator(".kk-row .kk-dial"), page.locator(".kk-say"), page.get_by_role("dialog")

    def asks(title: str, focused: Locator = question) -> None:
        expect(page.locator(".kk-say h3")).to_have_text(title)
        expect(focused).to_be_focused()

    page.keyboard.press("Control+Enter")
    on_screen(page, NAMES[0])
    expect(number).to_be_focused()
    answer(page, "1", "Opening")
    expect(question).to_be_focused()
    press(page, "b")
    asks("Voor het bellen (niet uitspreken)", number)
    answer(page, "1", "Opening")
    answer(page, "1", "Wie bent u en waarom belt u")
    press(page, "n")
    expect(field(page, "notes")).to_be_focused()
    page.keyboard.type("Heeft het druk.")
    page.keyboard.press("Escape")
    expect(question).to_be_focused()
    page.get_by_role("button", name="Luistert").click()  # a mouse in between: Enter must not give the next answer
    asks("Mag ik iets vragen? (toestemming en recht van verzet)")
    press(page, "o")
    asks("Wat zegt de ander?")
    press(page, "1")
    asks("Terugbelafspraak maken")
    press(page, "2")
    asks("Afsluiten: nu niet, wel later")
    press(page, "1")
    asks("Afronden en vastleggen (niet uitspreken)", field(page, "summary"))
    page.keyboard.type("Nu geen tijd.")
    page.keyboard.press("Control+Enter")
    on_screen(page, NAMES[1])
    expect(number).to_be_focused()

    press(page, "g")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(number).to_be_focused()
    press(page, "F2")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("123456")
    tab_to(page, dialog.get_by_role("button", name="Garage Moer"))
    page.keyboard.press("Enter")
    on_screen(page, "Garage Moer")
    asks("U wordt gebeld")
    press(page, "4")
    asks("Een vraag van het bedrijf")
    press(page, "1")
    asks("Afronden en vastleggen (niet uitspreken)", page.locator(f"{kept('disposition')} input"))
    page.keyboard.type("Geen interesse")
    page.keyboard.press("Enter")
    tab_to(page, field(page, "summary"))
    page.keyboard.type("Vroeg wie wij zijn.")
    page.keyboard.press("Control+Enter")
    on_screen(page, NAMES[2])
    expect(number).to_be_focused()

    press(page, "p")
    on_screen(page, NAMES[1])
    expect(number).to_be_focused()
    press(page, "s")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Space")
    tab_to(page, dialog.get_by_role("button", name="Sla over en ga verder"))
    page.keyboard.press("Enter")
    on_screen(page, NAMES[2])
    expect(number).to_be_focused()
    press(page, "F1")
    expect(dialog).to_contain_text("geparkeerde gesprek")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(number).to_be_focused()
    answer(page, "1", "Opening")
