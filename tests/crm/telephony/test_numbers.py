import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.telephony.numbers import NumberProblem, dial_link, parse_numbers, read_numbers, show_number

ROTTERDAM = "+31101234567"
MOBILE = "+31612345678"


def e164s(text: str) -> list[str]:
    return [number.e164 for number in parse_numbers(text)]


class TestParseNumbers:
    @pytest.mark.parametrize(
        "text",
        [
            "010-123 45 67",
            "0101234567",
            "(010) 123 45 67",
            "010/1234567",
            "010.123.45.67",
            "+31 (0)10 1234567",
            "+31 10 1234567",
            "+ 31 10 1234567",
            "(+31) 10 1234567",
            "0031 10 1234567",
            "0031 (0)10 1234567",
            "00 31 10 123 45 67",
            "31101234567",
            "tel:+31101234567",
            "Tel. 010 – 123 45 67",
            "０１０-1234567",
            "\u200e+31 10 123 4567",
            "010-1234567 (na 17u)",
            "010-1234567 na 17 uur",
            "010-1234567 tst 12",
            "010-1234567x12",
            "010-1234567 (vraag naar toestel 12)",
        ],
    )
    def test_understands_every_way_people_write_a_number(self, text: str) -> None:
        assert e164s(text) == [ROTTERDAM]

    @pytest.mark.parametrize(
        "text",
        [
            "06 12345678 / 010-1234567",
            "06-12345678;010-1234567",
            "06-12345678, 010-1234567",
            "06-12345678 of 010-1234567",
            "0612345678 0101234567",
            "06-12345678\n010-1234567",
            "mobiel 06-12345678 kantoor 010-1234567",
        ],
    )
    def test_keeps_all_numbers_in_their_order(self, text: str) -> None:
        assert e164s(text) == [MOBILE, ROTTERDAM]

    def test_keeps_a_number_that_is_given_twice_once(self) -> None:
        assert e164s("010-1234567 / +31 10 1234567") == [ROTTERDAM]

    def test_keeps_the_text_with_its_note(self) -> None:
        assert [n.original for n in parse_numbers("010-1234567 (na 17u); 06-12345678")] == [
            "010-1234567 (na 17u)",
            "06-12345678",
        ]

    @pytest.mark.parametrize(
        ("text", "e164"),
        [
            ("+32 2 512 34 56", "+3225123456"),
            ("0032 2 512 34 56", "+3225123456"),
            ("+49 30 123456", "+4930123456"),
            ("+39 06 698 12345", "+390669812345"),
            ("088-1234567", "+31881234567"),
            ("085 123 45 67", "+31851234567"),
            ("0800-1234", "+318001234"),
            ("0970 1234 5678", "+3197012345678"),
        ],
    )
    def test_keeps_foreign_and_service_numbers_that_cost_nothing_extra(self, text: str, e164: str) -> None:
        assert e164s(text) == [e164]

    def test_tells_when_it_put_the_lost_zero_back(self) -> None:
        numbers = parse_numbers("101234567") + parse_numbers("10-123 45 67") + parse_numbers("101234567.0")
        assert [(n.e164, n.zero_restored) for n in numbers] == [(ROTTERDAM, True)] * 3
        assert not parse_numbers("010-1234567")[0].zero_restored
        assert not parse_numbers("+31101234567")[0].zero_restored


class TestRefusedNumbers:
    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("3,11E+10", NumberProblem.SCIENTIFIC),
            ("3.11012E+10", NumberProblem.SCIENTIFIC),
            ("31E9", NumberProblem.SCIENTIFIC),
            ("0900-1234", NumberProblem.PREMIUM),
            ("0906 1234567", NumberProblem.PREMIUM),
            ("112", NumberProblem.SHORT),
            ("144", NumberProblem.SHORT),
            ("14 010", NumberProblem.SHORT),
            ("0800-KAPPER", NumberProblem.INVALID),
            ("geen", NumberProblem.INVALID),
            ("1234567", NumberProblem.INVALID),
            ("010-12345", NumberProblem.INVALID),
            ("078-61234567", NumberProblem.INVALID),
            ("0000000000", NumberProblem.INVALID),
            ("2026-09-02", NumberProblem.INVALID),
            ("066-1234567", NumberProblem.INVALID),
            ("9" * 5000, NumberProblem.INVALID),
        ],
    )
    def test_says_why_and_shows_the_whole_text(self, text: str, problem: NumberProblem) -> None:
        found, refused = read_numbers(text)
        assert not found
        assert [(item.text, item.problem) for item in refused] == [(text, problem)]

    def test_does_not_call_a_fax(self) -> None:
        found, refused = read_numbers("Tel: 010-1234567 Fax: 010-1234568")
        assert [n.e164 for n in found] == [ROTTERDAM]
        assert [item.problem for item in refused] == [NumberProblem.FAX]

    def test_names_the_bad_one_among_good_ones(self) -> None:
        found, refused = read_numbers("010-1234567 / 06-1234")
        assert [n.e164 for n in found] == [ROTTERDAM]
        assert [item.text for item in refused] == ["06-1234"]

    def test_finds_nothing_in_nothing(self) -> None:
        assert read_numbers("  ") == ([], [])

    @given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789+()-/ ,;Eex")), max_size=80))
    def test_takes_any_text_and_gives_only_numbers_it_would_give_again(self, text: str) -> None:
        for number in parse_numbers(text):
            assert e164s(number.e164) == [number.e164]

    @given(st.integers(min_value=100_000_000, max_value=999_999_999))
    def test_agrees_with_the_library_about_every_dutch_number(self, national: int) -> None:
        number = phonenumbers.PhoneNumber(country_code=31, national_number=national)
        kind = phonenumbers.PhoneNumberType
        usable = {kind.FIXED_LINE, kind.MOBILE, kind.VOIP, kind.UAN, kind.TOLL_FREE}
        assert bool(parse_numbers(f"0{national}")) == (phonenumbers.number_type(number) in usable)


class TestShowing:
    def test_groups_the_digits_the_dutch_way(self) -> None:
        assert show_number(ROTTERDAM) == "010 123 4567"
        assert show_number(MOBILE) == "06 12345678"

    def test_shows_the_country_of_a_foreign_number(self) -> None:
        assert show_number("+3225123456") == "+32 2 512 34 56"

    def test_leaves_alone_what_is_no_number(self) -> None:
        assert show_number("onzin") == "onzin"

    def test_a_link_dials_the_number(self) -> None:
        assert dial_link(ROTTERDAM) == "tel:+31101234567"
