"""What web/app.py draws around each page."""

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Role
from crm.core.db import transaction
from crm.core.settings import PROJECT_DIR, settings
from crm.messaging.models import NoticeKind
from crm.messaging.queries import MOST_COUNTED
from crm.messaging.services import notify
from web.state import Message


@pytest.fixture
def look(visit) -> Callable[[Actor], AppTest]:
    """The first page of this actor inside its frame."""

    def open_frame(actor: Actor) -> AppTest:
        visit("account", actor)
        return AppTest.from_file(str(PROJECT_DIR / "web" / "app.py"), default_timeout=60).run()

    return open_frame


def texts(screen) -> str:
    return " ".join(
        str(element.value) for element in (*screen.sidebar.html, *screen.sidebar.caption, *screen.sidebar.markdown)
    )


def test_shows_who_is_signed_in_and_the_way_out(look, add_person):
    shown = texts(look(add_person(Role.VIEWER)))
    assert "Viewer Test" in shown
    assert 'href="/sign-out"' in shown


def test_a_name_cannot_bring_markup(look, add_person):
    actor = add_person(Role.VIEWER)
    with transaction() as session:
        session.get_one(User, actor.id).name = "<img src=x onerror=alert(1)>"
    assert "<img" not in texts(look(actor))


@pytest.mark.parametrize(
    ("count", "shown", "words"),
    [
        (0, "", "No new messages"),
        (1, "1", "1 new message"),
        (2, "2", "2 new messages"),
        (MOST_COUNTED + 5, "99+", "More than 99 new messages"),
    ],
)
def test_the_bell_says_how_many_messages_wait_in_a_figure_and_in_words(look, add_person, count, shown, words):
    actor = add_person(Role.VIEWER)
    with transaction() as session:
        for number in range(count):
            notify(session, actor.user_id, kind=NoticeKind.LATE, once_key=f"test-{number}", title="Iets nieuws")
    drawn = [part.proto for part in look(actor).get("bidi_component")]
    [bell] = [json.loads(part.json) for part in drawn if part.component_name == "bell"]
    assert (bell["count"], bell["words"], bell["address"]) == (shown, words, "/notices")


def test_tells_the_time_of_a_practice_clock(look, add_person, monkeypatch: pytest.MonkeyPatch):
    actor = add_person(Role.VIEWER)
    assert "Practice clock" not in texts(look(actor))
    monkeypatch.setattr(settings(), "clock_offset", 3600)
    assert "Practice clock" in texts(look(actor))


def test_draws_what_the_last_action_said_once_and_as_it_was_typed(look, add_person):
    screen = look(add_person(Role.VIEWER))
    screen.session_state["messages"] = [Message("error", "No *bold* ![x](y)"), Message("success", "Kept.")]
    screen.run()
    assert screen.error[0].value == r"No \*bold\* \!\[x\]\(y\)"
    assert screen.toast[0].value == r"Kept\."
    screen.run()
    assert not screen.error
