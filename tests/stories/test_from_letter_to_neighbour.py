"""An owner says yes to a letter and names a neighbour, who does not want to be called: in Dutch."""

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from crm.access.permissions import Role
from crm.calling.models import Call
from crm.companies.gate import may_call
from crm.companies.models import Company, Consent, Referral, Suppression, SuppressionReason
from crm.scripts.services import load_scripts
from tests.browser.conftest import Server, SignIn, choose, choose_result, kept, press, screenshot
from tests.browser.test_letters import EMAIL, print_letter, scanned, telephone
from tests.crm.outreach.conftest import make_owner
from tests.stories.test_main_journey import box, key, note

__all__ = ["telephone"]
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["sqlite"], indirect=True)]

BAKERY, GARAGE, NUMBER = "Bakkerij Bloem", "Garage Moer", "+31786123456"


def say_yes(owner: Page, address: str) -> None:
    owner.goto(address)
    owner.get_by_label("Ja, u mag mij bellen").check()
    owner.get_by_label("Uw naam").fill("Ria Bakker")
    owner.get_by_label("Uw functie").fill("eigenaar")
    owner.get_by_role("button", name="Verder").click()
    owner.get_by_role("button", name="Ja, verstuur mijn antwoord").click()
    expect(owner.get_by_role("status")).to_contain_text("Dank u wel")
    screenshot(owner, "story-letter-1-yes")


def call_from_the_card(page: Page, name: str) -> None:
    page.locator(f"{key('call-company')} button").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_role("button", name="Bewaar en volgende")).to_be_visible()


def name_the_neighbour(page: Page) -> None:
    press(page, "l")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Naam van het bedrijf").fill(GARAGE)
    dialog.get_by_label("Plaats").fill("Zwijndrecht")
    dialog.get_by_label("Telefoonnummer").fill("078 612 34 56")
    dialog.get_by_role("checkbox").check(force=True)
    dialog.get_by_role("button", name="Schrijf dit bedrijf op").click()
    expect(page.locator(key("leads"))).to_contain_text(f"Genoemd: {GARAGE} (Zwijndrecht)")
    screenshot(page, "story-letter-2-neighbour")


def finish(page: Page, person: str, summary: str, result: str) -> None:
    note(page, "spoken_with", person)
    note(page, "summary", summary)
    choose_result(page, result)
    page.locator(kept("objection_right")).get_by_role("radio", name="Ja").click()
    expect(page.locator(f"{key('outcome')} .line").first).to_contain_text("Bewaard")
    page.get_by_role("button", name="Bewaar en volgende").click()


def fill_in_the_legal_form(page: Page, company_id: int) -> None:
    expect(page.get_by_text("Rechtsvorm onbekend").first).to_be_visible()
    page.locator(f"{key('edit-company')} button").click()
    choose(page, box(page, f"company-{company_id}-legal_form"), "Besloten vennootschap")
    page.locator(f"{key('save-company')} button").click()


def test_from_a_letter_to_a_neighbour_who_is_left_alone(
    server: Server, browser_page: Page, telephone: Page, sign_in: SignIn
) -> None:
    page = browser_page
    server.add_person(Role.COORDINATOR, EMAIL, "Carla Smit")
    with server.transaction() as session:
        load_scripts(session)
        bakery = make_owner(session, name=BAKERY)

    address = scanned(print_letter(page, server, bakery.id, sign_in))
    expect(page.get_by_text("Eenmanszaak zonder toestemming").first).to_be_visible()
    expect(page.locator(key("call-company"))).to_have_count(0)
    say_yes(telephone, address)

    page.reload()
    call_from_the_card(page, BAKERY)
    name_the_neighbour(page)
    finish(page, "Ria Bakker", "Geen werk, wel een buurman.", "Doorverwezen naar ander bedrijf")
    expect(page.get_by_role("heading", name=BAKERY)).to_have_count(0)
    with server.transaction() as session:
        garage = session.exec(select(Company).where(Company.name == GARAGE)).one()
        assert session.exec(select(Referral.introducer_company_id)).one() == bakery.id
        assert session.exec(select(Consent.company_id)).all() == [bakery.id]

    page.goto(f"{server.url}/companies?company={garage.id}")
    fill_in_the_legal_form(page, garage.id)
    call_from_the_card(page, GARAGE)
    expect(page.locator(".kk-hint")).to_have_text(f"U belt op aanraden van Ria Bakker van {BAKERY}")
    screenshot(page, "story-letter-3-on-recommendation")
    finish(page, "Kees Moer", "Wil niet gebeld worden.", "Wil niet meer gebeld worden")
    expect(page.get_by_role("heading", name=GARAGE)).to_have_count(0)

    page.goto(f"{server.url}/companies?company={garage.id}")
    expect(page.get_by_text("Dit bedrijf wil niet gebeld worden.").first).to_be_visible()
    expect(page.locator(key("call-company"))).to_have_count(0)
    screenshot(page, "story-letter-4-blocked")
    with server.transaction() as session:
        assert [call.disposition for call in session.exec(select(Call).order_by(col(Call.id)))] == [
            "DOORVERWEZEN",
            "VERZET",
        ]
        blocks = session.exec(select(Suppression)).all()
        assert {block.reason for block in blocks} == {SuppressionReason.OBJECTION}
        assert {garage.id, NUMBER} <= {*(block.company_id for block in blocks), *(block.e164 for block in blocks)}
        assert may_call(session, bakery.id).rule != may_call(session, garage.id).rule
