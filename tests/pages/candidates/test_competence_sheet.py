import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.candidates.models import CompetenceSheet
from crm.core.db import reading, transaction
from tests.conftest import make_candidate


@pytest.fixture
def open_sheet(visit, add_person):
    """Dutch, because AppTest formats the options of a choice in the language of the test itself."""

    def open_it(**overrides):
        with transaction() as session:
            person = make_candidate(session, **overrides)
        coach = add_person(Role.COACH, language="nl")
        return person, visit("candidates", coach, candidate=str(person.id), part="sheet")

    return open_it


def downloads(screen):
    return [button.proto.label for button in screen.get("download_button")]


def test_what_was_told_becomes_an_example_with_a_click(open_sheet):
    person, screen = open_sheet(strengths="Ik maakte roosters voor twaalf mensen.")
    screen.button(key="suggestion-0").click().run()
    screen.text_area(key=f"example-{person.id}-1").set_value("Ik hielp klanten.").run()
    assert not screen.exception
    with reading() as session:
        kept = session.exec(select(CompetenceSheet)).one()
    assert kept.examples == ["Ik maakte roosters voor twaalf mensen.", "Ik hielp klanten."]


def test_shows_what_an_employer_reads_without_a_name_and_what_is_left_out(open_sheet):
    person, screen = open_sheet(name="Ria Jansen", trades=["kok bij *Jansen*"])
    screen.text_area(key=f"example-{person.id}-0").set_value("Ik, Ria, hielp klanten.").run()
    shown = [one.value for one in screen.markdown]
    assert "- Ik\\, :orange-background[~~Ria~~]\\, hielp klanten\\." in shown
    assert "Ik werkte als: kok bij \\*:orange-background[~~Jansen~~]\\*." in shown


def test_what_a_colleague_made_of_an_example_is_shown_beside_it(open_sheet):
    person, screen = open_sheet()
    key = f"example-{person.id}-0"
    screen.text_area(key=key).set_value("Ik hielp klanten.").run()
    with transaction() as session:
        session.exec(select(CompetenceSheet)).one().examples = ["Ik telde de kas."]
    screen.text_area(key=key).set_value("Ik hielp veel klanten.").run()
    assert screen.session_state["messages"]
    assert screen.text_area(key=key).value == "Ik hielp veel klanten."
    screen.button(key="keep-mine").click().run()
    with reading() as session:
        assert session.exec(select(CompetenceSheet)).one().examples == ["Ik hielp veel klanten."]


def test_a_name_is_offered_only_with_consent(open_sheet):
    assert downloads(open_sheet()[1]) == ["Zonder naam (PDF)", "Met naam (PDF)"]
    assert downloads(open_sheet(consent_at=None)[1]) == ["Zonder naam (PDF)"]
