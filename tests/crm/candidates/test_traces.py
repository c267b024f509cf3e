import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.candidates.models import Candidate
from crm.candidates.traces import LEFT_OUT, told_apart, without_traces

RIA = Candidate(name="Ría van den Berg-Jansen", town="Sliedrecht")


@pytest.mark.parametrize(
    "trace",
    [
        "Ria",
        "RÍA",
        "Jansen",
        "Jansens",
        "van den Berg",
        "Sliedrecht",
        "06 12345678",
        "06-12 34 56 78",
        "+31 6 12345678",
        "(078) 612 34 56",
        "ria.jansen@post.example",
        "www.riabakt.nl",
        "riabakt.nl",
        "3361 AB",
        "3361ab",
        "3361 ab",
        "2011 AB",
        "Kerkstraat 12a",
        "58 jaar",
        "1985",
        "52-jarige",
        "vrouw",
        "burn-out",
    ],
)
def test_what_tells_who_it_is_is_left_out(trace):
    told = without_traces(f"Ik heb als {trace} de boeken gedaan.", RIA)
    for word in trace.split():
        assert word.casefold() not in told.casefold().split() or word in {"van", "den", "jaar"}
    assert LEFT_OUT in told
    assert told.endswith("de boeken gedaan.")


@pytest.mark.parametrize(
    "text",
    [
        "Ik deed 12 jaar de boeken van een garage met 30 klanten.",
        "In de winter van 2019 heb ik de kas opnieuw ingericht.",
        "In 2019 en 2020 tilde ik 1500 kg per dag.",
        "De berging is nu van iedereen.",
        "",
    ],
)
def test_other_words_stay(text):
    assert without_traces(text, RIA) == text


@given(st.text(max_size=80))
def test_any_text_can_be_read_and_is_left_alone_the_second_time(text):
    once = without_traces(text, RIA)
    assert without_traces(once, RIA) == once


def test_what_is_left_out_is_told_apart_with_all_of_the_text():
    assert told_apart("Ik, Ria van den Berg, 58 jaar, bakte brood.", RIA) == [
        ("Ik, ", False),
        ("Ria", True),
        (" van den ", False),
        ("Berg, 58 jaar", True),
        (", bakte brood.", False),
    ]


@given(st.text(max_size=80))
def test_nothing_of_the_text_is_lost_when_it_is_told_apart(text):
    assert "".join(part for part, _is_trace in told_apart(text, RIA)) == text
