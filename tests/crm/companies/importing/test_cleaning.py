from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.companies.importing.cleaning import CLEANERS, Doubt, cell_reader, cells, online, place, register, size
from crm.companies.importing.inputs import CompanyField
from crm.companies.importing.problems import Problem
from crm.companies.importing.table import NumberText

WILD = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789.,-+/eE ABvofkg@<>#")), max_size=40)


def doubt(clean: Callable[[str], object], text: str) -> Problem:
    found = clean(text)
    assert isinstance(found, Doubt), found
    return found.problem


class TestKvkNumber:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("12345678", "12345678"),
            ("1234567", "01234567"),
            ("12345678.0", "12345678"),
            ("12.34.56.78", "12345678"),
            ("1234 5678", "12345678"),
            ("KVK: 12345678", "12345678"),
            ("KvK-nr. 01234567", "01234567"),
        ],
    )
    def test_keeps_eight_digits(self, text: str, number: str) -> None:
        assert register.kvk_number(text) == number

    @pytest.mark.parametrize("text", ["123456", "123456789", "00000000", "1234567A", "١٢٣٤٥٦٧٨", "0", "kvk"])
    def test_doubts_anything_else(self, text: str) -> None:
        assert doubt(register.kvk_number, text) is Problem.KVK_INVALID

    def test_tells_that_excel_cut_it_off(self) -> None:
        assert doubt(register.kvk_number, "1,23E+07") is Problem.SCIENTIFIC


class TestBranchNumber:
    @pytest.mark.parametrize("text", ["000012345678", "12345678", "12345678.0"])
    def test_puts_back_the_zeros(self, text: str) -> None:
        assert register.branch_number(text) == "000012345678"

    @pytest.mark.parametrize("text", ["123456", "1234567890123", "000000000000", "vest. 1"])
    def test_doubts_anything_else(self, text: str) -> None:
        assert doubt(register.branch_number, text) is Problem.BRANCH_INVALID


class TestLegalForm:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("B.V.", "BV"),
            ("BV", "BV"),
            ("b v", "BV"),
            ("Besloten Vennootschap", "BV"),
            ("Besloten Vennootschap (BV)", "BV"),
            ("Besloten vennootschap met gewone structuur", "BV"),
            ("eenmanszaak", "EMZ"),
            ("01 - Eenmanszaak", "EMZ"),
            ("ZZP'er", "EMZ"),
            ("V.O.F.", "VOF"),
            ("Vennootschap onder firma", "VOF"),
            ("maatschap", "MA"),
            ("C.V.", "CV"),
            ("N.V.", "NV"),
            ("Coöperatie U.A.", "COP"),
            ("STICHTING", "ST"),
            ("Vereniging van Eigenaars", "VvE"),
            ("vereniging met volledige rechtsbevoegdheid", "VER"),
            ("Private limited company", "BV"),
            ("sole proprietorship", "EMZ"),
            ("GmbH", "0001"),
            ("Ltd.", "0002"),
        ],
    )
    def test_knows_how_people_write_them(self, text: str, code: str) -> None:
        assert register.legal_form(text) == code

    @pytest.mark.parametrize("text", ["Groep", "B.V. en V.O.F.", "7", "onbekende vorm"])
    def test_does_not_guess(self, text: str) -> None:
        assert doubt(register.legal_form, text) is Problem.LEGAL_FORM_UNKNOWN


class TestSbiCode:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("10.71", "1071"),
            ("1071", "1071"),
            ("SBI: 10.71", "1071"),
            ("C10.71", "1071"),
            ("10.71 - Vervaardiging van brood", "1071"),
            ("10.71, 47.24", "1071"),
            ("10 71", "1071"),
            ("1.11", "0111"),
            ("113", "0113"),
            (NumberText("47"), "47"),
        ],
    )
    def test_reads_it_with_and_without_dots(self, text: str, code: str) -> None:
        assert register.sbi_code(text) == code

    def test_does_not_choose_between_two_codes_when_excel_may_have_dropped_a_zero(self) -> None:
        assert doubt(register.sbi_code, NumberText("11")) is Problem.SBI_AMBIGUOUS
        assert register.sbi_code("11") == "11"

    @pytest.mark.parametrize("text", ["99999", "bakker", "47.11.99.9", "G", "1,5"])
    def test_doubts_what_is_not_in_the_list(self, text: str) -> None:
        assert doubt(register.sbi_code, text) is Problem.SBI_UNKNOWN


class TestPostcode:
    @pytest.mark.parametrize("text", ["3311 AB", "3311AB", "3311ab", "3311  ab", "NL-3311 AB", "3311-AB"])
    def test_reads_it_with_and_without_space(self, text: str) -> None:
        assert place.postcode(text) == ("3311AB", "")

    def test_keeps_the_town_behind_it(self) -> None:
        assert place.postcode("3311 AB DORDRECHT") == ("3311AB", "Dordrecht")
        assert place.postcode("3311 Dordrecht") == ("3311", "Dordrecht")

    def test_four_digits_are_enough_when_they_exist(self) -> None:
        assert place.postcode(NumberText("3311")) == ("3311", "")

    @pytest.mark.parametrize("text", ["331 AB", "33112 AB", "0311 AB", "3311 A", "AB 3311", "1", "0000"])
    def test_doubts_anything_else(self, text: str) -> None:
        assert doubt(place.postcode, text) is Problem.POSTCODE_INVALID


