"""What is filled in wrongly in a dialog is told by the question on the screen, in Dutch, and stays there."""

import pytest

from crm.access.permissions import Role
from crm.core.db import transaction
from crm.core.i18n import speaking
from tests.crm.outreach.conftest import make_owner

HTML = "<b>Jan</b> & <script>alert(1)</script>"
# The button, the one that saves, what is typed by key, and what the error says.
CASES = {
    "no number": ("add-number", "save-number", {"number-source": HTML}, "Telefoonnummer: vul dit in"),
    "112": ("add-number", "save-number", {"number-text": "112", "number-source": "gids"}, "112"),
    "0900": ("add-number", "save-number", {"number-text": "0900 1234", "number-source": "gids"}, "0900 1234"),
    "no source": ("add-number", "save-number", {"number-text": "078 613 45 67"}, "Waar komt het vandaan: vul dit in"),
    "no giver": ("add-consent", "save-consent", {"consent-verified": HTML}, "Wie gaf toestemming: vul dit in"),
    "unverified": ("add-consent", "save-consent", {"consent-by": HTML}, "Hoe weet u dat zij het waren: vul dit in"),
    "no channel": ("add-consent", "save-consent", {"consent-by": HTML}, "Hoe: vul dit in"),
    "no words": (
        "add-publication",
        "save-publication",
        {"publication-url": "zus.nl"},
        "De precieze woorden: vul dit in",
    ),
    "no address": ("add-publication", "save-publication", {"publication-url": HTML}, "Adres van de pagina"),
    "no customer": ("add-relation", "save-relation", {"relation-how": HTML}, "Klant waarvoor: vul dit in"),
    "not known how": ("add-relation", "save-relation", {"relation-what": HTML}, "Hoe weten we dat: vul dit in"),
    "no contact": ("add-contact", "save-contact", {"contact-new-function": HTML}, "Naam: vul dit in"),
}


@pytest.fixture(autouse=True)
def dutch():
    with speaking("nl"):
        yield


@pytest.mark.parametrize(("opens", "saves", "typed", "says"), CASES.values(), ids=CASES)
def test_a_dialog_of_a_company(visit, add_person, opens, saves, typed, says):
    with transaction() as session:
        company = make_owner(session, name="Bakkerij Zus")
    screen = visit("companies", add_person(Role.COORDINATOR, language="nl"), company=str(company.id))
    screen.button(key=opens).click().run()
    fields = {field.key: field for field in (*screen.text_input, *screen.text_area)}
    for key, text in typed.items():
        fields[key].set_value(text)
    screen.button(key=saves).click().run()
    assert not screen.exception
    told = " ".join(error.value.replace("\\", "") for error in screen.error)
    assert says in told
    assert "<script>" not in " ".join(error.value for error in screen.error)
    kept = {field.key: field.value for field in (*screen.text_input, *screen.text_area)}
    assert {key: kept[key] for key in typed} == typed


def test_a_day_that_was_cleared(visit, add_person):
    with transaction() as session:
        company = make_owner(session)
    screen = visit("companies", add_person(Role.COORDINATOR, language="nl"), company=str(company.id))
    screen.button(key="ask-touch").click().run()
    screen.text_input(key="touch-note").set_value(HTML)
    screen.date_input(key="touch-day").set_value(None)
    screen.button(key="save-touch").click().run()
    assert not screen.exception
    assert any("Op welke dag" in error.value for error in screen.error)
    assert screen.text_input(key="touch-note").value == HTML
