"""Who of our people fits: the cards follow what is typed, and nobody waits for them."""

import pytest
from playwright.sync_api import Page, expect

from crm.access.permissions import Role
from tests.browser.conftest import Server, SignIn, fits_in_height, press, screenshot
from tests.conftest import make_candidate, make_company
from tests.crm.calling.building import answer, make_list, start_call
from tests.pages.desk.building import WORK_FOUND

pytestmark = pytest.mark.browser

EMAIL = "ans@voorbeeld.nl"


def test_cards_follow_what_is_typed(server: Server, browser_page: Page, sign_in: SignIn) -> None:
    ans = server.add_person(Role.CALLER, EMAIL, "Ans Bakker")
    page = browser_page
    with server.transaction() as session:
        make_list(session, [ans], [make_company(session, latitude=51.81, longitude=4.67)])
        for trade in ("administratie", "kassa", "kassa en magazijn", "schilder"):
            make_candidate(session, name=f"Ria {trade}", trades=[trade])
        answer(session, ans, start_call(session, ans), *WORK_FOUND)
    sign_in(page, EMAIL, "/desk")
    cards = page.locator(".kk-fits article")
    expect(page.locator(".kk-fits")).to_contain_text("Noem taken of competenties")

    tasks = page.locator(".st-key-say [name=tasks]")
    tasks.click()
    page.keyboard.type("Kassa")
    expect(cards).to_have_count(2)
    page.keyboard.type(" en administratie")  # still in the field: nothing took the cursor away
    expect(cards).to_have_count(3)
    expect(tasks).to_have_value("Kassa en administratie")
    screenshot(page, "desk-who-fits")
    fits_in_height(page)

    page.keyboard.press("Escape")
    press(page, "1")
    expect(page.locator(".kk-say h3")).to_have_text("Samenvatten en cijfer vragen")
    expect(page.locator(".st-key-who .kk-fits article")).to_have_count(3)
    expect(page.locator(".kk-fits")).to_have_count(1)