class TestTown:
    @pytest.mark.parametrize(
        ("text", "town"),
        [
            ("DORDRECHT", "Dordrecht"),
            ("'S-GRAVENHAGE", "Den Haag"),
            ("Den Bosch", "'s-Hertogenbosch"),
            ("Antwerpen", "Antwerpen"),
        ],
    )
    def test_is_spelled_as_in_the_list(self, text: str, town: str) -> None:
        assert place.town_name(text) == town


class TestStaff:
    @pytest.mark.parametrize(
        ("text", "staff"),
        [
            ("5", (5, 5)),
            ("5.0", (5, 5)),
            ("2-9", (2, 9)),
            ("2 – 9", (2, 9)),
            ("2 t/m 9 medewerkers", (2, 9)),
            ("10 tot 50", (10, 49)),
            ("100+", (100, None)),
            ("250 of meer", (250, None)),
            ("> 50", (51, None)),
            ("<10", (0, 9)),
            ("ca. 12 fte", (12, 12)),
            ("1.250", (1250, 1250)),
            ("Micro", (2, 9)),
            ("grootbedrijf", (250, None)),
        ],
    )
    def test_reads_numbers_and_ranges(self, text: str, staff: tuple[int, int | None]) -> None:
        assert size.staff(text) == staff

    @pytest.mark.parametrize("text", ["2-sep", "02-09-2026", "2026-09-02", "okt-49", "9-feb."])
    def test_tells_that_excel_made_a_date_of_it(self, text: str) -> None:
        assert doubt(size.staff, text) is Problem.EXCEL_DATE

    @pytest.mark.parametrize("text", ["veel", "9-2", "2,5", "-3", "99999999999999", "5 of 6"])
    def test_doubts_anything_else(self, text: str) -> None:
        assert doubt(size.staff, text) is Problem.STAFF_INVALID


class TestOtherFields:
    def test_email(self) -> None:
        assert online.email("mailto:info@jansen.nl") == "info@jansen.nl"
        assert online.email("info@jansen.nl; jan@jansen.nl") == "info@jansen.nl"
        assert doubt(online.email, "jansen.nl") is Problem.EMAIL_INVALID

    def test_website_is_always_a_safe_link(self) -> None:
        assert online.website("www.jansen.nl") == "https://www.jansen.nl"
        assert online.website("HTTP://jansen.nl/over-ons") == "http://jansen.nl/over-ons"
        assert doubt(online.website, "javascript:alert(1)") is Problem.WEBSITE_INVALID
        assert doubt(online.website, "geen") is Problem.WEBSITE_INVALID

    def test_yes_and_no(self) -> None:
        assert online.yes_no("Ja") is True
        assert online.yes_no("N") is False
        assert doubt(online.yes_no, "misschien") is Problem.YES_NO_INVALID


class TestCells:
    @pytest.mark.parametrize("cell", ["", "  ", "-", "n.v.t.", "NULL", "#N/A", "\u200b", "onbekend"])
    def test_what_stands_for_nothing_is_nothing(self, cell: str) -> None:
        assert cell_reader(CompanyField.TOWN)(cell) == ("", None)

    @pytest.mark.parametrize("cell", ["#REF!", "#WAARDE!", "#DEEL/0!", "########"])
    def test_an_error_of_excel_is_doubted(self, cell: str) -> None:
        assert cell_reader(CompanyField.ACTIVITY)(cell) == (cell, Doubt(Problem.EXCEL_ERROR))

    def test_is_tidied(self) -> None:
        assert cell_reader(CompanyField.NAME)("\u200e De\xa0 Zon\r\n") == ("De Zon", "De Zon")
        assert cell_reader(CompanyField.KVK_NUMBER)("'01234567") == ("01234567", "01234567")
        assert cells.tidy("'t Hoekje") == "'t Hoekje"

    def test_a_number_of_excel_is_not_mistaken_for_the_same_text(self) -> None:
        read = cell_reader(CompanyField.SBI_CODE)
        assert read("11")[1] == "11"
        assert isinstance(read(NumberText("11"))[1], Doubt)

    @pytest.mark.parametrize("company_field", list(CompanyField))
    @given(cell=WILD)
    def test_any_text_gives_a_value_or_a_doubt(self, company_field: CompanyField, cell: str) -> None:
        text, value = cell_reader(company_field)(cell)
        assert text.isprintable()
        assert (value is None) == (text == "")

    @given(cell=WILD)
    def test_what_is_kept_fits_its_column(self, cell: str) -> None:
        longest = {"kvk_number": 8, "branch_number": 12, "legal_form": 8, "sbi_code": 6, "email": 200, "website": 200}
        for name, length in longest.items():
            value = CLEANERS[CompanyField(name)](cell)
            assert isinstance(value, Doubt) or (isinstance(value, str) and 0 < len(value) <= length)
