"""Follow-ups are dragged through the week, with the mouse and with the keys alone; what may not be goes back."""

from datetime import date, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from crm.access.permissions import Role
from crm.core.clock import at
from crm.followups.models import FollowUp, FollowUpKind
from tests.browser.conftest import Server, SignIn, eventually, screenshot, settled
from tests.browser.test_accessibility import THEMES, faults
from tests.browser.touch import Finger
from tests.conftest import make_company

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["sqlite"], indirect=True)]

WEDNESDAY = date(2026, 11, 25)
EMAIL = "beller@voorbeeld.nl"
QUARTER = 16  # pixels


def plan(server: Server, owner_id: int, name: str, due_at: datetime) -> int:
    with server.transaction() as session:
        company = make_company(session, name=name, name_key=name.lower())
        follow_up = FollowUp(kind=FollowUpKind.CALLBACK, due_at=due_at, owner_id=owner_id, company_id=company.id)
        session.add(follow_up)
        session.flush()
        return follow_up.id


def due(server: Server, follow_up_id: int) -> datetime:
    with server.transaction() as session:
        return session.get_one(FollowUp, follow_up_id).due_at


def drag(page: Page, card: Locator, days: int, quarters: int) -> None:
    settled(page)
    card.hover(trial=True)  # it has stopped moving
    box = card.bounding_box()
    column = page.locator(".column").first.bounding_box()
    assert box
    assert column
    x, y = box["x"] + 20, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + days * column["width"] / 2, y + 3, steps=3)
    page.mouse.move(x + days * column["width"], y + quarters * QUARTER, steps=3)
    page.mouse.up()


def test_a_week_of_work(server: Server, browser_page: Page, sign_in: SignIn) -> None:
    caller = server.add_person(Role.CALLER, EMAIL)
    mouse = plan(server, caller.user_id, "Bakkerij Muis", at(WEDNESDAY, 10))
    keys = plan(server, caller.user_id, "Bakkerij Toets", at(WEDNESDAY, 14))
    page = browser_page
    sign_in(page, EMAIL, "/followups")
    page.get_by_role("radio", name="Als week").click()
    expect(page).to_have_url(f"{server.url}/followups?week=2026-W48")

    card = page.get_by_role("button", name="Bakkerij Muis")
    drag(page, card, 1, 2)
    expect(page.get_by_role("button", name="Bakkerij Muis, donderdag 26 november, 10:30")).to_be_visible()
    expect(page.get_by_text("Verzet naar do 26 nov 10:30.").first).to_be_attached()
    assert eventually(lambda: due(server, mouse) == at(date(2026, 11, 26), 10, 30))

    finger = Finger(page)
    finger.down(card)
    expect(page.locator(".held")).to_be_visible()
    finger.slide(0, 2 * QUARTER)
    finger.up()
    expect(page.get_by_role("button", name="Bakkerij Muis, donderdag 26 november, 11:00")).to_be_visible()
    expect(page.get_by_text("Verzet naar do 26 nov 11:00.").first).to_be_attached()
    expect(page.locator(".waiting")).to_have_count(0)

    card = page.get_by_role("button", name="Bakkerij Toets")
    card.focus()
    for key in ("Enter", "ArrowRight", "ArrowDown", "Escape"):
        page.keyboard.press(key)
    expect(page.locator(".live")).to_have_text("Het blijft waar het was.")
    for key in ("Space", "ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator(".live")).to_have_text("vrijdag 27 november, 14:15")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Bakkerij Toets, vrijdag 27 november, 14:15")).to_be_focused()
    expect(page.locator(".live")).to_have_text("Verzet naar vr 27 nov 14:15.")
    assert eventually(lambda: due(server, keys) == at(date(2026, 11, 27), 14, 15))

    for key in ("Enter", *["ArrowLeft"] * 4, "Enter"):  # back to Monday, which is over
        page.keyboard.press(key)
    expect(page.get_by_text("Dit moment is al voorbij")).to_be_visible()
    expect(page.get_by_role("button", name="Bakkerij Toets, vrijdag 27 november, 14:15")).to_be_focused()
    assert eventually(lambda: due(server, keys) == at(date(2026, 11, 27), 14, 15))

    with server.transaction() as session:  # a colleague was first
        session.get_one(FollowUp, mouse).due_at = at(date(2026, 11, 26), 15)
    drag(page, page.get_by_role("button", name="Bakkerij Muis"), -1, 0)
    expect(page.get_by_text("Iemand anders heeft dit intussen gewijzigd").first).to_be_visible()
    expect(page.get_by_role("button", name="Bakkerij Muis, donderdag 26 november, 15:00")).to_be_visible()

    busy = [plan(server, caller.user_id, f"Bakkerij Vol {n}", at(date(2026, 11, 26), 10 + n // 9)) for n in range(10)]
    page.reload()
    settled(page)
    expect(page.locator(".card:visible")).to_have_count(3 + 1 + 2)  # what is alone has a place of its own
    more = page.get_by_role("button", name="Nog 6, toon alles van deze dag, donderdag 26 november, 10:00")
    width = page.get_by_role("button", name="Bakkerij Vol 0").bounding_box()["width"]
    assert width > page.locator(".column").first.bounding_box()["width"] / 5
    more.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Bakkerij Vol 8").click()
    expect(page.get_by_role("dialog")).to_contain_text("Verzetten")
    expect(page.get_by_role("dialog")).to_contain_text("Bakkerij Vol 8")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert due(server, busy[8]) == at(date(2026, 11, 26), 10)

    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {fault}" for fault in faults(page)]
        screenshot(page, f"week-{theme}")
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    settled(page)
    expect(page.locator(".column").first).to_be_hidden()
    found += [f"telephone: {fault}" for fault in faults(page)]
    screenshot(page, "week-telephone")
    assert not found, "\n".join(found)
    page.get_by_role("button", name="Bakkerij Toets").click()
    expect(page.get_by_role("dialog")).to_contain_text("Bakkerij Toets")
