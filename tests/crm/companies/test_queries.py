"""Finding companies and seeing their card."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session

from crm.access.actor import Actor
from crm.companies import queries, search, services
from crm.companies.inputs import CompanyInput, ContactInput
from crm.companies.models import SuppressionReason
from crm.core.errors import NotAllowed, NotFound
from tests.conftest import make_company


def names(session: Session, actor: Actor, text: str) -> list[str]:
    return [row.company.name for row in search.search(session, actor, text).rows]


class TestSearch:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("bakk", "Bakkerij Zus B.V."),
            ("BAKKERIJ ZUS BV", "Bakkerij Zus B.V."),
            ("cafe", "Café ’t Hoekje"),
            ("hoek", "Café ’t Hoekje"),
            ("zus", "Bakkerij Zus B.V."),
            ("bakkerij dordrecht", "Bakkerij Zus B.V."),
            ("rott", "Café ’t Hoekje"),
            ("3311", "Bakkerij Zus B.V."),
            ("3311 ab", "Bakkerij Zus B.V."),
            ("01234567", "Bakkerij Zus B.V."),
            ("000012345678", "Bakkerij Zus B.V."),
            ("078-6131234", "Bakkerij Zus B.V."),
            ("+31 78 613 12 34", "Bakkerij Zus B.V."),
            ("1234", "Bakkerij Zus B.V."),
            ("078 613", "Bakkerij Zus B.V."),
            ("kerij zus", "Bakkerij Zus B.V."),
            ("dordrecht zus", "Bakkerij Zus B.V."),
            ("24 uur", "24 Uur Sleutels"),
        ],
    )
    def test_finds_by_name_place_and_number(self, session: Session, caller: Actor, text: str, found: str) -> None:
        make_company(
            session, name="Bakkerij Zus B.V.", number="+31786131234", kvk_number="01234567",
            branch_number="000012345678",
        )  # fmt: skip
        make_company(session, name="Café ’t Hoekje", town="ROTTERDAM", postcode="3011AA", number="+31104440000")
        make_company(session, name="24 Uur Sleutels", town="Breda", postcode="4811AA", number="+31764440000")
        assert names(session, caller, text) == [found]

    @pytest.mark.parametrize("slip", ["bakerij", "bakkkerij", "bakkarij", "bakekrij", "akkerij", "bakkerijj"])
    def test_puts_one_slip_in_a_word_right_and_says_so(self, session: Session, caller: Actor, slip: str) -> None:
        make_company(session, name="Bakkerij Zus")
        make_company(session, name="Banketbakker")
        found = search.search(session, caller, f"{slip} zus")
        assert ([row.company.name for row in found.rows], found.instead) == (["Bakkerij Zus"], "bakkerij zus")

    def test_what_is_spelled_as_asked_is_not_corrected(self, session: Session, caller: Actor) -> None:
        make_company(session, name="Bakerij")
        make_company(session, name="Bakkerij")
        found = search.search(session, caller, "bakerij")
        assert ([row.company.name for row in found.rows], found.instead) == (["Bakerij"], "")

    def test_of_two_words_that_could_be_meant_the_more_common_one_is_taken(
        self, session: Session, caller: Actor
    ) -> None:
        for name in ("Kapper Ans", "Kapper Bea", "Kapter Cor"):
            make_company(session, name=name)
        assert search.search(session, caller, "kaper").instead == "kapper"

    def test_a_part_of_a_word_finds_the_whole(self, session: Session, caller: Actor) -> None:
        make_company(session, name="Stadsbakkerij Oost")
        make_company(session, name="Bakkerij West")
        assert names(session, caller, "bakkerij") == ["Bakkerij West", "Stadsbakkerij Oost"]

    def test_a_company_is_found_by_its_new_name_and_town_only(self, session: Session, caller: Actor) -> None:
        company = make_company(session, name="Bakkerij Oud")
        changed = CompanyInput.model_validate(company.model_dump() | {"name": "Slagerij Nieuw", "town": "Breda"})
        services.change_company(session, caller, company.id, changed, version=company.version)
        for text, found in {"slagerij": 1, "breda": 1, "bakkerij": 0, "dordrecht": 0, "oud": 0}.items():
            assert len(names(session, caller, text)) == found, text

    def test_the_rarest_word_is_looked_up_and_the_others_checked(
        self, session: Session, caller: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "MOST", 3)
        for n in range(9):
            make_company(session, name=f"Bakkerij {n}")
        make_company(session, name="Zaagmolen de Ster, bakkerij")
        assert names(session, caller, "bakkerij ster") == ["Zaagmolen de Ster, bakkerij"]

    def test_nothing_found_is_an_empty_page(self, session: Session, caller: Actor) -> None:
        make_company(session)
        assert search.search(session, caller, "bestaat niet") == queries.FoundCompanies([], 0, False)

    def test_every_line_says_whether_calling_is_allowed(self, session: Session, caller: Actor) -> None:
        make_company(session, name="A", legal_form="BV")
        make_company(session, name="B", legal_form="EMZ")
        assert [row.verdict.allowed for row in search.search(session, caller).rows] == [True, False]

    def test_pages_follow_each_other_without_gaps(self, session: Session, caller: Actor) -> None:
        for n in range(7):
            make_company(session, name=f"Winkel {n}")
        pages = [search.search(session, caller, "winkel", page, 3) for page in (1, 2, 3, 4)]
        assert [len(page.rows) for page in pages] == [3, 3, 1, 0]
        assert {page.total for page in pages} == {7}
        assert [row.company.name[-1] for page in pages for row in page.rows] == list("0123456")

    def test_counting_stops_somewhere(self, session: Session, caller: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(search, "MOST", 3)
        for n in range(5):
            make_company(session, name=f"Winkel {n}")
        for text in ("winkel", ""):
            found = search.search(session, caller, text)
            assert (found.total, found.more, len(found.rows)) == (3, True, 3)

    @pytest.mark.parametrize("text", ["%", "_", "*", "\\", "'; --", "[x](javascript:1)", "<b>", "٣", "0", "\x00", "-"])
    def test_signs_mean_nothing_special(self, session: Session, caller: Actor, text: str) -> None:
        make_company(session, name="Bakkerij")
        assert names(session, caller, text) in ([], ["Bakkerij"])

    @given(st.text(max_size=40))
    @hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
    def test_takes_any_text(self, session: Session, caller: Actor, text: str) -> None:
        assert search.search(session, caller, text).total >= 0

    @pytest.mark.parametrize(
        ("text", "number"), [("winkel", 2), ("winkel aap", 3), ("6131234", 2), ("078 613 1234", 3), ("winkl", 4)]
    )
    def test_asks_the_database_a_fixed_number_of_times(
        self, session: Session, caller: Actor, text: str, number: int
    ) -> None:
        for n in range(20):
            make_company(session, name=f"Winkel Aap {n}", number=f"+31786131234{n}" if n else "+31786131234")
        statements: list[str] = []
        engine = session.connection().engine
        write_down = lambda *call: statements.append(call[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", write_down)
        assert search.search(session, caller, text).rows
        event.remove(engine, "before_cursor_execute", write_down)
        assert len(statements) == number

    @pytest.mark.parametrize(
        "text", ["bakkerij", "bakkerij zus", "bakerij", "1234", "613123", "3311 ab", "078 613", ""]
    )
    def test_no_statement_walks_through_a_table(self, session: Session, caller: Actor, text: str) -> None:
        make_company(session, name="Bakkerij Zus")
        asked: list[tuple[str, Any]] = []
        connection = session.connection()
        write_down = lambda *call: asked.append((call[2], call[3]))  # noqa: E731
        event.listen(connection.engine, "before_cursor_execute", write_down)
        search.search(session, caller, text)
        event.remove(connection.engine, "before_cursor_execute", write_down)
        explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # it walks through what is this small
        plans = [
            str(row) for statement, values in asked for row in connection.exec_driver_sql(explain + statement, values)
        ]
        assert len(plans) > len(asked)
        assert not [line for line in plans if re.search(r"(SCAN|Seq Scan on) (company|word_form)", line)]

    def test_words_of_which_no_company_has_all_are_not_corrected(self, session: Session, caller: Actor) -> None:
        for name in ("Bakkerij Zus", "Slagerij Bos", "Slagerij Bus"):
            make_company(session, name=name)
        assert search.search(session, caller, "bakkerij bos") == queries.FoundCompanies([], 0, False)

    def test_the_rarest_word_is_known_also_when_all_are_common(
        self, session: Session, caller: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "COUNTED", (2, 4, 6))
        for name in ("Bakkerij A", "Bakkerij B", "Bakkerij C", "Bakkerij D", "Bakkerij D Zus", "C Zus", "D Zus"):
            make_company(session, name=name)
        assert search._counts(session, ["bakkerij", "zus"]) == {"bakkerij": 4, "zus": 3}
        assert names(session, caller, "bakkerij zus") == ["Bakkerij D Zus"]

    def test_a_word_that_nobody_has_any_more_is_not_proposed(self, session: Session, caller: Actor) -> None:
        company = make_company(session, name="Kapper Ans")
        changed = CompanyInput.model_validate(company.model_dump() | {"name": "Slagerij Ans"})
        services.change_company(session, caller, company.id, changed, version=company.version)
        assert search.search(session, caller, "kaper") == queries.FoundCompanies([], 0, False)

    def test_of_a_text_of_very_many_words_the_first_ones_count(self, session: Session, caller: Actor) -> None:
        name = " ".join(f"de{letter}" for letter in "abcdefghijkl")
        make_company(session, name=name)
        assert names(session, caller, f"{name} dem den") == [name]

    def test_a_viewer_sees_no_companies(self, session: Session, viewer: Actor) -> None:
        with pytest.raises(NotAllowed):
            search.search(session, viewer, "")


def test_towns_are_named_once_in_order(session: Session, caller: Actor, viewer: Actor) -> None:
    for town in ("Rotterdam", "Dordrecht", "Rotterdam", ""):
        make_company(session, town=town)
    assert queries.towns(session, caller) == ["Dordrecht", "Rotterdam"]
    with pytest.raises(NotAllowed):
        queries.towns(session, viewer)


class TestCard:
    def test_shows_all_that_hangs_on_the_company(self, session: Session, caller: Actor) -> None:
        company = make_company(session, number="+31102345678", kvk_number="00000001")
        contact = services.add_contact(session, caller, company.id, ContactInput(name="M. de Wit"))
        services.suppress(session, caller, company.id, reason=SuppressionReason.OBJECTION, contact_id=contact.id)
        card = queries.company(session, caller, company.id)
        assert card.company is company
        assert [person.name for person in card.contacts] == ["M. de Wit"]
        assert {block.e164 for block in card.suppressions} >= {"+31102345678"}
        assert card.blocked_contacts == {contact.id}

    def test_shows_the_block_of_another_branch(self, session: Session, caller: Actor) -> None:
        first, second = (make_company(session, kvk_number="00000001") for _n in range(2))
        make_company(session)
        services.suppress(session, caller, first.id, reason=SuppressionReason.COMPLAINT)
        assert [b.company_id for b in queries.company(session, caller, second.id).suppressions] == [first.id]

    def test_says_when_there_is_no_such_company(self, session: Session, caller: Actor) -> None:
        with pytest.raises(NotFound):
            queries.company(session, caller, 404_404)

    def test_a_viewer_sees_no_card(self, session: Session, viewer: Actor) -> None:
        with pytest.raises(NotAllowed):
            queries.company(session, viewer, make_company(session).id)


class TestCompaniesWith:
    def test_are_those_for_which_the_number_is_right(self, session: Session, caller: Actor) -> None:
        wrong = make_company(session, name="Aap", number="+31102345678")
        services.mark_wrong_number(session, caller, wrong.id, "+31102345678")
        right = [make_company(session, name=name, number="+31102345678").name for name in ("Noot", "Mies")]
        make_company(session, number="+31102345679")
        found = queries.companies_with(session, caller, "+31102345678")
        assert [row.company.name for row in found.rows] == sorted(right)
        assert (found.total, found.more) == (2, False)
        assert {row.verdict.rule for row in found.rows} == {"suppressed-number"}

    def test_are_no_more_than_fit_on_a_screen(self, session: Session, caller: Actor) -> None:
        for _each in range(queries.NEIGHBOURS + 1):
            make_company(session, number="+31102345678")
        found = queries.companies_with(session, caller, "+31102345678")
        assert (len(found.rows), found.more) == (queries.NEIGHBOURS, True)

    def test_are_not_for_everybody(self, session: Session, viewer: Actor) -> None:
        with pytest.raises(NotAllowed):
            queries.companies_with(session, viewer, "+31102345678")


class TestBlocks:
    def test_are_told_of_everybody_with_who_wrote_it_down(
        self, session: Session, coordinator: Actor, caller: Actor
    ) -> None:
        company = make_company(session, name="Bakkerij Zus", number="+31786131234")
        contact = services.add_contact(session, caller, company.id, ContactInput(name="M. de Wit"))
        services.suppress(session, caller, company.id, reason=SuppressionReason.OBJECTION, contact_id=contact.id)
        page = queries.blocks(session, coordinator)
        assert [(row.block.e164, row.person, row.company and row.company.name) for row in page.rows] == [
            ("+31786131234", "", None), (None, "", "Bakkerij Zus"), (None, "M. de Wit", "Bakkerij Zus"),
        ]  # fmt: skip
        assert {row.made_by for row in page.rows} == {caller.name}

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("zus", ["M. de Wit"]), ("de WIT", ["M. de Wit"]), ("078 613", ["+31786131234"]),
            ("1234", ["+31786131234"]), ("bos", []), ("%", []), ("9999", []),
        ],
    )  # fmt: skip
    def test_are_found_by_name_person_and_number(
        self, session: Session, coordinator: Actor, text: str, found: list[str]
    ) -> None:
        for name, number, person in [("Bakkerij Zus", "+31786131234", "M. de Wit"), ("Garage", "+31104440000", "Jan")]:
            company = make_company(session, name=name, number=number)
            contact = services.add_contact(session, coordinator, company.id, ContactInput(name=person))
            for of_whom in ({"contact_id": contact.id}, {"e164": number}):
                services.suppress(session, coordinator, company.id, reason=SuppressionReason.OTHER, **of_whom)
        assert [row.block.e164 or row.person for row in queries.blocks(session, coordinator, text).rows] == found

    def test_come_in_pages_that_follow_each_other(self, session: Session, coordinator: Actor) -> None:
        for _each in range(5):
            services.suppress(session, coordinator, make_company(session).id, reason=SuppressionReason.OBJECTION)
        first = queries.blocks(session, coordinator, size=6)
        second = queries.blocks(session, coordinator, size=6, before=first.older)
        ids = [row.block.id for page in (first, second) for row in page.rows]
        assert (len(ids), ids, second.older) == (10, sorted(ids, reverse=True), None)

    def test_a_caller_does_not_see_them_all(self, session: Session, caller: Actor) -> None:
        with pytest.raises(NotAllowed):
            queries.blocks(session, caller)
