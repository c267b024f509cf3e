from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.companies.importing.inputs import CompanyField
from crm.companies.importing.mapping import suggest
from crm.companies.importing.problems import Problem
from crm.companies.importing.rows import FileRow, RowReader, unread_columns
from crm.companies.importing.table import Line, NumberText

HEADERS = ["Naam", "Telefoon", "Mobiel", "KVK", "Vestigingsnummer", "Straat", "Huisnummer", "Toevoeging", "Postcode"]
HEADERS += ["Plaats", "Personeel", "Bron", "Activiteit"]
GOOD = {"Naam": "Bakkerij Jansen B.V.", "Telefoon": "010-1234567"}


def read(*extra: str, **cells: Any) -> FileRow:
    filled = GOOD | cells
    line = Line(7, [*(filled.get(header, "") for header in HEADERS), *extra])
    return RowReader(HEADERS, suggest(HEADERS), "beurs").read(line)


def problems(row: FileRow) -> list[tuple[str, Problem]]:
    return [(issue.column, issue.problem) for issue in row.issues]


class TestGoodRows:
    def test_keep_what_is_filled_in_and_nothing_else(self) -> None:
        row = read(KVK="1234567", Personeel="2-9")
        assert row.values == {"name": "Bakkerij Jansen B.V.", "kvk_number": "01234567", "staff_min": 2, "staff_max": 9}
        assert row.name_key == "bakkerij jansen"
        assert row.e164s == ["+31101234567"]
        assert not row.issues

    def test_keep_all_numbers_of_all_columns_once(self) -> None:
        row = read(Telefoon="010-1234567 / 078-6123456", Mobiel="06-12345678, 010 1234567")
        assert row.e164s == ["+31101234567", "+31786123456", "+31612345678"]

    def test_know_town_and_place_by_the_postcode(self) -> None:
        values = read(Postcode="3311 AB").values
        assert (values["postcode"], values["town"]) == ("3311AB", "Dordrecht")
        assert values["latitude"] == pytest.approx(51.8, abs=0.1)
        assert values["longitude"] == pytest.approx(4.7, abs=0.1)

    def test_keep_the_town_of_the_file_but_say_that_it_differs(self) -> None:
        row = read(Postcode="3311AB", Plaats="Zwijndrecht")
        assert row.values["town"] == "Zwijndrecht"
        assert problems(row) == [("Postcode", Problem.TOWN_DIFFERS)]

    def test_put_the_parts_of_the_address_together(self) -> None:
        assert read(Straat="Voorstraat", Huisnummer="12", Toevoeging="A").values["street"] == "Voorstraat 12 A"

    def test_take_the_source_of_the_row_before_that_of_the_file(self) -> None:
        assert read().source == "beurs"
        assert read(Bron="telefoongids").source == "telefoongids"


class TestDoubts:
    def test_leave_the_field_empty_and_say_so(self) -> None:
        row = read(KVK="123", Postcode="12345", Personeel="veel")
        assert set(row.values) == {"name"}
        assert problems(row) == [
            ("KVK", Problem.KVK_INVALID),
            ("Postcode", Problem.POSTCODE_INVALID),
            ("Personeel", Problem.STAFF_INVALID),
        ]

    def test_a_restored_zero_is_reported(self) -> None:
        row = read(Telefoon=NumberText("101234567"))
        assert row.e164s == ["+31101234567"]
        assert problems(row) == [("Telefoon", Problem.PHONE_ZERO)]

    def test_the_kvk_number_is_no_branch_number(self) -> None:
        row = read(KVK="12345678", Vestigingsnummer="000012345678")
        assert "branch_number" not in row.values
        assert problems(row) == [("Vestigingsnummer", Problem.BRANCH_IS_KVK)]

    def test_more_cells_than_headings_are_reported(self) -> None:
        assert problems(read("", "")) == []
        assert problems(read("", "te veel")) == [("", Problem.EXTRA_CELLS)]

    def test_a_bad_number_beside_a_good_one_is_reported(self) -> None:
        row = read(Telefoon="010-1234567; 0900-1234")
        assert not row.rejected
        assert problems(row) == [("Telefoon", Problem.PHONE_PREMIUM)]

    def test_unread_columns_are_listed(self) -> None:
        found = unread_columns(["Naam", "BSN", ""], {0: CompanyField.NAME}, 1)
        assert [(issue.row, issue.column, issue.problem) for issue in found] == [(1, "BSN", Problem.UNKNOWN_COLUMN)]


class TestRejectedRows:
    @pytest.mark.parametrize("name", ["", "  ", "-", "***", "x" * 201])
    def test_have_no_name(self, name: str) -> None:
        row = read(Naam=name)
        assert row.rejected
        assert problems(row)[-1] == ("Naam", Problem.MISSING_NAME)

    @pytest.mark.parametrize("phone", ["", "geen", "3,11E+10", "112", "0900-1234", "010-12"])
    def test_have_no_usable_number(self, phone: str) -> None:
        row = read(Telefoon=phone)
        assert row.rejected
        assert problems(row)[-1] == ("Telefoon", Problem.MISSING_PHONE)

    def test_are_too_short(self) -> None:
        row = RowReader(HEADERS, suggest(HEADERS), "").read(Line(1, ["Jansen"]))
        assert row.rejected

    def test_have_an_open_quotation_mark(self) -> None:
        row = RowReader(HEADERS, suggest(HEADERS), "").read(Line(1, ['"Jansen', "010-1234567"], broken=True))
        assert problems(row) == [("Naam", Problem.UNCLOSED_QUOTE)]


@given(st.lists(st.text(max_size=20), max_size=15))
def test_any_cells_give_a_row(cells: list[str]) -> None:
    row = RowReader(HEADERS, suggest(HEADERS), "").read(Line(1, cells))
    assert row.rejected == ("name" not in row.values or not row.numbers)
