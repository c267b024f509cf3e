from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.clock import at
from crm.followups.spoken import SpokenMoment, read_moment

FRIDAY = at(date(2026, 11, 20), 14)


def on(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


@pytest.mark.parametrize(
    ("said", "day", "clock"),
    [
        ("di 10:00", on(11, 24), time(10)),
        ("dinsdag om tien uur", on(11, 24), time(10)),
        ("Dinsdag 10 uur", on(11, 24), time(10)),
        ("woe 9u30", on(11, 25), time(9, 30)),
        ("wo. 9.30", on(11, 25), time(9, 30)),
        ("dinsdagmiddag", on(11, 24), time(14)),
        ("dinsdagmorgen", on(11, 24), time(9, 30)),
        ("dinsdag om half drie", on(11, 24), time(14, 30)),
        ("dinsdag kwart over tien", on(11, 24), time(10, 15)),
        ("dinsdag kwart voor twee", on(11, 24), time(13, 45)),
        ("dinsdag vijf voor half elf", on(11, 24), time(10, 25)),
        ("dinsdag tien over drie", on(11, 24), time(15, 10)),
        ("dinsdag 8 uur 's avonds", on(11, 24), time(20)),
        ("dinsdag tussen de middag", on(11, 24), time(12, 30)),
        ("dinsdag rond 11", on(11, 24), time(11)),
        ("vr", on(11, 27), None),
        ("komende vrijdag", on(11, 27), None),
        ("volgende dinsdag", on(11, 24), None),
        ("volgende week dinsdag", on(11, 24), None),
        ("dinsdag volgende week 11 uur", on(11, 24), time(11)),
        ("dinsdag over een week", on(12, 1), None),
        ("maandag over 14 dagen om 9 uur", on(12, 7), time(9)),
        ("over 2 weken", on(12, 4), None),
        ("over twee weken om 10 uur", on(12, 4), time(10)),
        ("over 3 werkdagen", on(11, 25), None),
        ("over een paar dagen", on(11, 23), None),
        ("over een maand", on(12, 20), None),
        ("over een half jaar", on(5, 20, 2027), None),
        ("over een jaar", on(11, 20, 2027), None),
        ("over een kwartier", on(11, 20), time(14, 15)),
        ("over een half uur", on(11, 20), time(14, 30)),
        ("over anderhalf uur", on(11, 20), time(15, 30)),
        ("over 2 uur", on(11, 20), time(16)),
        ("vanmiddag half vijf", on(11, 20), time(16, 30)),
        ("morgen", on(11, 21), None),
        ("morgenochtend", on(11, 21), time(9, 30)),
        ("overmorgen half tien", on(11, 22), time(9, 30)),
        ("1 maart", on(3, 1, 2027), None),
        ("1 maart 9:30", on(3, 1, 2027), time(9, 30)),
        ("de 24e", on(11, 24), None),
        ("de 3e om 10:00", on(12, 3), time(10)),
        ("dinsdag 24 november 10:00", on(11, 24), time(10)),
        ("24-11", on(11, 24), None),
        ("24/11/2026 14:00", on(11, 24), time(14)),
        ("24-11-26", on(11, 24), None),
        ("2027-01-05", on(1, 5, 2027), None),
        ("1 dec 2027", on(12, 1, 2027), None),
        ("volgende week", on(11, 23), None),
        ("eind volgende week", on(11, 27), None),
        ("eind van de week", on(11, 20), None),
        ("begin volgende week", on(11, 23), None),
        ("volgende maand", on(12, 1), None),
        ("eind januari", on(1, 25, 2027), None),
        ("half maart", on(3, 15, 2027), None),
        ("begin volgende maand", on(12, 1), None),
        ("in maart", on(3, 1, 2027), None),
        ("volgend jaar", on(1, 4, 2027), None),
        ("in het voorjaar", on(3, 1, 2027), None),
        ("na de zomer", on(9, 1, 2027), None),
        ("na de bouwvak", on(8, 23, 2027), None),
        ("na de kerstvakantie", on(1, 4, 2027), None),
        ("na kerst", on(12, 28), None),
        ("na oud en nieuw om 10 uur", on(1, 4, 2027), time(10)),
        ("na Pasen", on(3, 30, 2027), None),
        ("10:30", on(11, 23), time(10, 30)),
        ("om half vier", on(11, 20), time(15, 30)),
        ("tomorrow at 10", on(11, 21), time(10)),
        ("in 2 weeks", on(12, 4), None),
        ("next week tuesday 11:00", on(11, 24), time(11)),
    ],
)
def test_what_people_say_is_understood(said, day, clock):
    assert read_moment(said, FRIDAY) == SpokenMoment(day, clock)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "straks",
        "31 april",
        "25 uur",
        "dinsdag 10:75",
        "dinsdag of woensdag",
        "woensdag 24 november",  # it is a Tuesday
        "niet dinsdag",
        "dinsdag 10 uur of 11 uur",
        "na de Elfstedentocht",
        "over een miljoen weken",
        "over 9999 jaar",
        "<b>dinsdag</b>",
        "10",
    ],
)
def test_what_is_not_understood_as_a_whole_is_not_guessed(said):
    assert read_moment(said, FRIDAY) is None


def test_a_weekday_said_on_that_day_is_the_next_one():
    assert read_moment("vrijdag", FRIDAY) == SpokenMoment(on(11, 27))


def test_a_short_time_from_now_crosses_midnight_and_the_change_of_the_clock():
    late = datetime(2026, 10, 24, 21, 50, tzinfo=UTC)  # ten to midnight, the night in which the clock goes back

    assert read_moment("over een half uur", late) == SpokenMoment(on(10, 25), time(0, 20))


@given(st.text(max_size=60), st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)))
def test_no_text_breaks_it(said, moment):
    read_moment(said, moment.replace(tzinfo=UTC))


WORDS = "op om over na de het een 2 14 99 volgende week weken dinsdag maart half kwart voor uur 10:00 kerst eind jaar"


@given(st.lists(st.sampled_from(WORDS.split()), max_size=7), st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)))
def test_no_row_of_words_breaks_it_or_leads_to_the_past(words, moment):
    there = moment.replace(tzinfo=UTC)
    found = read_moment(" ".join(words), there)
    assert found is None or found.day >= at(there.date(), 0).date()
