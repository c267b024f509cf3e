"""Somebody rings while a caller is at work: found by the last digits, answered by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from crm.access.permissions import Role
from crm.calling.models import Call, CallStatus, CallWay
from tests.browser.conftest import Server, SignIn, fits_in_height, kept, press, screenshot
from tests.browser.test_desk import field, tab_to
from tests.conftest import make_company
from tests.crm.calling.building import make_list, start_call

pytestmark = pytest.mark.browser

EMAIL = "ans@voorbeeld.nl"


def test_who_rings_is_found_by_the_last_digits(server: Server, browser_page: Page, sign_in: SignIn) -> None:
    page = browser_page
    ans = server.add_person(Role.CALLER, EMAIL, "Ans Bakker")
    with server.transaction() as session:
        make_list(session, [ans], [make_company(session, name="Bakkerij Kruimel B.V.")])
        make_company(session, name="Garage Moer", number="+31786123456", legal_form="EMZ", activity="Garage")
        start_call(session, ans)
    sign_in(page, EMAIL, "/desk")
    expect(page.locator(kept("save"))).to_be_visible()
    field(page, "notes").fill("Belt zo terug.")
    page.keyboard.press("Escape")
    press(page, "F2")
    dialog = page.get_by_role("dialog")
    number = dialog.get_by_role("textbox")
    expect(number).to_be_visible()
    tab_to(page, number)
    page.keyboard.type("123456")
    found = dialog.get_by_role("button", name="Garage Moer")
    expect(dialog).to_contain_text("Bel niet zelf: Eenmanszaak zonder toestemming")
    expect(dialog).to_contain_text("U hebt Bakkerij Kruimel B.V. open.")
    expect(dialog).to_contain_text("geparkeerd")
    screenshot(page, "incoming-dialog")
    tab_to(page, found)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Garage Moer")).to_be_visible()
    expect(page.locator(".kk-hint")).to_contain_text("opnemen mag altijd")
    screenshot(page, "desk-incoming")
    with server.transaction() as session:
        before, now = session.exec(select(Call).order_by(Call.id)).all()
        assert (before.status, before.notes) == (CallStatus.PARKED, "Belt zo terug.")
        assert (now.way, now.e164, now.status) == (CallWay.INCOMING, "+31786123456", CallStatus.OPEN)
    expect(page.get_by_role("button", name="Geparkeerd: Bakkerij Kruimel B.V., sinds 10:0")).to_be_visible()
    fits_in_height(page)
    page.locator(f"{kept('put-back')} button").click()
    expect(page.get_by_role("heading", name="Garage Moer")).to_have_count(0)
    expect(page.get_by_role("heading", name="Bellen", exact=True)).to_be_visible()
    press(page, "p")
    expect(page.get_by_role("heading", name="Bakkerij Kruimel B.V.")).to_be_visible()
    expect(field(page, "notes")).to_have_value("Belt zo terug.")
    expect(page.locator(kept("parked"))).to_have_count(0)
