"""A form that saves itself field by field, when a click comes before the last field is saved."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from crm.core.models import Versioned
from web import state
from web.components.versions import begin_form, keep

FORM = "intake-1"


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the screen holds, of a session of one's own."""
    held: dict[str, object] = {}
    monkeypatch.setattr(state, "value", held.get)
    monkeypatch.setattr(state, "put", held.__setitem__)
    return held


def made(version: int) -> Versioned:
    return Versioned(version=version)


def saves(versions: list[int]) -> Callable[[int], Versioned]:
    """Saves, and notes the version it was given."""

    def save(version: int) -> Versioned:
        versions.append(version)
        return made(version + 1)

    return save


def test_a_click_waits_for_the_field_that_was_left_for_it_and_saves_on_what_that_made(shown: dict[str, object]) -> None:
    begin_form(FORM, 4, {"work": ""})
    shown[f"{FORM}-work"] = "Inpakken"
    on_its_way, go_on = Event(), Event()
    given: list[int] = []

    def slowly(version: int) -> Versioned:
        on_its_way.set()
        assert go_on.wait(30)
        return saves(given)(version)

    with ThreadPoolExecutor() as both:
        field = both.submit(keep, FORM, slowly)
        assert on_its_way.wait(30)
        click = both.submit(keep, FORM, saves(given))
        go_on.set()
        assert (field.result().version, click.result().version) == (5, 6)
    assert given == [4, 5]


def test_nothing_is_asked_of_the_screen_once_it_is_saved(shown: dict[str, object]) -> None:
    begin_form(FORM, 4, {"work": ""})
    shown[f"{FORM}-work"] = "Inpakken"

    def stopped_after(version: int) -> Versioned:
        shown.clear()  # Streamlit gives a run that it stops nothing any more
        return made(version + 1)

    begun = shown[f"{FORM}-begun"]
    keep(FORM, stopped_after)
    shown |= {f"{FORM}-begun": begun, f"{FORM}-work": "Inpakken"}
    assert begin_form(FORM, 5, {"work": "Inpakken"}) == 5


def test_a_screen_that_was_read_before_the_last_field_was_saved_does_not_bring_the_old_text_back(
    shown: dict[str, object],
) -> None:
    begin_form(FORM, 4, {"work": ""})
    shown[f"{FORM}-work"] = "Inpakken"
    keep(FORM, saves([]))
    assert begin_form(FORM, 4, {"work": ""}) == 5
    assert shown[f"{FORM}-work"] == "Inpakken"


def test_a_form_that_is_gone_saves_nothing(shown: dict[str, object]) -> None:
    given: list[int] = []
    assert keep(FORM, saves(given)) is None
    assert given == []
