"""The screen for one's own account."""

from sqlmodel import select

from crm.access.models import User
from crm.access.passwords import hash_password, matches
from crm.access.permissions import Role
from crm.core.db import reading, transaction

OLD, NEW = "koffie om tien uur", "thee om elf uur graag"


def user() -> User:
    with reading() as session:
        return session.exec(select(User)).one()


def change(screen, current: str, new: str, repeated: str) -> None:
    for key, text in zip(
        ("current-password", "new-password", "repeated-password"), (current, new, repeated), strict=True
    ):
        screen.text_input(key=key).input(text)
    screen.button(key="change-password").click().run()


def visit_with_password(visit, add_person):
    actor = add_person(Role.VIEWER)
    with transaction() as session:
        session.get_one(User, actor.id).password_hash = hash_password(OLD)
    return visit("account", actor)


def test_switches_the_language_of_the_whole_screen_at_once(visit, add_person):
    screen = visit("account", add_person(Role.VIEWER))
    screen.radio(key="language").set_value("nl").run()
    assert screen.title[0].value == "Mijn account"
    assert user().language == "nl"


def test_a_new_password_signs_this_browser_out(visit, add_person):
    screen = visit_with_password(visit, add_person)
    change(screen, OLD, NEW, NEW)
    assert matches(NEW, user().password_hash)
    assert "You are signed out" in screen.warning[0].value


def test_a_mistake_changes_nothing_and_says_why(visit, add_person):
    screen = visit_with_password(visit, add_person)
    change(screen, "iets anders", NEW, NEW)
    assert matches(OLD, user().password_hash)
    assert screen.session_state["messages"][0].text == "Your current password is not right."
