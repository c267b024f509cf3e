"""A company that is named in one call, and called later on that recommendation: by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from crm.access.permissions import Role
from crm.calling.models import CallListEntry
from crm.companies.models import Company, Referral
from tests.browser.conftest import Server, SignIn, choose_result, kept, press, screenshot
from tests.browser.test_desk import LONG_AGO, field, tab_to
from tests.conftest import make_company
from tests.crm.calling.building import answer, make_list, start_call
from tests.pages.desk.building import WORK_FOUND

pytestmark = pytest.mark.browser

EMAIL = "ans@voorbeeld.nl"


def test_a_company_that_was_named_is_called_on_that_recommendation(
    server: Server, browser_page: Page, sign_in: SignIn
) -> None:
    page = browser_page
    ans = server.add_person(Role.CALLER, EMAIL, "Ans Bakker")
    with server.transaction() as session:
        made = make_list(session, [ans], [make_company(session, name="Bakkerij Kruimel B.V.")])
        answer(session, ans, start_call(session, ans), *WORK_FOUND[:-2])
    sign_in(page, EMAIL, "/desk")
    expect(page.locator(".kk-say h3")).to_have_text("Herkent u dit?")
    expect(page.locator(kept("save"))).to_be_visible()
    press(page, "l")
    dialog = page.get_by_role("dialog")
    name = dialog.get_by_label("Naam van het bedrijf")
    expect(name).to_be_visible()
    tab_to(page, name)
    page.keyboard.type("Garage Moer")
    page.keyboard.press("Tab")
    page.keyboard.type("Zwijndrecht")
    page.keyboard.press("Tab")
    page.keyboard.type("078 612 34 56")
    tab_to(page, dialog.get_by_role("checkbox"))
    page.keyboard.press("Space")
    screenshot(page, "lead-dialog")
    tab_to(page, dialog.get_by_role("button", name="Schrijf dit bedrijf op"))
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-leads")).to_contain_text("Genoemd: Garage Moer (Zwijndrecht)")
    expect(page.locator(".stAlert")).to_contain_text("Rechtsvorm onbekend")
    expect(page.locator(".kk-say h3")).to_have_text("Herkent u dit?")  # no letter of the dialog was taken for a key
    screenshot(page, "desk-lead-named")

    with server.transaction() as session:
        lead = session.exec(select(Company).where(Company.name == "Garage Moer")).one()
        assert session.exec(select(Referral.may_name)).one()
        lead.legal_form = "BV"
        session.add(CallListEntry(list_id=made.id, company_id=lead.id, due_at=LONG_AGO))
    field(page, "spoken_with").fill("Ria Jansen")
    field(page, "summary").fill("Nu geen werk, wel een naam.")
    choose_result(page, "Doorverwezen naar ander bedrijf")
    expect(page.locator(".st-key-outcome .line").first).to_contain_text("Bewaard")
    page.locator(kept("objection_right")).get_by_role("radio", name="Ja").click()
    page.locator(f"{kept('save')} button").click()
    expect(page.get_by_role("heading", name="Garage Moer")).to_be_visible()
    expect(page.locator(".kk-hint")).to_have_text("U belt op aanraden van Ria Jansen van Bakkerij Kruimel B.V.")
    screenshot(page, "desk-on-recommendation")
