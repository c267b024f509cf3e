"""Every screen passes the rules of WCAG 2.2 AA that a program can check, in the light and the dark theme."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from crm.access.permissions import Role
from crm.demo.build import build_demo
from crm.followups.templates import load_templates
from tests.browser.conftest import Server, SignIn, kept, press, settled
from tests.browser.test_desk import EMAIL, desk
from web.navigation import SCREENS

__all__ = ["desk"]
# What is drawn does not depend on the kind of database.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["sqlite"], indirect=True)]

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def faults(page: Page, within: str | None = None) -> list[str]:
    """What axe finds wrong, a line each: the rule, what it asks, and where."""
    found = Axe().run(page, context=within, options=WCAG).response["violations"]
    return [f"{rule['id']}: {rule['help']}: {node['html'][:300]}" for rule in found for node in rule["nodes"]]


def drawn(page: Page) -> None:
    settled(page)
    expect(page.get_by_role("heading", level=1).first).to_be_visible()


def test_all_screens(server: Server, browser_page: Page, sign_in: SignIn) -> None:
    build_demo()
    server.add_person(Role.ADMIN, EMAIL)
    with server.transaction() as session:
        load_templates(session)
    sign_in(browser_page, EMAIL)
    addresses = [*SCREENS, "companies?company=1", "companies?new=1", "followups?scope=team"]
    addresses += ["pipeline?view=list", "pipeline?job=1&profile=1"]
    addresses += ["work_analysis?analysis=1", "work_analysis?company=1"]
    addresses += [f"candidates?candidate=4&part={part}" for part in ("talents", "intake", "consent")]
    found = []
    for name in addresses:
        browser_page.goto(f"{server.url}/{name}")
        drawn(browser_page)
        for theme in THEMES:
            browser_page.emulate_media(color_scheme=theme)
            found += [f"{name}, {theme}: {fault}" for fault in faults(browser_page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", THEMES)
def test_the_sign_in_page(server: Server, browser_page: Page, theme: Theme) -> None:
    browser_page.emulate_media(color_scheme=theme)
    browser_page.goto(f"{server.url}/sign-in")
    found = faults(browser_page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", THEMES)
def test_the_desk_during_a_call(desk: Page, theme: Theme) -> None:
    desk.emulate_media(color_scheme=theme)
    desk.reload()
    expect(desk.locator(kept("save"))).to_be_visible()
    press(desk, "n")
    found = faults(desk)
    assert not found, "\n".join(found)
