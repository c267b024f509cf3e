"""What may be filled in about a company."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crm.companies.inputs import CompanyInput, ConsentInput, ContactInput
from crm.core.clock import now
from crm.core.text import name_key


def make_input(**overrides: Any) -> CompanyInput:
    return CompanyInput.model_validate({"name": "Bakkerij Zus"} | overrides)


@pytest.mark.parametrize("name", ["", "   ", "\t\n", "\u200b\x00", "x" * 201])
def test_a_name_needs_something_to_read(name: str) -> None:
    with pytest.raises(ValidationError):
        make_input(name=name)


def test_a_name_loses_stray_spaces_but_keeps_its_letters() -> None:
    assert make_input(name="  Café\u00a0 ‘t  Hoekje \n").name == "Café ‘t Hoekje"
    assert make_input(name="<script>alert(1)</script>").name == "<script>alert(1)</script>"


@pytest.mark.parametrize(("typed", "kept"), [("3311ab", "3311AB"), (" 3311 AB ", "3311AB"), ("", None), (None, None)])
def test_a_postcode_is_kept_in_one_way(typed: str | None, kept: str | None) -> None:
    assert make_input(postcode=typed).postcode == kept


@pytest.mark.parametrize("typed", ["0311AB", "3311", "3311SS", "3311A1", "AB3311", "3311ABC", "٣٣١١AB"])
def test_an_impossible_postcode_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        make_input(postcode=typed)


@pytest.mark.parametrize(("typed", "kept"), [("01234567", "01234567"), ("0123.4567", "01234567"), ("", None)])
def test_a_kvk_number_keeps_its_zero(typed: str, kept: str | None) -> None:
    assert make_input(kvk_number=typed).kvk_number == kept


@pytest.mark.parametrize("typed", ["1234567", "123456789", "12345abc", "１２３４５６７８"])
def test_a_kvk_number_has_eight_digits(typed: str) -> None:
    with pytest.raises(ValidationError):
        make_input(kvk_number=typed)


@pytest.mark.parametrize(
    "wrong",
    [
        {"branch_number": "1"}, {"legal_form": "GMBH"}, {"sbi_code": "99999"}, {"email": "geen adres"},
        {"website": "javascript:alert(1)"}, {"website": "www"}, {"staff_min": -1}, {"staff_min": 9, "staff_max": 2},
        {"staff_min": "veel"}, {"activity": "x" * 301},
    ],
)  # fmt: skip
def test_nonsense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        make_input(**wrong)


def test_trade_codes_may_have_dots_and_websites_no_scheme() -> None:
    company = make_input(sbi_code="95.31", website="www.bakkerijzus.nl/brood", email="Info@Bakkerijzus.NL")
    assert (company.sbi_code, company.website) == ("9531", "https://www.bakkerijzus.nl/brood")
    assert company.email == "info@bakkerijzus.nl"


@given(st.text(max_size=60))
def test_every_name_that_is_taken_can_be_found_again(name: str) -> None:
    try:
        company = make_input(name=name)
    except ValidationError:
        return
    assert company.name == company.name.strip() != ""
    assert name_key(company.name)


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=40))
def test_wild_input_is_taken_or_refused_but_never_crashes(postcode: str, kvk: str, website: str) -> None:
    try:
        company = make_input(postcode=postcode, kvk_number=kvk, website=website)
    except ValidationError:
        return
    assert company.postcode is None or len(company.postcode) == 6
    assert company.kvk_number is None or len(company.kvk_number) == 8
    assert company.website == "" or company.website.lower().startswith(("http://", "https://"))


EVIDENCE = {"given_by": "M. de Wit", "channel": "letter", "text": "U mag bellen.", "verified_how": "handtekening"}


class TestConsent:
    @pytest.mark.parametrize("missing", sorted(EVIDENCE))
    def test_needs_every_part_of_the_evidence(self, missing: str) -> None:
        with pytest.raises(ValidationError):
            ConsentInput.model_validate(EVIDENCE | {missing: "  "})

    def test_cannot_be_given_tomorrow_or_end_before_it_began(self) -> None:
        tomorrow, yesterday = now() + timedelta(days=1), now() - timedelta(days=1)
        for wrong in ({"given_at": tomorrow}, {"given_at": yesterday, "expires_at": yesterday}):
            with pytest.raises(ValidationError):
                ConsentInput.model_validate(EVIDENCE | wrong)


def test_a_contact_needs_a_name() -> None:
    with pytest.raises(ValidationError):
        ContactInput(name=" ")
