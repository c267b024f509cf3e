"""Companies from pasted lines: what a line tells, and which company it is about."""

from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from crm.access.actor import Actor
from crm.companies.pasting import MOST_LINES, LineMatch, TooManyLines, find_lines, read_lines
from crm.core.errors import NotAllowed
from tests.conftest import make_company


class TestReading:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("Bakkerij Jansen", {"cells": ("Bakkerij Jansen",)}),
            ("Bakkerij Jansen, Dordrecht", {"cells": ("Bakkerij Jansen", "Dordrecht")}),
            ("Bakkerij Jansen\tVoorstraat 12\t3311 AB\tDordrecht", {"postcode": "3311AB"}),
            ("Bakkerij Jansen; 078 - 612 34 56", {"e164s": ("+31786123456",)}),
            ("Bakkerij Jansen tel. +31 (0)78-6123456", {"cells": ("Bakkerij Jansen",), "e164s": ("+31786123456",)}),
            ("Bakkerij Jansen 06 12345678", {"e164s": ("+31612345678",), "kvk_number": ""}),
            ("Bakkerij Jansen 612345678", {"e164s": ("+31612345678",)}),
            ("Bakkerij Jansen KVK: 01234567", {"cells": ("Bakkerij Jansen",), "kvk_number": "01234567"}),
            ("Bakkerij Jansen 01234567 0786123456", {"kvk_number": "01234567", "e164s": ("+31786123456",)}),
            ("Bakkerij Jansen 000012345678", {"branch_number": "000012345678"}),
            ("3. Bakkerij Jansen (info@jansen.nl)", {"cells": ("Bakkerij Jansen",)}),
            ("• Bakkerij Jansen – www.jansen.nl", {"cells": ("Bakkerij Jansen",)}),
            ("4 Seizoenen", {"cells": ("4 Seizoenen",)}),
            ("Studio 3311", {"cells": ("Studio 3311",), "postcode": ""}),
            ("De Hoek, 4811 Breda", {"cells": ("De Hoek", "Breda"), "postcode": "4811"}),
            ("De Hoek; 4811", {"cells": ("De Hoek",), "postcode": "4811"}),
            ("12345678", {"cells": (), "kvk_number": "12345678"}),
        ],
    )
    def test_a_line_tells(self, text: str, told: dict[str, Any]) -> None:
        [line] = read_lines(text)
        assert {name: getattr(line, name) for name in told} == told

    def test_empty_and_repeated_lines_count_once(self) -> None:
        assert [line.text for line in read_lines("A\n\n  \nB\r\nA\n")] == ["A", "B"]

    def test_too_many_lines_are_refused_with_their_number(self) -> None:
        read_lines("\n".join(f"Bedrijf {n}" for n in range(MOST_LINES)))
        with pytest.raises(TooManyLines, match=str(MOST_LINES + 1)):
            read_lines("\n".join(f"Bedrijf {n}" for n in range(MOST_LINES + 1)))

    @pytest.mark.parametrize("text", ["\x00", "((((", "0" * 5000, "+31" * 200, "a,,;;\t|,b", "–" * 400])
    def test_nonsense_does_no_harm(self, text: str) -> None:
        assert len(read_lines(text)) <= 1


def look_up(session: Session, actor: Actor, text: str) -> LineMatch:
    [match] = find_lines(session, actor, text)
    return match


def names(match: LineMatch) -> list[str]:
    return [one.company.name for one in match.companies]


