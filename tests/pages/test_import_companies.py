"""The import on screen, from file to result."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.companies.importing import uploads
from crm.companies.importing.inputs import Choice, CompanyField
from crm.companies.models import Company, CompanyNumber, ImportBatch
from crm.core.db import reading

AddPerson = Callable[..., Actor]
Visit = Callable[..., AppTest]

FILE = "\n".join(
    (
        "Naam;Nummer;Postcode;Opmerking",
        "Bakkerij Jansen;010-1234567;3311AB;x",
        "Bakkerij Janssen;010-7654321;3311AB;",
        "De <b>Zon</b>;078-6123456;;",
        "Zonder nummer;;;",
    )
)


@pytest.fixture(autouse=True)
def _root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_root", lambda: tmp_path / "uploads")


@pytest.fixture
def screen(visit: Visit, add_person: AddPerson) -> AppTest:
    return visit("import_companies", add_person(Role.COORDINATOR, "nl"))


def upload(screen: AppTest, content: bytes = FILE.encode(), source: str = "Beurs") -> AppTest:
    screen.text_input(key="import-source").set_value(source)
    screen.file_uploader(key="import-file").set_value(("lijst.csv", content, "text/csv"))
    return screen.button(key="import-next").click().run()


def to_check(screen: AppTest) -> AppTest:
    upload(screen)
    screen.selectbox(key="import-column-1").set_value(CompanyField.PHONE)
    return screen.button(key="import-check").click().run()


def figures(screen: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in screen.metric if metric.value != "0"}


def complaints(screen: AppTest) -> list[str]:
    return [message.text for message in screen.session_state["messages"]]


def names() -> list[str]:
    with reading() as session:
        return sorted(session.exec(select(Company.name)))


class TestFile:
    def test_the_source_is_asked(self, screen: AppTest) -> None:
        upload(screen, source=" ")
        assert complaints(screen) == ["Vul in waar deze nummers vandaan komen."]
        assert screen.file_uploader(key="import-file")

    def test_a_file_is_asked(self, screen: AppTest) -> None:
        screen.text_input(key="import-source").set_value("Beurs")
        screen.button(key="import-next").click().run()
        assert complaints(screen) == ["Kies eerst een bestand."]

    def test_what_is_no_list_is_refused_with_advice(self, screen: AppTest) -> None:
        upload(screen, content=b"%PDF-1.7 niet voor ons")
        assert "geen CSV- of Excel-bestand" in screen.error[0].value
        screen.button(key="import-again").click().run()
        assert screen.file_uploader(key="import-file")


class TestColumns:
    def test_are_shown_with_their_first_values_and_a_suggestion(self, screen: AppTest) -> None:
        upload(screen)
        assert screen.selectbox(key="import-column-0").value is CompanyField.NAME
        assert screen.selectbox(key="import-column-2").value is CompanyField.POSTCODE
        assert screen.selectbox(key="import-column-3").value is None
        assert "Bakkerij Jansen · Bakkerij Janssen · De <b>Zon</b>" in [text.value for text in screen.text]

    def test_must_hold_names_and_numbers(self, screen: AppTest) -> None:
        upload(screen)
        screen.button(key="import-check").click().run()
        assert complaints(screen) == [
            "In geen kolom staat: Telefoon. De kolommen in dit bestand zijn: Naam, Nummer, Postcode, Opmerking."
        ]

    def test_keep_their_correction_on_the_way_back(self, screen: AppTest) -> None:
        to_check(screen)
        screen.button(key="import-back").click().run()
        assert screen.selectbox(key="import-column-1").value is CompanyField.PHONE


class TestCheck:
    def test_tells_what_would_happen_and_writes_nothing(self, screen: AppTest) -> None:
        to_check(screen)
        assert figures(screen) == {"Regels": "4", "Nieuw": "2", "Dubbel": "1", "Afgewezen": "1"}
        assert sorted(screen.dataframe[0].value["Regel"]) == [1, 3, 5]
        assert not names()

    def test_a_formula_in_the_file_is_none_for_who_downloads_the_problems(self, screen: AppTest) -> None:
        upload(screen, content=b"Naam;Telefoon\nDe Zon;=HYPERLINK(1)\n")
        screen.button(key="import-check").click().run()
        assert set(screen.dataframe[0].value["Waarde"]) == {"'=HYPERLINK(1)"}

    def test_is_not_done_again_for_every_click(self, screen: AppTest, tmp_path: Path) -> None:
        to_check(screen)
        (checked,) = tmp_path.glob("uploads/*/check/counts.json")
        before = checked.stat().st_mtime_ns
        screen.segmented_control(key="import-decide-3").set_value(Choice.ANOTHER).run()
        assert checked.stat().st_mtime_ns == before


class TestImport:
    def test_brings_in_the_good_rows_with_their_source(self, screen: AppTest) -> None:
        to_check(screen)
        screen.button(key="import-start-button").click().run()
        assert figures(screen) == {"Regels": "4", "Nieuw": "2", "Dubbel": "1", "Afgewezen": "1"}
        assert names() == ["Bakkerij Jansen", "De <b>Zon</b>"]
        with reading() as session:
            assert {number.source for number in session.exec(select(CompanyNumber))} == {"Beurs"}
            assert session.exec(select(ImportBatch.file_name)).one() == "lijst.csv"

    def test_does_what_was_decided_about_a_near_duplicate(self, screen: AppTest) -> None:
        to_check(screen)
        screen.segmented_control(key="import-decide-3").set_value(Choice.ANOTHER).run()
        screen.button(key="import-start-button").click().run()
        assert names() == ["Bakkerij Jansen", "Bakkerij Janssen", "De <b>Zon</b>"]

    def test_brings_in_nothing_when_all_rows_are_wanted(self, screen: AppTest) -> None:
        to_check(screen)
        screen.toggle(key="import-all").set_value(True).run()
        screen.button(key="import-start-button").click().run()
        assert "Er is niets ingelezen" in screen.error[0].value
        assert not names()

    def test_is_done_once(self, screen: AppTest) -> None:
        to_check(screen)
        screen.button(key="import-start-button").click().run()
        screen.run()
        with reading() as session:
            assert len(session.exec(select(ImportBatch)).all()) == 1

    def test_leaves_no_file_behind_when_the_next_one_begins(self, screen: AppTest, tmp_path: Path) -> None:
        to_check(screen)
        screen.button(key="import-start-button").click().run()
        screen.button(key="import-again").click().run()
        assert screen.file_uploader(key="import-file")
        assert not list((tmp_path / "uploads").iterdir())


@pytest.mark.parametrize("role", [Role.CALLER, Role.COACH, Role.VIEWER])
def test_others_may_not_import(visit: Visit, add_person: AddPerson, role: Role) -> None:
    screen = visit("import_companies", add_person(role))
    assert "Your role does not allow this" in screen.error[0].value
    assert not screen.file_uploader
