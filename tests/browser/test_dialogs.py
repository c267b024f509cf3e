"""Every dialog passes WCAG 2.2 AA, light or dark, and fits a telephone or a text of 200 %: each in its turn."""

from itertools import cycle

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from crm.access.actor import Actor
from crm.access.passwords import hash_password
from crm.access.permissions import Role
from crm.calling.models import CallList, SkippedCompany, SkipReason
from crm.companies.inputs import ContactInput, NumberBlockInput
from crm.companies.models import Company, SuppressionReason
from crm.companies.services import add_contact, suppress_number
from crm.core.clock import now
from crm.desk.services import log_call
from crm.followups.models import FollowUp, FollowUpKind
from crm.followups.templates import load_templates
from tests.browser.conftest import PASSWORD, TUESDAY_AT_TEN, Server, SignIn, settled
from tests.browser.test_accessibility import THEMES, faults
from tests.browser.test_desk import EMAIL
from tests.conftest import add_user, make_company
from tests.crm.calling.building import make_list, start_call
from tests.crm.desk.test_elsewhere import told
from tests.crm.outreach.conftest import make_owner

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["sqlite"], indirect=True)]

DIALOG = "[role=dialog]"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
# A telephone, and what 1366x768 has room for when text is at 200 %.
SIZES: tuple[ViewportSize, ...] = ({"width": 390, "height": 844}, {"width": 683, "height": 384})
OUTSIDE = """dialog => {
    const frame = dialog.getBoundingClientRect(), width = document.documentElement.clientWidth
    const left = Math.max(frame.left, 0) - 1, right = Math.min(frame.right, width) + 1
    const out = box => box.width > 1 && (box.right > right || box.left < left)
    return [...dialog.querySelectorAll("button, input:not([type=date]), textarea, p, label, table, [role=radio]")]
        .filter(item => !item.closest("[data-testid=stTable]") && out(item.getBoundingClientRect()))
        .map(item => item.outerHTML.slice(0, 150))
}"""
# The beginnings of the keys of the buttons that open them, by screen; in `first > then` the second may be in a menu.
CARD = (
    "ask-letter", "ask-stopped", "ask-log-call", "add-number", "wrong-", "edit-1", "erase-1", "block-1", "add-consent",
    "add-publication", "add-relation", "ask-touch", "correct-", "ask-erase",
)  # fmt: skip
SCREENS = {
    "companies?company=1": CARD,
    "call_lists": ("callers-", "settings-", "retries-", "skipped-"),
    "blocks": ("ask-block-number", "ask-erase-number", "take-back-", "erase-number-"),
    "team": ("open-pass-on",),
    "followups": ("new", "done-", "move-"),
    "followups?scope=team": (
        "pick-all > bulk-open", "more- > Overdragen", "more- > Wijzigen", "more- > Uitstellen tot een goed moment",
    ),
    "templates": ("new-template", "edit-template-"),
    "users": ("new-user", "password-", "close-"),
    "desk": ("keys", "name-lead", "skip", "incoming"),
}  # fmt: skip


@pytest.fixture
def demo(server: Server, browser_page: Page, sign_in: SignIn) -> Page:
    """With a company of which everything can be asked, and a caller who has it on the desk."""
    with server.transaction() as session:
        load_templates(session)
        ans = add_user(session, Role.ADMIN, email=EMAIL, password_hash=hash_password(PASSWORD))
        company = make_owner(session, name="Bakkerij Bloem")
        add_contact(session, ans, company.id, ContactInput(name="Ria Bakker", function="eigenaar"))
        suppress_number(session, ans, NumberBlockInput(number="078 613 9999", reason=SuppressionReason.OTHER))
        made = make_list(session, [ans], [make_company(session, name="Garage Moer B.V.")])
        start_call(session, ans)
        session.add(skipped(made, company, ans))
        log_call(session, ans, company.id, told("GEEN_INTERESSE"))
        session.add(FollowUp(kind=FollowUpKind.CALLBACK, due_at=TUESDAY_AT_TEN, owner_id=ans.id, company_id=company.id))
    sign_in(browser_page, EMAIL)
    return browser_page


