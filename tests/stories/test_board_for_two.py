"""A coordinator moves cards while a colleague watches; once with the keys, and once the colleague is first."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from crm.access.permissions import Role
from crm.core.clock import now
from crm.pipeline.models import HiddenJob, LostReason, Stage
from crm.pipeline.services import move
from tests.browser.conftest import PATIENCE, Server, SignIn, eventually, screenshot, settled
from tests.browser.test_accessibility import THEMES, faults
from tests.browser.touch import Finger
from tests.conftest import make_company, make_job

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["sqlite"], indirect=True)]

MINE, THEIRS = "coordinator@voorbeeld.nl", "coach@voorbeeld.nl"


@pytest.fixture
def watching(chromium: Browser) -> Iterator[Page]:
    """The window of the colleague."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="nl-NL")
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


def write_down(server: Server, title: str, **given: object) -> int:
    with server.transaction() as session:
        company = make_company(session, name="Bakkerij Een", town="Sliedrecht")
        return make_job(session, title=title, company_id=company.id, **given).id


def stage(server: Server, job_id: int) -> Stage:
    with server.transaction() as session:
        return session.get_one(HiddenJob, job_id).stage


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def card(page: Page, title: str) -> Locator:
    return page.locator("button.card").filter(has_text=title)


def drag(page: Page, what: Locator, to: Locator) -> None:
    settled(page)
    what.hover(trial=True)  # it has stopped moving
    start, end = what.bounding_box(), to.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 30, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 25, steps=3)
    page.mouse.move(end["x"] + 40, end["y"] + 60, steps=5)
    page.mouse.up()


def test_cards_move_for_everybody(server: Server, browser_page: Page, watching: Page, sign_in: SignIn) -> None:
    server.add_person(Role.COORDINATOR, MINE, "Ria Bos")
    colleague = server.add_person(Role.COACH, THEIRS, "Theo Mol")
    mouse = write_down(server, "Muiswerk")
    keys = write_down(server, "Toetswerk", stage_since=now() - timedelta(days=20))
    bare = write_down(server, "Kaalwerk", stage=Stage.EXPLORED, tasks="")
    finger = write_down(server, "Vingerwerk")
    first, lost = write_down(server, "Voorwerk"), write_down(server, "Weekwerk")
    page = browser_page
    sign_in(watching, THEIRS, "/pipeline?stale=1")
    expect(card(watching, "Toetswerk")).to_be_visible()
    expect(card(watching, "Muiswerk")).to_be_hidden()  # what is chosen comes from the address
    watching.get_by_text("Alleen wat stilstaat").click()
    search = watching.get_by_placeholder("Zoek werk of bedrijf")
    search.press_sequentially("half")
    sign_in(page, MINE, "/pipeline")

    # With the mouse: what is possible lights up, the colleague sees it happen, and keeps what is half typed.
    drag(page, card(page, "Muiswerk"), column(page, "Verkend"))
    expect(column(page, "Verkend").get_by_text("Muiswerk")).to_be_visible()
    expect(column(watching, "Verkend").get_by_text("Muiswerk")).to_be_visible()
    assert eventually(lambda: stage(server, mouse) is Stage.EXPLORED)
    expect(search).to_be_focused()
    expect(search).to_have_value("half")

    # With a finger: at once it scrolls, after a moment it drags.
    hand, board = Finger(watching), watching.locator(".board")
    hand.down(card(watching, "Vingerwerk"))
    hand.slide(-80)
    hand.up()
    expect(board).not_to_have_js_property("scrollLeft", 0)
    hand.down(card(watching, "Vingerwerk"))
    expect(watching.locator(".held")).to_be_visible()
    hand.slide(column(watching, "Verkend").bounding_box()["width"])
    hand.up()
    expect(column(page, "Verkend").get_by_text("Vingerwerk")).to_be_visible()
    expect(search).to_have_value("half")
    assert stage(server, finger) is Stage.EXPLORED

    # What the rules refuse says why before anything is asked, and goes back.
    drag(page, card(page, "Kaalwerk"), column(page, "Werkprofiel klaar"))
    expect(page.locator(".said")).to_contain_text("taken")
    assert eventually(lambda: stage(server, bare) is Stage.EXPLORED)

    # With the keys alone.
    card(page, "Toetswerk").focus()
    for key in ("Enter", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".said")).to_have_text("‘Toetswerk’ kan niet van ‘Signaal’ naar ‘Werkprofiel klaar’.")
    page.keyboard.press("Escape")
    expect(page.locator(".said")).to_have_text("‘Toetswerk’ blijft waar het was.")
    for key in ("Space", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".said")).to_have_text("‘Toetswerk’ staat nu op ‘Verkend’.")
    expect(card(page, "Toetswerk")).to_be_focused()
    assert eventually(lambda: stage(server, keys) is Stage.EXPLORED)

    # A colleague was first, while the card was in the air: it waits until it is put down.
    card(page, "Voorwerk").focus()
    page.keyboard.press("Enter")
    with server.transaction() as session:
        move(session, colleague, first, Stage.EXPLORED, version=1)
    expect(column(watching, "Verkend").get_by_text("Voorwerk")).to_be_visible()
    expect(column(page, "Signaal").get_by_text("Voorwerk")).to_be_visible()
    for key in ("ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".said")).to_contain_text("Theo Mol was u voor")
    expect(column(page, "Verkend").get_by_text("Voorwerk")).to_be_visible()

    # By the menu, for a finger too; a lost job asks for its reason.
    dots = page.get_by_role("button", name="‘Weekwerk’ verzetten of openen")
    for shown in (True, False, True):
        dots.click()
        expect(page.get_by_role("menu")).to_be_visible(visible=shown)
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {fault}" for fault in faults(page)]
        screenshot(page, f"board-{theme}")
    assert not found, "\n".join(found)
    page.get_by_role("menuitem", name="Naar ‘Afgevallen’").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Waarom?").click()
    page.get_by_role("option", name=LostReason.NO_MONEY.label).click()
    dialog.get_by_text("Nee, nooit").click()
    dialog.get_by_role("button", name="Bewaren").click()
    expect(dialog).to_be_hidden()
    expect(column(watching, "Afgevallen, 1 baan")).to_be_visible()
    assert eventually(lambda: stage(server, lost) is Stage.LOST)
