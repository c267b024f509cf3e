import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.companies.importing.errors import FieldTwice, MissingColumns
from crm.companies.importing.inputs import CompanyField as F
from crm.companies.importing.mapping import ALIASES, check, find_header, header_key, suggest


class TestSuggest:
    @pytest.mark.parametrize(
        ("headers", "fields"),
        [
            (["Handelsnaam", "Telefoonnummer", "KvK-nummer"], [F.NAME, F.PHONE, F.KVK_NUMBER]),
            (["PHONE NUMBER", "company name", "Chamber of Commerce"], [F.PHONE, F.NAME, F.KVK_NUMBER]),
            (["tel.nr.", "Bedrijfsnaam ", "vestigings-nr"], [F.PHONE, F.NAME, F.BRANCH_NUMBER]),
            (
                ["Straat", "Huisnr.", "Toev.", "Postcode", "Woonplaats"],
                [F.STREET, F.HOUSE_NUMBER, F.HOUSE_SUFFIX, F.POSTCODE, F.TOWN],
            ),
            (
                ["Rechtsvorm", "SBI", "Branche", "Aantal werkzame personen"],
                [F.LEGAL_FORM, F.SBI_CODE, F.ACTIVITY, F.STAFF],
            ),
            (
                ["E-mail adres", "Website", "Non-Mailing Indicator", "Bron"],
                [F.EMAIL, F.WEBSITE, F.NON_MAILING, F.SOURCE],
            ),
        ],
    )
    def test_knows_dutch_and_english_in_any_order_and_case(self, headers: list[str], fields: list[F]) -> None:
        assert suggest(headers) == dict(enumerate(fields))

    def test_forgives_a_typing_error(self) -> None:
        assert suggest(["Bedrijfsnaaam", "Telefonnummer"]) == {0: F.NAME, 1: F.PHONE}

    def test_takes_every_column_with_telephone_numbers(self) -> None:
        assert suggest(["Naam", "Telefoon", "Mobiel", "Telefoon 2", "Telefoon"]) == {
            0: F.NAME, 1: F.PHONE, 2: F.PHONE, 3: F.PHONE, 4: F.PHONE,
        }  # fmt: skip

    def test_of_two_columns_with_names_takes_the_best_known(self) -> None:
        assert suggest(["Statutaire naam", "Naam", "Telefoon"]) == {1: F.NAME, 2: F.PHONE}

    def test_leaves_alone_what_only_resembles(self) -> None:
        assert suggest(["SBI 2008", "Contactpersoon", "BSN", "Geboortedatum", "Opmerking", "", "Faxnummer"]) == {}

    def test_no_heading_stands_for_two_fields(self) -> None:
        keys = [header_key(alias) for aliases in ALIASES.values() for alias in aliases.split()]
        assert sorted(keys) == sorted(set(keys))

    @given(st.lists(st.text(max_size=30), max_size=6))
    def test_takes_any_heading(self, headers: list[str]) -> None:
        assert set(suggest(headers)) <= set(range(len(headers)))


class TestFindHeader:
    def test_passes_over_titles(self) -> None:
        assert find_header([["Lijst van 2026"], [], ["Naam", "Telefoon"], ["Jansen", "010"]]) == 2

    def test_takes_the_first_line_with_content_when_nothing_is_known(self) -> None:
        assert find_header([["", ""], ["Kolom A", "Kolom B"], ["x", "y"]]) == 1


class TestCheck:
    def test_names_and_numbers_are_needed(self) -> None:
        with pytest.raises(MissingColumns, match=r"Telefoon.*Naam, Plaats"):
            check({0: F.NAME, 1: F.TOWN}, ["Naam", "Plaats"])

    def test_a_field_may_not_come_from_two_columns(self) -> None:
        with pytest.raises(FieldTwice, match="Plaats"):
            check({0: F.NAME, 1: F.PHONE, 2: F.TOWN, 3: F.TOWN}, ["a", "b", "c", "d"])

    def test_telephone_numbers_may(self) -> None:
        check({0: F.NAME, 1: F.PHONE, 2: F.PHONE}, ["a", "b", "c"])
