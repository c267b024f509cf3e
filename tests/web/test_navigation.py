"""The menu of each role."""

import pytest

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.core.i18n import speaking
from crm.core.settings import PROJECT_DIR
from web.navigation import SCREENS, home, may_see, menu

CALLER = {"today", "desk", "followups", "companies", "pipeline", "work_analysis", "notices", "account"}
COACH = {"today", "followups", "companies", "pipeline", "work_analysis", "candidates", "meetings", "instruments"}
COACH |= {"dashboard", "notices", "account"}
COORDINATOR = CALLER | COACH | {"blocks", "call_lists", "import_companies", "letters", "templates", "team"}
SEEN = {
    Role.CALLER: CALLER,
    Role.COACH: COACH,
    Role.COORDINATOR: COORDINATOR,
    Role.VIEWER: {"dashboard", "pipeline", "notices", "account"},
    Role.ADMIN: COORDINATOR | {"users", "audit", "background_jobs", "outbox"},
}


def make_actor(role: Role) -> Actor:
    return Actor(1, "Iemand", role)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_its_own_screens(role):
    assert {name for name, screen in SCREENS.items() if may_see(make_actor(role), screen)} == SEEN[role]


@pytest.mark.parametrize("role", list(Role))
def test_a_viewer_starts_with_the_numbers_and_everybody_else_with_the_day(role):
    assert home(make_actor(role)).name == ("dashboard" if role is Role.VIEWER else "today")


@pytest.mark.parametrize("role", list(Role))
def test_no_group_is_empty(role):
    assert all(menu(make_actor(role)).values())


def test_every_page_is_in_the_menu_and_every_entry_has_a_page():
    pages = {path.stem for path in (PROJECT_DIR / "pages").glob("[!_]*.py")}
    assert pages == set(SCREENS)


def test_the_menu_is_dutch():
    with speaking("nl"):
        assert list(menu(make_actor(Role.ADMIN))) == ["Mijn dag", "Bedrijven", "Werk en mensen", "Kantoor"]
