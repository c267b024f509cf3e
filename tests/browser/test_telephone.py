"""A telephone system dials at the press of a key; the desk follows the call and shows who calls in."""

import json
import re
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from crm.access.permissions import Role
from crm.calling.models import CallField
from crm.telephony.inputs import LineInput
from crm.telephony.rules import EVENT_PATH, signature
from crm.telephony.services import set_line
from tests.browser.conftest import PATIENCE, Server, SignIn, eventually, settled
from tests.conftest import make_company
from tests.crm.calling.building import make_list
from tests.crm.telephony.peers import web

pytestmark = pytest.mark.browser

EMAIL, SECRET = "ans@voorbeeld.nl", "wat-de-centrale-ook-weet"
RINGS_IN = "+31786543210"


@pytest.fixture
def peer(server: Server, set_telephony) -> Iterator[web.Peer]:
    """Voys, as it behaves. The server knows it after a new start."""
    with web.running(web.Peer()) as peer:
        system = {"kind": "voipgrid", "url": peer.url, "email": web.EMAIL, "token": web.TOKEN, "encrypted": False}
        set_telephony(default="voys", voys=system)
        server.settings["KOPKOFFIE_TELEPHONY"] = json.dumps({"voys": system})
        server.settings["KOPKOFFIE_TELEPHONY_DEFAULT"] = "voys"
        server.settings["KOPKOFFIE_TELEPHONY_EVENT_SECRET"] = SECRET
        server.stop()
        server.start()
        yield peer


@pytest.fixture
def desk(server: Server, peer: web.Peer, browser_page: Page, sign_in: SignIn) -> Page:
    ans = server.add_person(Role.CALLER, EMAIL, "Ans Bakker")
    with server.transaction() as session:
        make_list(session, [ans])
        make_company(session, name="Slagerij Vos", number=RINGS_IN)
        set_line(session, ans, ans.user_id, LineInput(own_line="101"))
    sign_in(browser_page, EMAIL, "/desk")
    expect(browser_page.locator(".st-key-start button")).to_be_visible()
    browser_page.keyboard.press("Control+Enter")
    expect(browser_page.locator(".kk-dial[aria-keyshortcuts]")).to_be_visible()
    return browser_page


def results(server: Server) -> list[str]:
    with server.transaction() as session:
        return list(session.exec(select(CallField.value).where(CallField.name == "disposition")))


def tell(server: Server, **event: str) -> None:
    fields = {"id": f"{time.time_ns()}", "system": "voys", "line": "101", "number": RINGS_IN, "reference": "in-1"}
    body, seconds = json.dumps(fields | event).encode(), f"{time.time():.0f}"
    headers = {"X-Kopkoffie-Time": seconds, "X-Kopkoffie-Signature": signature(SECRET, seconds, body)}
    assert httpx.post(server.url + EVENT_PATH, content=body, headers=headers, timeout=PATIENCE).status_code == 204


def test_one_key_dials_once_and_the_desk_follows_the_call(desk: Page, peer: web.Peer) -> None:
    telephone = desk.locator(".st-key-telephone")
    for _press in range(3):
        desk.keyboard.press("d")
    expect(telephone).to_contain_text("De telefoon gaat over")
    assert len(peer.posts()) == 1
    peer.states["call-7"] = "connected"
    expect(telephone).to_contain_text("U bent in gesprek")
    telephone.get_by_role("button").click()
    expect(telephone).to_contain_text("Opgehangen")
    settled(desk)
    stopped = desk.locator(".kk-timer").inner_text()
    desk.wait_for_timeout(1500)  # a clock that went on would be a second further
    assert desk.locator(".kk-timer").inner_text() == stopped
    assert len(peer.posts()) == 1


def test_a_system_that_is_away_leaves_the_link(desk: Page, peer: web.Peer) -> None:
    peer.faults = {"broken"}
    desk.keyboard.press("d")
    expect(desk.get_by_text("De telefooncentrale geeft geen antwoord.")).to_be_visible()
    expect(desk.locator(".kk-dial").first).not_to_have_attribute("data-system", "")
    expect(desk.locator(".kk-dial").first).to_have_attribute("href", re.compile("^tel:[+]31"))


def test_who_calls_is_shown_until_the_call_ends(server: Server, desk: Page) -> None:
    bar = desk.locator(".st-key-ringing")
    expect(bar).to_have_count(0)
    tell(server, direction="in", state="ringing")
    expect(bar).to_contain_text("078 654 3210")
    expect(bar).to_contain_text("Slagerij Vos")
    bar.get_by_role("button").click()
    expect(desk.get_by_role("button", name="Slagerij Vos")).to_be_visible()
    desk.keyboard.press("Escape")
    tell(server, direction="in", state="ended")
    expect(bar).to_have_count(0)


def test_what_the_telephone_says_waits_for_the_caller(server: Server, desk: Page, peer: web.Peer) -> None:
    desk.keyboard.press("d")
    expect(desk.locator(".st-key-telephone")).to_contain_text("De telefoon gaat over")
    tell(server, direction="out", reference="call-7", state="ended", cause="busy")
    proposed = desk.get_by_role("button", name="De telefoon meldt: In gesprek")
    expect(proposed).to_be_visible()
    assert results(server) == []
    proposed.click()
    expect(proposed).to_have_count(0)
    assert eventually(lambda: results(server) == ["IN_GESPREK"])
