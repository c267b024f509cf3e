"""What was meant once is done once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from crm.access.permissions import Role
from crm.candidates.models import Candidate
from tests.browser.conftest import Server, SignIn, settled
from tests.conftest import make_company
from tests.crm.calling.building import make_list

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["sqlite"], indirect=True)]

EMAIL = "theo@voorbeeld.nl"


def test_a_shortcut_that_is_held_starts_a_call_and_does_not_ask_to_save_it(
    server: Server, browser_page: Page, sign_in: SignIn
) -> None:
    caller = server.add_person(Role.CALLER, EMAIL)
    with server.transaction() as session:
        make_list(session, [caller], [make_company(session, name="Bakkerij Een")])
    page = browser_page
    sign_in(page, EMAIL, "/desk")
    page.get_by_role("button", name="Start met bellen").wait_for()
    page.keyboard.down("Control")
    for _again in range(30):
        page.keyboard.down("Enter")
        page.wait_for_timeout(50)
    page.keyboard.up("Enter")
    page.keyboard.up("Control")
    expect(page.locator(".st-key-who")).to_contain_text("Bakkerij Een")
    settled(page)
    expect(page.locator("[data-testid=stAlert]")).to_have_count(0)


def hold_enter(button: Locator) -> None:
    button.focus()
    for _again in range(3):
        button.page.keyboard.down("Enter")
    button.page.keyboard.up("Enter")


@pytest.mark.parametrize("click", [Locator.dblclick, hold_enter])
def test_a_button_that_is_clicked_twice_or_held_saves_once(
    server: Server, browser_page: Page, sign_in: SignIn, click: Callable[[Locator], None]
) -> None:
    page = browser_page
    server.add_person(Role.COACH, EMAIL, "Theo Coach")
    sign_in(page, EMAIL, "/candidates")
    page.locator(".st-key-new-candidate button").click()
    page.get_by_label("Naam", exact=True).fill("Wim de Wit")
    page.get_by_label("Postcode", exact=True).fill("3313 AB")
    page.get_by_label("Postcode", exact=True).press("Tab")
    click(page.locator(".st-key-save-candidate button"))
    expect(page.get_by_role("heading", name="Wim de Wit")).to_be_visible()
    page.wait_for_timeout(1000)  # for what is not to happen
    with server.transaction() as session:
        assert [person.name for person in session.exec(select(Candidate))] == ["Wim de Wit"]
