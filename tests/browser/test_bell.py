"""The bell counts up by itself while somebody types, and touches nothing else."""

import pytest
from playwright.sync_api import Page, expect

from crm.access.permissions import Role
from crm.messaging.models import NoticeKind
from crm.messaging.services import notify
from tests.browser.conftest import Server, SignIn, settled
from tests.conftest import make_company
from tests.crm.calling.building import make_list
from web.components.bell import LOOK_EVERY

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["sqlite"], indirect=True)]

# Whatever is drawn anew, of the bell and of everything else; only a sign of a run is no drawing.
WATCH = """() => {
  window.drawn = [];
  const bell = document.querySelector(".st-key-bell");
  const note = (where) => (list) => list.forEach((change) => window.drawn.push(`${where} ${change.type}`));
  const all = { childList: true, characterData: true, subtree: true };
  const shadow = [...bell.querySelectorAll("*")].find((element) => element.shadowRoot).shadowRoot;
  new MutationObserver(note("bell")).observe(shadow, all);
  new MutationObserver(note("page")).observe(document.querySelector(".stMain"), all);
}"""


def test_it_counts_up_while_notes_are_typed(server: Server, browser_page: Page, sign_in: SignIn) -> None:
    caller = server.add_person(Role.CALLER, "beller@voorbeeld.nl")
    with server.transaction() as session:
        make_list(session, [caller], [make_company(session, name="Bakkerij Een")])
    page = browser_page
    page.clock.install()
    with page.expect_websocket(lambda socket: "_stcore/stream" in socket.url) as line:
        sign_in(page, "beller@voorbeeld.nl", "/desk")
    page.get_by_role("button", name="Start met bellen").wait_for()
    page.keyboard.press("Control+Enter")
    notes = page.get_by_label("Notities")
    notes.click()
    page.keyboard.type("Wil in mei ")
    bell = page.get_by_role("link", name="Berichten: Geen nieuwe berichten")
    expect(bell).to_be_visible()
    expect(page.get_by_text("Bewaard om")).to_be_visible()

    settled(page)
    page.evaluate(WATCH)
    for _look in range(2):  # the answer to the first is there before that to the second
        with line.value.expect_event("framereceived"):
            page.clock.fast_forward(LOOK_EVERY * 1000)
    assert page.evaluate("() => window.drawn") == []

    with server.transaction() as session:
        notify(session, caller.user_id, kind=NoticeKind.TAKEN_OVER, once_key="a", title="Iets nieuws")
    page.keyboard.type("iemand")
    page.clock.fast_forward(LOOK_EVERY * 1000)
    expect(page.get_by_role("link", name="Berichten: 1 nieuw bericht")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="1 nieuw bericht")).to_have_count(1)
    page.keyboard.type(" erbij")
    expect(notes).to_be_focused()
    expect(notes).to_have_value("Wil in mei iemand erbij")
    page.get_by_role("link", name="Berichten: 1 nieuw bericht").click(delay=50)  # as long as a finger takes
    expect(page.get_by_role("heading", name="Berichten")).to_be_visible()
    expect(page.get_by_text("Iets nieuws")).to_be_visible()
