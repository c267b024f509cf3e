"""Skipping a company with the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from crm.access.permissions import Role
from crm.calling.models import SkippedCompany, SkipReason
from tests.browser.conftest import Server, SignIn, press
from tests.conftest import make_company
from tests.crm.calling.building import make_list

pytestmark = pytest.mark.browser


def test_a_company_is_skipped_with_the_keyboard(server: Server, browser_page: Page, sign_in: SignIn) -> None:
    caller = server.add_person(Role.CALLER, "beller@voorbeeld.nl")
    with server.transaction() as session:
        make_list(session, [caller], [make_company(session, name=name) for name in ("Bakkerij Een", "Bakkerij Twee")])
    page = browser_page
    sign_in(page, "beller@voorbeeld.nl", "/desk")
    page.get_by_role("button", name="Start met bellen").wait_for()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".st-key-who")).to_contain_text("Bakkerij Een")
    page.get_by_role("button", name="Sla over").wait_for()
    press(page, "s")
    dialog = page.get_by_role("dialog")
    reasons = dialog.get_by_role("radio")
    expect(reasons).to_have_count(len(SkipReason))
    for _tab in range(6):
        if reasons.first.evaluate("radio => radio === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(reasons.first).to_be_focused()
    page.keyboard.press("Space")
    confirm = dialog.get_by_role("button", name="Sla over en ga verder")
    expect(confirm).to_be_enabled()
    page.keyboard.press("Tab")
    page.keyboard.type("Op maandag gesloten")
    page.keyboard.press("Tab")
    expect(confirm).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-who")).to_contain_text("Bakkerij Twee")
    expect(dialog).to_have_count(0)
    with server.transaction() as session:
        [skipped] = session.exec(select(SkippedCompany)).all()
    assert (skipped.reason, skipped.note) == (SkipReason.CLOSED, "Op maandag gesloten")
