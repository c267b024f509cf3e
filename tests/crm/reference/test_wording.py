"""Words that shut people out: what is warned about, what is not, and what is better."""

import re

import pytest

from crm.core.i18n import speaking
from crm.reference.queries import rows
from crm.reference.wording import (
    AGE,
    EXCLUDING,
    GENDER,
    HEALTH,
    INDIRECT,
    ORIGIN,
    TREATMENT,
    Kind,
    doubts,
    without,
    word_warnings,
)

WARNED = {
    AGE: [
        "Wij zijn een jong team",
        "jong en dynamisch team",
        "jong van geest",
        "Wij zoeken jongeren",
        "Leuk voor scholieren",
        "student gezocht",
        "een jonge collega",
        "schoolverlater",
        "schoolverlaters zijn welkom",
        "young professional",
        "pas afgestudeerd",
        "maximaal 3 jaar werkervaring",
        "digital native",
        "leeftijd tussen 20 en 30",
        "niet ouder dan veertig",
        "max. 35 jaar",
        "een 30-jarige",
        "geboren na 1990",
        "een frisse blik",
        "Wij zoeken een starter",
        "leuk naast je studie",
        "vindt zichzelf te oud",
        "liever onder de 30",
        "een vijftigplusser",
    ],
    GENDER: [
        "Vakman m/v",
        "medewerker (m/v)",
        "vrouwelijke collega",
        "een sterke man",
        "leuke meisjes voor de bediening",
        "Gastvrouw gezocht",
        "secretaresse",
        "verkoopster voor de zaterdag",
        "stoere mannen",
    ],
    ORIGIN: [
        "moedertaal Nederlands",
        "Nederlands als moedertaal",
        "native speaker",
        "native Dutch",
        "near-native",
        "spreekt accentloos",
        "vloeiend Nederlands",
        "perfecte beheersing van de Nederlandse taal",
        "liefst een Nederlander",
        "Nederlandse nationaliteit",
        "geen buitenlanders",
        "twee Polen erbij",
        "een blanke medewerker",
        "zonder hoofddoek",
    ],
    INDIRECT: [
        "representatief",
        "representatieve verschijning",
        "een fitte medewerker",
        "eigen auto verplicht",
        "24/7 beschikbaar",
        "zonder kinderen",
    ],
    HEALTH: ["iemand met een Wajong", "geen rugklachten", "zonder psychische klachten"],
}

LEFT_ALONE = [
    "jongeren begeleiden",
    "Begeleiden van jongeren bij hun huiswerk",
    "activiteiten voor jongeren organiseren",
    "jongerenwerk",
    "jongerencentrum openen en sluiten",
    "begeleidt schoolverlaters",
    "Jonge planten verspenen",
    "jong vee voeren",
    "jonge kaas snijden",
    "een jong bedrijf",
    "voor jong en oud",
    "de starterswoning schoonmaken",
    "kinderen in de leeftijd van 4 tot 12",
    "iedereen, ongeacht leeftijd",
    "tot 40 uur",
    "maximaal 24 uur",
    "tot 10 jaar garantie",
    "het 25-jarig bestaan",
    "wassen onder de 60 graden",
    "te oud ijzer inleveren",
    "activiteiten voor vijftigplussers",
    "Vakman m/v/x voor de werkplaats",
    "man/vrouw",
    "man of vrouw",
    "4 man personeel",
    "De timmerman",
    "dames- en herenkleding ophangen",
    "dames knippen en kleuren",
    "helpt jongens en meisjes",
    "gastheer of gastvrouw",
    "vrouwelijke bewoners wassen",
    "blanke lak aanbrengen",
    "programmeren in React Native",
    "een lading uit Polen lossen",
    "representatieve steekproef",
    "alleenstaande ouderen bezoeken",
    "Spreekt genoeg Nederlands om bestellingen op te nemen",
    "werkt in de gehandicaptenzorg",
    "medicijnen bezorgen",
    "Schoonmaken in het ziekenhuis",
    "mensen met een verstandelijke handicap begeleiden",
    "de manege vegen, de kantine openen",
    "",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in WARNED.items() for text in texts])
def test_a_word_that_shuts_people_out_is_warned_about(kind: Kind, text: str) -> None:
    assert kind in {doubt.kind for doubt in doubts(text, *EXCLUDING)}


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_a_task_or_an_ordinary_word_is_left_alone(text: str) -> None:
    assert doubts(text, *EXCLUDING) == []


def test_the_warning_has_better_words() -> None:
    with speaking("nl"):
        (warning,) = word_warnings("Moedertaal Nederlands", *EXCLUDING)
    assert "“Moedertaal Nederlands”" in warning or "‘Moedertaal Nederlands’" in warning
    assert "spreekt genoeg Nederlands voor dit werk" in warning


def test_the_longest_expression_tells_and_not_a_part_of_it() -> None:
    (doubt,) = doubts("Wij zijn een jong team", AGE)
    assert (doubt.word, doubt.instead) == ("jong team", "een team waarin u veel samenwerkt")


def test_a_word_twice_is_told_once() -> None:
    assert len(doubts("Jong, jong en nog eens JONG", AGE)) == 1


def test_a_task_beside_a_demand_does_not_hide_the_demand() -> None:
    (doubt,) = doubts("Jongeren begeleiden. Wij zoeken een jonge kracht.", AGE)
    assert doubt.word == "jonge"


def test_a_hospital_is_a_place_to_work_and_about_a_person_it_is_health() -> None:
    assert doubts("lag in het ziekenhuis", TREATMENT)
    assert doubts("Schoonmaken in het ziekenhuis", *EXCLUDING) == []


def test_what_shuts_out_is_taken_from_a_text_and_the_rest_stays() -> None:
    left = without("Jong team zoekt verkoopster met oog voor jonge planten", *EXCLUDING)
    assert "team" not in left
    assert "verkoopster" not in left
    assert "jonge planten" in left


@pytest.mark.parametrize("row", list(rows("vacancy_words.csv")))
def test_every_row_can_be_read_and_what_it_proposes_needs_no_warning(row: dict[str, str]) -> None:
    assert row["kind"] in set(Kind)
    assert row["ground"]
    re.compile(row["words"])
    re.compile(row["unless"])
    assert bool(row["instead"]) == (row["kind"] not in {HEALTH, TREATMENT})
    assert doubts(row["instead"], *EXCLUDING) == []
