"""A caller at work: a whole call by keyboard, a reload, a server that is killed."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from crm.access.permissions import Role
from crm.calling.models import Call, CallAnswer, CallStatus, ObjectionRight
from crm.companies.models import Contact
from crm.followups.models import FollowUp
from crm.pipeline.models import HiddenJob, Stage
from tests.browser.conftest import (
    Server,
    SignIn,
    choose_result,
    eventually,
    fits_in_height,
    kept,
    press,
    screenshot,
    settled,
)
from tests.conftest import make_company
from tests.crm.calling.building import entries_of, make_list

pytestmark = pytest.mark.browser

EMAIL = "ans@voorbeeld.nl"
COUNT_DRAWINGS = """() => {
  window.drawings = 0;
  const app = document.querySelector(".stApp");
  const ended = () => app.dataset.testScriptState === "notRunning" && window.drawings++;
  new MutationObserver(ended).observe(app, { attributeFilter: ["data-test-script-state"] });
}"""
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)
FIRST, SECOND = "Bakkerij Kruimel B.V.", "Garage Moer B.V."


def start(server: Server, page: Page, sign_in: SignIn) -> None:
    """Ans is about to begin with the first of her two companies."""
    ans = server.add_person(Role.CALLER, EMAIL, "Ans Bakker")
    with server.transaction() as session:
        names = {FIRST: "Brood en gebak", SECOND: "Onderhoud van auto's"}
        companies = [
            make_company(session, name=name, activity=trade, staff_min=5, staff_max=9) for name, trade in names.items()
        ]
        made = make_list(session, [ans], companies)
        for entry in entries_of(session, made):
            entry.due_at = LONG_AGO
    sign_in(page, EMAIL, "/desk")
    expect(page.locator(".st-key-start button")).to_be_visible()


@pytest.fixture
def desk(server: Server, browser_page: Page, sign_in: SignIn) -> Page:
    """She has started: the first company is on screen."""
    start(server, browser_page, sign_in)
    browser_page.keyboard.press("Control+Enter")
    expect(browser_page.get_by_role("heading", name=FIRST)).to_be_visible()
    expect(browser_page.locator(kept("save"))).to_be_visible()
    return browser_page


def field(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-desk [name={name}]")


def answer(page: Page, key: str, question: str) -> None:
    """Press the key of an answer and wait for the next question."""
    press(page, key)
    expect(page.locator(".kk-say h3")).to_have_text(question)


def saved_line(page: Page) -> Locator:
    return page.locator(".st-key-outcome .line").first


def only_call(server: Server) -> Call:
    with server.transaction() as session:
        return session.exec(select(Call).order_by(Call.id)).first()


def tab_to(page: Page, target: Locator) -> None:
    """With the keyboard alone, as somebody without a mouse does."""
    for _round in range(2):  # a drawing that was on its way can send the focus back to where one began
        settled(page)
        for _step in range(60):
            page.keyboard.press("Tab")
            if target.evaluate("element => element.matches(':focus')"):
                return
    pytest.fail("this field cannot be reached with the Tab key")


def test_a_whole_call_by_keyboard_alone(server: Server, desk: Page) -> None:
    page = desk
    fits_in_height(page)
    answer(page, "1", "Opening")
    expect(page.locator("blockquote")).to_contain_text("u spreekt met Ans van")
    screenshot(page, "desk-opening")
    answer(page, "1", "Wie bent u en waarom belt u")
    answer(page, "1", "Mag ik iets vragen? (toestemming en recht van verzet)")
    answer(page, "1", "Open beginvraag")
    answer(page, "o", "Wat zegt de ander?")
    answer(page, "2", "Herkent u dit?")
    answer(page, "b", "Open beginvraag")
    answer(page, "1", "Herkent u dit?")
    answer(page, "1", "Doorvragen: pensioen")
    answer(page, "1", "Het werk uitvragen")

    tab_to(page, field(page, "notes"))
    page.keyboard.type("Druk. 1 2 3 b o: de boekhoudster stopt.")  # these keys are letters now, not answers
    expect(page.locator(".kk-say h3")).to_have_text("Het werk uitvragen")
    page.keyboard.press("Tab")
    page.keyboard.type("Wil de Vries")
    page.keyboard.press("Tab")
    page.keyboard.type("eigenaar")
    page.keyboard.press("Tab")
    page.keyboard.type("De boekhoudster gaat met pensioen.")
    tab_to(page, field(page, "job_title"))
    page.keyboard.type("Boekhouding")
    screenshot(page, "desk-hidden-job")
    page.keyboard.press("Control+Enter")  # at once, before anything had time to be saved

    expect(page.get_by_role("heading", name=SECOND)).to_be_visible()
    settled(page)
    expect(field(page, "notes")).to_have_value("")
    with server.transaction() as session:
        call = session.exec(select(Call).where(Call.status == CallStatus.DONE)).one()
        assert (call.disposition, call.objection_right) == ("GESPREK_LATENT", ObjectionRight.OFFERED)
        assert call.notes == "Druk. 1 2 3 b o: de boekhoudster stopt."
        job = session.exec(select(HiddenJob)).one()
        assert (job.title, job.reason, job.stage, job.call_id) == ("Boekhouding", "PENSIOEN", Stage.SIGNAL, call.id)
        assert session.exec(select(Contact)).one().name == "Wil de Vries"
        assert session.exec(select(FollowUp)).one().hidden_job_id == job.id


def test_a_key_that_comes_before_the_question_answers_nothing_and_says_so(desk: Page) -> None:
    page, told = desk, desk.get_by_text("Dit telde niet")
    press(page, "1")
    page.keyboard.down("1")  # again at once
    page.keyboard.down("1")  # and held down
    page.keyboard.up("1")
    expect(told).to_be_in_viewport(ratio=1)
    expect(page.locator(".kk-say h3")).to_have_text("Opening")
    answer(page, "1", "Wie bent u en waarom belt u")
    expect(told).to_have_count(0)
    page.get_by_role("button", name="Luistert").dblclick()
    expect(page.locator(".kk-say h3")).to_have_text("Mag ik iets vragen? (toestemming en recht van verzet)")
    expect(told).to_be_visible()


ONE_AT_ONCE = """new MutationObserver((_, watching) => {
  if (!document.querySelector(".kk-dial[aria-keyshortcuts]")) return;
  watching.disconnect();
  const one = { key: "1", code: "Digit1", bubbles: true, cancelable: true };
  document.body.dispatchEvent(new KeyboardEvent("keydown", one));
}).observe(document.body, { subtree: true, childList: true, attributeFilter: ["aria-keyshortcuts"] })"""


def test_a_key_that_comes_before_the_first_question_can_be_read_says_so_too(
    server: Server, browser_page: Page, sign_in: SignIn
) -> None:
    page = browser_page
    start(server, page, sign_in)
    page.evaluate(ONE_AT_ONCE)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Dit telde niet")).to_be_in_viewport(ratio=1)
    expect(page.locator(".kk-say h3")).to_have_text("Voor het bellen (niet uitspreken)")
    screenshot(page, "desk-too-early")
    answer(page, "1", "Opening")


def test_a_key_leads_to_the_notes_and_out_again(desk: Page) -> None:
    page = desk
    expect(field(page, "notes")).to_have_attribute("aria-keyshortcuts", "N")
    press(page, "n")
    expect(field(page, "notes")).to_be_focused()
    page.keyboard.type("n1")
    page.keyboard.press("Escape")
    expect(field(page, "notes")).to_have_value("n1")
    answer(page, "1", "Opening")


def test_an_answer_right_after_typing_shows_the_next_question(server: Server, desk: Page) -> None:
    page = desk
    field(page, "notes").click()
    page.keyboard.type("Neemt op.")
    page.get_by_role("button", name="Bellen mag", exact=False).first.click()  # text and click come in one message
    expect(page.locator(".kk-say h3")).to_have_text("Opening")
    expect(field(page, "notes")).to_have_value("Neemt op.")
    expect(saved_line(page)).to_contain_text("Bewaard om 10:0")
    assert eventually(lambda: only_call(server).notes == "Neemt op.")


def test_a_choice_that_was_just_made_is_saved_with_the_key_and_not_undone(server: Server, desk: Page) -> None:
    page = desk
    field(page, "summary").fill("Geen tijd voor.")
    field(page, "summary").press("Tab")
    expect(saved_line(page)).to_contain_text("Bewaard om 10:0")
    settled(page)
    choose_result(page, "Geen interesse")
    page.locator(f"{kept('objection_right')} button").first.click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=SECOND)).to_be_visible()
    assert eventually(lambda: only_call(server).objection_right is ObjectionRight.OFFERED)


def test_one_key_shows_all_keys_and_another_hides_them(desk: Page) -> None:
    page = desk
    page.evaluate("addEventListener('keydown', (event) => { window.helpOfBrowser = !event.defaultPrevented; })")
    press(page, "F1")
    expect(page.get_by_role("dialog")).to_contain_text("naar de notities")
    assert page.evaluate("window.helpOfBrowser") is False
    screenshot(page, "desk-keys")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    answer(page, "1", "Opening")


def test_what_is_missing_is_said_and_nothing_is_lost(server: Server, desk: Page) -> None:
    page = desk
    answer(page, "1", "Opening")
    answer(page, "1", "Wie bent u en waarom belt u")
    field(page, "notes").fill("Alleen maar dit.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Kies de uitslag van het gesprek.").first).to_be_visible()
    expect(page.get_by_role("heading", name=FIRST)).to_be_visible()
    expect(field(page, "notes")).to_have_value("Alleen maar dit.")
    assert eventually(lambda: only_call(server).notes == "Alleen maar dit.")
    screenshot(page, "desk-something-missing")
    page.get_by_role("button", name="Luistert").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_reload_continues_the_same_call(server: Server, desk: Page) -> None:
    page = desk
    answer(page, "1", "Opening")
    answer(page, "2", "Iemand anders aan de lijn")
    field(page, "notes").fill("Vraag naar mevrouw Smit.")
    expect(saved_line(page)).to_contain_text("Bewaard om 10:0")
    page.reload()
    expect(page.get_by_role("heading", name=FIRST)).to_be_visible()
    expect(page.locator(".kk-say h3")).to_have_text("Iemand anders aan de lijn")
    expect(field(page, "notes")).to_have_value("Vraag naar mevrouw Smit.")


def test_dialling_starts_the_clock_and_is_remembered(server: Server, desk: Page) -> None:
    page = desk
    page.evaluate("document.addEventListener('click', event => event.preventDefault())")  # no telephone here
    expect(page.locator(".kk-dial")).to_have_attribute("aria-keyshortcuts", "D")
    page.keyboard.press("d")
    expect(page.locator(".kk-timer")).to_contain_text("0:0")
    answer(page, "1", "Opening")
    page.reload()
    expect(page.locator(".kk-timer")).to_contain_text("0:0")
    assert eventually(lambda: only_call(server).dialled_at is not None)


def test_a_killed_server_loses_nothing_that_was_typed_or_answered(server: Server, desk: Page) -> None:
    page = desk
    answer(page, "1", "Opening")
    answer(page, "1", "Wie bent u en waarom belt u")
    notes = field(page, "notes")
    notes.click()
    page.keyboard.type("Dit is opgeslagen. ")
    expect(saved_line(page)).to_contain_text("Bewaard om 10:0")
    page.keyboard.type("Dit nog niet")
    server.kill()
    page.keyboard.type(", en dit ook niet.")
    expect(saved_line(page)).to_contain_text("Geen verbinding: wat u typt wordt bewaard in deze browser")
    screenshot(page, "desk-no-connection")
    server.start()
    whole = "Dit is opgeslagen. Dit nog niet, en dit ook niet."
    expect(saved_line(page)).to_contain_text("Bewaard om 10:0")
    expect(notes).to_have_value(whole)
    assert eventually(lambda: only_call(server).notes == whole)
    with server.transaction() as session:
        assert len(session.exec(select(CallAnswer)).all()) == 2
    expect(page.locator(".kk-say h3")).to_have_text("Wie bent u en waarom belt u")


def test_a_lost_connection_is_said_at_once_and_before_anything_is_typed(server: Server, desk: Page) -> None:
    page = desk
    expect(saved_line(page)).not_to_contain_text("Geen verbinding")
    server.kill()
    expect(saved_line(page)).to_contain_text("Geen verbinding", timeout=30_000)
    page.evaluate(COUNT_DRAWINGS)
    server.start()
    expect(saved_line(page)).not_to_contain_text("Geen verbinding")
    page.wait_for_function("window.drawings > 0")  # by a new session, which knows the keys from then on
    answer(page, "1", "Opening")


@pytest.fixture
def second_window(server: Server, desk: Page) -> Page:
    """The same caller, the same call, beside the first window."""
    other = desk.context.new_page()
    other.goto(f"{server.url}/desk")
    expect(other.get_by_role("heading", name=FIRST)).to_be_visible()
    expect(field(other, "notes")).to_be_visible()
    return other


def test_what_is_done_in_one_window_appears_in_the_other(desk: Page, second_window: Page) -> None:
    one, other = desk, second_window
    field(one, "notes").fill("Vraag naar mevrouw Smit.")
    expect(field(other, "notes")).to_have_value("Vraag naar mevrouw Smit.")
    one.bring_to_front()
    one.keyboard.press("Escape")
    answer(one, "1", "Opening")
    expect(other.locator(".kk-say h3")).to_have_text("Opening")
    other.bring_to_front()
    answer(other, "1", "Wie bent u en waarom belt u")
    expect(one.locator(".kk-say h3")).to_have_text("Wie bent u en waarom belt u")


def test_an_old_window_never_overwrites_newer_notes(server: Server, desk: Page, second_window: Page) -> None:
    one, other = desk, second_window
    for window, text in ((one, "Uit het eerste venster."), (other, "Uit het tweede venster.")):
        field(window, "notes").evaluate(
            "(notes, text) => { notes.focus(); notes.value = text; notes.dispatchEvent(new Event('input')); }", text
        )  # both at once, before either can hear of the other
    texts = ("Uit het eerste venster.", "Uit het tweede venster.")
    assert eventually(lambda: all(text in only_call(server).notes for text in texts))


def test_a_killed_server_and_a_closed_window_lose_nothing_either(server: Server, desk: Page) -> None:
    page = desk
    answer(page, "1", "Opening")
    field(page, "notes").click()
    server.kill()
    page.keyboard.type("Alleen in dit venster getypt.")
    page.wait_for_function("JSON.stringify(localStorage).includes('Alleen in dit venster getypt.')")
    server.start()
    other = page.context.new_page()
    page.close()
    other.goto(f"{server.url}/desk")
    expect(field(other, "notes")).to_have_value("Alleen in dit venster getypt.")
    expect(saved_line(other)).to_contain_text("Bewaard om 10:0")
    assert eventually(lambda: only_call(server).notes == "Alleen in dit venster getypt.")
