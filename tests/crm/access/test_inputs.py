"""What comes in about users."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crm.access.inputs import NewUser
from crm.access.permissions import Role


def make_person(**overrides) -> NewUser:
    fields = {"email": "jan@voorbeeld.nl", "name": "Jan Jansen", "role": Role.CALLER, "password": "koffie om tien uur"}
    return NewUser.model_validate(fields | overrides)


def test_an_address_is_kept_in_small_letters_without_spaces():
    assert make_person(email="  Jan@Voorbeeld.NL ").email == "jan@voorbeeld.nl"


@pytest.mark.parametrize(
    "email", ["", "jan", "jan@", "@voorbeeld.nl", "jan@voorbeeld", "j an@v.nl", "a@b@c.nl", "a@.", "x@y."]
)
def test_refuses_what_is_not_an_address(email):
    with pytest.raises(ValidationError):
        make_person(email=email)


@pytest.mark.parametrize("name", ["", "   ", "\t\n", "x" * 121])
def test_refuses_a_name_that_is_empty_or_endless(name):
    with pytest.raises(ValidationError):
        make_person(name=name)


@given(st.text())
def test_any_text_is_an_address_or_a_validation_error(text):
    with suppress(ValidationError):
        assert "@" in make_person(email=text).email


def test_the_password_is_not_in_what_is_printed():
    assert "koffie om tien uur" not in repr(make_person())