def skipped(made: CallList, company: Company, person: Actor) -> SkippedCompany:
    told = {"reason": SkipReason.OTHER, "note": "Verbouwing", "until": now()}
    return SkippedCompany(company_id=company.id, list_id=made.id, user_id=person.user_id, **told)


def test_every_dialog(server: Server, demo: Page) -> None:
    found = []
    looks = cycle(zip((*THEMES, *reversed(THEMES)), (*SIZES, *SIZES), strict=True))
    for screen, beginnings in SCREENS.items():
        demo.set_viewport_size(LAPTOP)
        demo.goto(f"{server.url}/{screen}")
        for beginning, (theme, size) in zip(beginnings, looks, strict=False):
            dialog = open_dialog(demo, beginning)
            demo.emulate_media(color_scheme=theme)
            demo.set_viewport_size(size)
            place = f"{screen}, {beginning}, {theme}, {size['width']} px"
            found += [f"{place}: {fault}" for fault in [*sticking_out(demo), *faults(demo, DIALOG)]]
            demo.set_viewport_size(LAPTOP)
            demo.keyboard.press("Escape")
            expect(dialog).to_have_count(0)
    assert not found, "\n".join(found)


def open_dialog(page: Page, beginning: str) -> Locator:
    for step in beginning.split(" > "):
        button = page.locator(f"[class*='st-key-{step}'] button")
        button.or_(page.get_by_role("menuitem", name=step)).first.click()
    dialog = page.locator(DIALOG)
    expect(dialog).to_be_visible()
    settled(page)
    return dialog


def test_what_was_typed_in_a_dialog_is_there_again_after_a_closing_by_mistake(server: Server, demo: Page) -> None:
    demo.goto(f"{server.url}/followups?scope=team")
    reason = open_dialog(demo, "pick-all > bulk-open").get_by_label("Reden")
    reason.fill("Ziek")
    demo.keyboard.press("Escape")
    expect(demo.locator(DIALOG)).to_have_count(0)
    open_dialog(demo, "bulk-open")
    expect(reason).to_have_value("Ziek")
    demo.locator(DIALOG).get_by_text("Overdragen").click()
    expect(demo.locator(DIALOG).get_by_label("Aan wie")).to_be_visible()
    expect(reason).to_have_count(0)
    settled(demo)
    demo.locator(DIALOG).get_by_text("Verzetten", exact=True).click()
    expect(reason).to_have_value("Ziek")
    reason.fill("Weer ziek")
    demo.mouse.click(10, 400)
    expect(demo.locator(DIALOG)).to_have_count(0)
    open_dialog(demo, "bulk-open")
    expect(reason).to_have_value("Weer ziek")
    demo.locator(".st-key-save-bulk button").click()
    expect(demo.locator(DIALOG)).to_have_count(0)
    open_dialog(demo, "pick-all > bulk-open")
    expect(reason).to_have_value("")


def test_leaving_a_form_that_is_not_saved_is_asked_first(server: Server, demo: Page) -> None:
    demo.goto(f"{server.url}/companies?new=1")
    name, asked = demo.get_by_label("Naam").first, []
    name.fill("Bakkerij Kruimel")
    elsewhere = demo.get_by_role("link", name="Bellijsten")
    demo.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    elsewhere.click()
    expect(name).to_have_value("Bakkerij Kruimel")
    assert asked == ["Wat u invulde, is nog niet bewaard. Wilt u deze pagina toch verlaten?"]
    demo.once("dialog", lambda dialog: dialog.accept())
    elsewhere.click()
    expect(demo).to_have_url(f"{server.url}/call_lists")


def sticking_out(page: Page) -> list[str]:
    """What does not fit in the width of the dialog."""
    words: list[str] = page.locator(DIALOG).evaluate(OUTSIDE)
    return words