class TestFinding:
    @pytest.mark.parametrize(
        "text",
        [
            "Bakkerij Jansen",
            "bakkerij  JANSEN b.v.",
            "Bakkerij Jansen, Dordrecht",
            "Bakkerij Jansen Dordrecht",
            "Bakkerij Jansen (Dordrecht)",
            "Bakkerij Jansen\tVoorstraat 1\t3311 AB Dordrecht",
            "Heel anders, 078 612 34 56",
            "01234567",
            "Bakkerij Jansen; KVK 01234567; Dordrecht",
            "000012345678",
        ],
    )
    def test_finds_the_one_that_is_meant(self, session: Session, coordinator: Actor, text: str) -> None:
        meant = make_company(
            session,
            name="Bakkerij Jansen BV",
            number="+31786123456",
            kvk_number="01234567",
            branch_number="000012345678",
        )
        make_company(session, name="Bakkerij Jansens")
        match = look_up(session, coordinator, text)
        assert (match.is_sure, [one.company.id for one in match.companies]) == (True, [meant.id])

    def test_several_with_one_name_are_a_choice_unless_the_place_decides(
        self, session: Session, coordinator: Actor
    ) -> None:
        for town, code in (("Dordrecht", "3311AB"), ("Breda", "4811AB")):
            make_company(session, name="De Hoek", town=town, postcode=code)
        assert not look_up(session, coordinator, "De Hoek").is_sure
        assert len(look_up(session, coordinator, "De Hoek").companies) == 2
        for line in ("De Hoek, Breda", "De Hoek 4811 AB", "De Hoek Breda"):
            match = look_up(session, coordinator, line)
            assert (match.is_sure, match.companies[0].company.town) == (True, "Breda")

    def test_the_one_in_the_place_is_found_among_very_many_with_the_name(
        self, session: Session, coordinator: Actor
    ) -> None:
        for _n in range(20):
            make_company(session, name="De Hoek", town="Breda", postcode="4811AB")
        make_company(session, name="De Hoek", town="Zwolle", postcode="8011AB")
        match = look_up(session, coordinator, "De Hoek, Zwolle")
        assert (match.is_sure, match.companies[0].company.town) == (True, "Zwolle")

    def test_another_place_is_not_taken_for_granted(self, session: Session, coordinator: Actor) -> None:
        make_company(session, name="De Hoek", town="Breda", postcode="4811AB")
        make_company(session, town="Zwolle", postcode="8011AB")
        match = look_up(session, coordinator, "De Hoek, Zwolle")
        assert (match.is_sure, names(match)) == (False, ["De Hoek"])

    def test_a_name_that_only_begins_like_it_is_for_a_person_to_decide(
        self, session: Session, coordinator: Actor
    ) -> None:
        make_company(session, name="Bakkerij Jansen en Zonen")
        match = look_up(session, coordinator, "Bakkerij Jansen")
        assert (match.is_sure, names(match)) == (False, ["Bakkerij Jansen en Zonen"])

    def test_branches_of_one_business_are_a_choice_unless_the_place_decides(
        self, session: Session, coordinator: Actor
    ) -> None:
        make_company(session, name="Jansen", kvk_number="01234567")
        make_company(session, name="Jansen", kvk_number="01234567", town="Breda", postcode="4811AB")
        assert not look_up(session, coordinator, "Jansen 01234567").is_sure
        match = look_up(session, coordinator, "Jansen, Breda, KVK 01234567")
        assert (match.is_sure, match.companies[0].company.town) == (True, "Breda")

    def test_nothing_is_found_for_what_is_not_there(self, session: Session, coordinator: Actor) -> None:
        make_company(session, name="Bakkerij Jansen")
        for line in ("Slagerij Pietersen", "078 999 99 99", "B", "%", "..."):
            assert look_up(session, coordinator, line).companies == ()

    def test_says_of_each_whether_it_may_be_called(self, session: Session, coordinator: Actor) -> None:
        make_company(session, name="Bakkerij Jansen", legal_form="EMZ")
        match = look_up(session, coordinator, "Bakkerij Jansen")
        assert match.is_sure
        assert match.companies[0].verdict.reason == "Eenmanszaak zonder toestemming: niet bellen."

    def test_many_lines_cost_a_few_statements(self, session: Session, coordinator: Actor) -> None:
        for n in range(3):
            make_company(session, name=f"Bedrijf {n}")
        statements: list[str] = []
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
        found = find_lines(session, coordinator, "\n".join(f"Bedrijf {n}, Dordrecht" for n in range(MOST_LINES)))
        assert sum(match.is_sure for match in found) == 3
        assert len(statements) < 30

    def test_is_for_who_may_see_companies(self, session: Session, viewer: Actor) -> None:
        with pytest.raises(NotAllowed):
            find_lines(session, viewer, "De Hoek")
