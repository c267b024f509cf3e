"""A promise made on Friday is kept on Tuesday at ten, by the colleague who took it over: in Dutch."""

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from crm.access.permissions import Role
from crm.core.clock import at
from crm.messaging.models import Notice, NoticeKind
from crm.scripts.services import load_scripts
from tests.browser.conftest import Server, SignIn, choose_result, kept, screenshot
from tests.conftest import make_company
from tests.crm.calling.building import entries_of, make_list
from tests.stories.test_main_journey import key, note

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["sqlite"], indirect=True)]

BERT, ANS = "bert@voorbeeld.nl", "ans@voorbeeld.nl"
BAKERY = "Bakkerij Kruimel"
FRIDAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 24)


def move_clock(server: Server, moment: datetime) -> None:
    """Stop everything, as over a weekend, and start again at this moment."""
    server.stop()
    server.settings["KOPKOFFIE_CLOCK_OFFSET"] = str(round((moment - datetime.now(UTC)).total_seconds()))
    server.start()
    server.start("jobs")


def promise_to_call_back(page: Page) -> None:
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=BAKERY)).to_be_visible()
    expect(page.get_by_role("button", name="Bewaar en volgende")).to_be_visible()
    note(page, "spoken_with", "Ria Bakker")
    note(page, "summary", "Zij weet dinsdag of er werk is.")
    choose_result(page, "Terugbelafspraak")
    said = page.locator(f"{kept('follow_up_said')} input")
    said.fill("di 10:00")
    said.press("Enter")
    expect(page.get_by_text("dinsdag 24 november 2026, 10:00")).to_be_visible()
    page.locator(kept("objection_right")).get_by_role("radio", name="Ja").click()
    screenshot(page, "story-friday-1-promise")
    expect(page.locator(f"{key('outcome')} .line").first).to_contain_text("Bewaard")
    page.get_by_role("button", name="Bewaar en volgende").click()
    expect(page.get_by_text("Er is niemand meer om te bellen.")).to_be_visible()


def hand_over_to_ans(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/followups")
    page.get_by_role("button", name="Meer").click()
    page.get_by_role("menuitem", name="Overdragen").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").click()
    page.get_by_role("option", name="Ans Bakker").click()
    dialog.get_by_label("Uitleg erbij").fill("Ik ben dinsdag vrij. Zij is heel aardig.")
    dialog.get_by_role("button", name="Overdragen").click()
    expect(dialog).to_have_count(0)


def reminded(server: Server) -> list[int]:
    """Whom the scheduler told that a promise is due, as often as it did."""
    with server.transaction() as session:
        return list(session.exec(select(Notice.user_id).where(Notice.kind == NoticeKind.PROMISE_DUE)).all())


def test_a_promise_of_friday_is_kept_on_tuesday_by_who_took_it_over(
    server: Server, browser_page: Page, sign_in: SignIn
) -> None:
    bert = server.add_person(Role.CALLER, BERT, "Bert Smit")
    ans = server.add_person(Role.CALLER, ANS, "Ans Bakker")
    with server.transaction() as session:
        load_scripts(session)
        made = make_list(session, [bert], [make_company(session, name=BAKERY)])
        entries_of(session, made)[0].due_at = at(FRIDAY, 9)
    page = browser_page
    move_clock(server, at(FRIDAY, 14))
    sign_in(page, BERT, "/desk")
    expect(page.get_by_role("button", name="Start met bellen")).to_be_visible()
    promise_to_call_back(page)
    hand_over_to_ans(page, server)

    move_clock(server, at(TUESDAY, 9, 55))
    page.context.clear_cookies()
    sign_in(page, ANS)
    expect(page.get_by_role("link", name="Berichten: 1 nieuw bericht")).to_be_visible()  # that it is hers now
    assert reminded(server) == []

    move_clock(server, at(TUESDAY, 10))
    expect(page.get_by_role("link", name="Berichten: 2 nieuwe berichten")).to_be_visible()  # without loading the page
    screenshot(page, "story-friday-2-reminded")
    assert reminded(server) == [ans.user_id]

    page.goto(server.url)
    page.get_by_role("button", name="Bel nu").click()
    expect(page.get_by_role("heading", name=BAKERY)).to_be_visible()
    expect(page.get_by_text("Ik ben dinsdag vrij. Zij is heel aardig.").first).to_be_visible()
    screenshot(page, "story-friday-3-kept")
