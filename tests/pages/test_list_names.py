"""Making a call list from pasted names: nothing that was typed is lost on the way."""

import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.calling.models import CallList, CallListEntry, NamesDraft
from crm.companies.models import Company
from crm.core.db import reading, transaction
from crm.core.i18n import speaking
from crm.scripts.services import load_scripts
from tests.conftest import make_company


@pytest.fixture
def coordinator(add_person):
    with transaction() as session:
        load_scripts(session)
    with speaking("en"):
        yield add_person(Role.COORDINATOR)


@pytest.fixture
def alfa() -> Company:
    with transaction() as session:
        return make_company(session, name="Alfa")


def paste(visit, coordinator, text: str):
    screen = visit("call_lists", coordinator, names="1")
    return screen.text_area(key="names-text").set_value(text).run()


def numbers(screen) -> list[str]:
    return [metric.value for metric in screen.metric]


def widget(widgets, prefix: str):
    [found] = [one for one in widgets if (one.key or "").startswith(prefix)]
    return found


def test_an_empty_page_says_what_to_do(visit, coordinator):
    screen = visit("call_lists", coordinator, names="1")
    assert not screen.exception
    assert "Paste names" in screen.info[0].value


def test_lines_are_looked_up_and_become_a_list(visit, coordinator, sqlite_database, alfa):
    screen = paste(visit, coordinator, "Alfa\nDelta **vet**")
    assert not screen.exception
    assert numbers(screen) == ["1", "0", "1", "0"]
    screen.text_input(key="list-name").set_value("Van de braderie")
    screen.button(key="make-list").click().run()
    with reading() as session:
        assert session.exec(select(CallList.name, CallList.filters)).all() == [("Van de braderie", {})]
        assert session.exec(select(CallListEntry.company_id)).all() == [alfa.id]
        assert session.exec(select(NamesDraft)).all() == []


def test_a_pasted_line_is_no_formula_for_who_downloads_the_table(visit, coordinator, sqlite_database):
    with transaction() as session:
        make_company(session, name="=SOM(1)")
    table = paste(visit, coordinator, "=SOM(1)").dataframe[0].value
    assert list(table.iloc[0, :2]) == ["'=SOM(1)", "'=SOM(1), 3311 AB Dordrecht"]


def test_what_was_pasted_is_there_again_later(visit, coordinator, sqlite_database, alfa):
    paste(visit, coordinator, "Alfa\nDelta")
    screen = visit("call_lists", coordinator, names="1")
    assert screen.text_area(key="names-text").value == "Alfa\nDelta"
    assert numbers(screen) == ["1", "0", "1", "0"]


def test_one_of_several_is_chosen_and_can_be_chosen_again(visit, coordinator, sqlite_database):
    with transaction() as session:
        ids = [make_company(session, name="De Hoek", town=town).id for town in ("Breda", "Zwolle")]
    screen = paste(visit, coordinator, "De Hoek")
    assert numbers(screen) == ["0", "1", "0", "0"]
    widget(screen.selectbox, "choose-").set_value(ids[1]).run()
    assert numbers(screen) == ["1", "0", "0", "0"]
    widget(screen.button, "again-").click().run()  # it was the other one
    assert numbers(screen) == ["0", "1", "0", "0"]


def test_an_unknown_line_can_be_left_out_and_taken_back(visit, coordinator):
    screen = paste(visit, coordinator, "Delta")
    widget(screen.button, "leave-").click().run()
    assert numbers(screen) == ["0", "0", "0", "0"]
    widget(screen.button, "again-").click().run()
    assert numbers(screen) == ["0", "0", "1", "0"]


def test_too_many_lines_are_explained_and_stay(visit, coordinator):
    text = "\n".join(f"Bedrijf {n}" for n in range(501))
    screen = paste(visit, coordinator, text)
    assert "501" in screen.error[0].value
    assert screen.text_area(key="names-text").value == text


def test_a_name_that_is_taken_is_explained_and_the_names_stay(visit, coordinator, sqlite_database, alfa):
    for _n in range(2):
        screen = paste(visit, coordinator, "Alfa")
        screen.text_input(key="list-name").set_value("Dubbel")
        screen.button(key="make-list").click().run()
    assert "There is a list" in screen.session_state["messages"][0].text
    assert screen.text_area(key="names-text").value == "Alfa"


def test_the_form_for_a_new_company_begins_with_what_the_line_tells(visit, coordinator):
    screen = visit(
        "companies", coordinator, new="1", name="Delta", town="Breda", number="0761234567", postcode="4811AB"
    )
    assert not screen.exception
    shown = {field: screen.text_input(key=f"new-company-{field}").value for field in ("name", "town", "number")}
    assert shown == {"name": "Delta", "town": "Breda", "number": "0761234567"}
    assert screen.text_input(key="new-company-postcode").value == "4811 AB"


def test_is_closed_for_callers(visit, add_person):
    screen = visit("call_lists", add_person(Role.CALLER), names="1")
    assert screen.error[0].value.startswith("Your role does not allow this")
