"""A job seeker tells what goes well on a telephone, stops half-way, goes on elsewhere, and the coach takes it over."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from crm.access.permissions import Role
from crm.candidates.queries import candidate
from tests.browser.conftest import Server, SignIn, screenshot
from tests.browser.test_accessibility import THEMES, faults
from tests.browser.test_letters import fits
from tests.conftest import make_candidate
from tests.stories.test_main_journey import key

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["sqlite"], indirect=True)]

EMAIL = "coach@voorbeeld.nl"


@pytest.fixture
def telephone(chromium: Browser) -> Iterator[Page]:
    """Small, and without scripts."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="nl-NL", java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def library(chromium: Browser) -> Iterator[Page]:
    """Another device, where the rules of WCAG can be checked."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="nl-NL")
    yield context.new_page()
    context.close()


def make_the_link(page: Page, server: Server, candidate_id: int, sign_in: SignIn) -> str:
    sign_in(page, EMAIL)
    page.goto(f"{server.url}/candidates?candidate={candidate_id}&part=talents")
    page.locator(f"{key('make-link')} button").click()
    shown = page.locator("[data-testid=stCode] code")
    expect(shown).to_contain_text("/talent/")
    expect(page.locator("[data-testid=stImage] img")).to_be_visible()
    screenshot(page, "story-talents-1-link")
    return server.url + "/talent/" + (shown.text_content() or "").rpartition("/talent/")[2].strip()


def begin(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", name="Dag Ria, waar bent u goed in?")).to_be_visible()
    assert fits(page)
    screenshot(page, "story-talents-2-words")
    page.get_by_label("Wat hebt u gedaan?").fill("Ik stond jaren aan de kassa")
    page.get_by_label("Waar bent u trots op?").fill("Iedereen ging blij naar huis")
    page.get_by_role("button", name="Bewaren en verder").click()
    tell(page, "Ik werk graag samen en vraag wat een ander vindt.", "Vaak")
    assert fits(page)
    screenshot(page, "story-talents-3-statements")
    page.get_by_role("button", name="Bewaren en verder").click()
    expect(page.get_by_text("Stap 3 van 6")).to_be_visible()


def tell(page: Page, statement: str, answer: str) -> None:
    page.get_by_role("group", name=statement).get_by_label(answer, exact=True).check()


def go_on_and_send(page: Page, address: str) -> list[str]:
    page.goto(address)
    expect(page.get_by_text("Welkom terug.")).to_be_visible()
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        found += faults(page)
    tell(page, "Ik maak een plan en zorg dat het op tijd af is.", "Dit ben ik")
    page.get_by_role("button", name="Een stap terug").click()
    expect(page.get_by_role("group", name="Ik werk graag samen").get_by_label("Vaak")).to_be_checked()
    for step in range(3, 7):
        page.get_by_role("button", name="Bewaren en verder").click()
        expect(page.get_by_text(f"Stap {step} van 6")).to_be_visible()
    page.get_by_role("button", name="Klaar: stuur het naar mijn coach").click()
    expect(page.get_by_role("heading", name="Dank u wel, Ria")).to_be_visible()
    screenshot(page, "story-talents-4-thanks")
    return found + faults(page)


def take_over(page: Page) -> None:
    page.reload()
    expect(page.get_by_text("Iedereen ging blij naar huis")).to_be_visible()
    screenshot(page, "story-talents-5-coach")
    page.locator(f"{key('take-words')} button").click()
    expect(page.locator(key("own-words"))).to_have_count(0)
    expect(page.locator(key("suggestion-competence-24119"))).to_contain_text("kassa")
    page.locator(f"{key('accept-competence-24119-2')} button").click()
    expect(page.locator(key("suggestion-competence-24119"))).to_have_count(0)
    for button, code in (("take-new", "24105"), ("take-24118", "24118")):
        page.locator(f"{key(button)} button").click()
        expect(page.locator(key(f"answer-{code}"))).to_have_count(0)
    expect(page.get_by_text("Alle antwoorden zijn bekeken.")).to_be_visible()


def test_what_goes_well_in_own_words(
    server: Server, browser_page: Page, telephone: Page, library: Page, sign_in: SignIn
) -> None:
    coach = server.add_person(Role.COACH, EMAIL)
    with server.transaction() as session:
        person = make_candidate(session, coach_id=coach.id, competences=["24118"])
    address = make_the_link(browser_page, server, person.id, sign_in)
    begin(telephone, address)
    assert not go_on_and_send(library, address)
    take_over(browser_page)
    assert not faults(browser_page)
    library.goto(f"{server.url}/talent/onbekend")
    expect(library.get_by_role("heading", name="Deze link werkt niet meer")).to_be_visible()
    assert not faults(library)
    with server.transaction() as session:
        assert candidate(session, coach, person.id).levels == {"24105": 2, "24118": 3, "24119": 2}
