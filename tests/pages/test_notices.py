"""The screen with all messages."""

import pytest

from crm.access.permissions import Role
from crm.core.db import reading, transaction
from crm.messaging.models import NoticeKind
from crm.messaging.queries import unread, unread_count
from crm.messaging.rules import PAGE_SIZE
from crm.messaging.services import mark_read, notify
from tests.conftest import make_company


def tell(reader, count=1, **overrides):
    with transaction() as session:
        for number in range(count):
            fields = {"kind": NoticeKind.LATE, "title": f"Bericht {number}", "page": "followups"} | overrides
            notify(session, reader.id, once_key=f"{reader.id}:{number}", **fields)


def waiting(reader):
    with reading() as session:
        return unread_count(session, reader)


def titles(screen):
    return [element.value for element in screen.markdown if "Bericht" in element.value]


def test_what_was_read_is_told_from_what_is_new_in_words(visit, add_person):
    actor = add_person(Role.CALLER)
    tell(actor, 2)
    with transaction() as session:
        mark_read(session, actor, unread(session, actor)[0].id)
    screen = visit("notices", actor)
    assert titles(screen) == ["Bericht 1", "**Bericht 0**"]
    assert [caption.value.rpartition(" · ")[2] for caption in screen.caption] == ["read", "new"]


def test_one_or_all_are_marked_as_read(visit, add_person):
    actor = add_person(Role.CALLER)
    tell(actor, 3)
    screen = visit("notices", actor)
    next(
        button for button in screen.button if button.key.startswith("read-") and button.key != "read-all"
    ).click().run()
    assert waiting(actor) == 2
    screen.button(key="read-all").click().run()
    assert waiting(actor) == 0
    assert screen.button(key="read-all").disabled


def test_only_new_ones_are_shown_when_asked(visit, add_person):
    actor = add_person(Role.CALLER)
    tell(actor, 2)
    with transaction() as session:
        mark_read(session, actor, unread(session, actor)[0].id)
    screen = visit("notices", actor)
    screen.toggle(key="notices-unread").set_value(True).run()
    assert titles(screen) == ["**Bericht 0**"]


def test_comes_in_pages(visit, add_person):
    actor = add_person(Role.CALLER)
    tell(actor, PAGE_SIZE + 1)
    screen = visit("notices", actor)
    assert len(titles(screen)) == PAGE_SIZE
    screen.session_state["notices-page"] = 2
    assert titles(screen.run()) == ["**Bericht 0**"]


@pytest.mark.parametrize("number", [2, 3])
def test_a_last_page_that_was_read_empty_gives_way_to_the_one_before(visit, add_person, number):
    actor = add_person(Role.CALLER)
    tell(actor, PAGE_SIZE * (number - 1) + 1)
    screen = visit("notices", actor)
    screen.toggle(key="notices-unread").set_value(True).run()
    screen.session_state["notices-page"] = number
    assert titles(screen.run()) == ["**Bericht 0**"]
    next(button for button in screen.button if button.key.startswith("read-") and button.key != "read-all").click()
    screen.run()
    assert not screen.exception
    assert len(titles(screen)) == PAGE_SIZE
    assert titles(screen)[-1] == "**Bericht 1**"


def test_looking_at_the_place_it_is_about_is_reading_it(visit, add_person):
    actor = add_person(Role.CALLER)
    with transaction() as session:
        company = make_company(session, name="Bakkerij Een")
    tell(actor, page=f"companies?company={company.id}")
    screen = visit("notices", actor)
    next(button for button in screen.button if button.key.startswith("look-")).click().run()
    assert not screen.exception
    assert waiting(actor) == 0
    assert "Bakkerij Een" in screen.title[0].value


def test_there_is_no_way_to_a_screen_one_may_not_see(visit, add_person):
    actor = add_person(Role.CALLER)
    tell(actor, page="outbox")
    assert not [button for button in visit("notices", actor).button if button.key.startswith("look-")]
