"""The code in a letter."""

import pytest

from crm.outreach.codes import ALPHABET, LENGTH, code_of, fingerprint, read_code

SEED = "0123456789abcdef" * 2


def test_is_made_again_from_its_seed():
    assert code_of(SEED) == code_of(SEED)
    assert code_of(SEED) != code_of(SEED[::-1])


def test_is_hard_to_guess_and_easy_to_read():
    assert len(ALPHABET) ** LENGTH > 2**60
    assert not set("01OILU") & set(ALPHABET)
    assert [len(group) for group in code_of(SEED).split("-")] == [5, 5, 5]


def test_all_signs_are_used_about_as_often():
    signs = "".join(code_of(f"{number:032x}").replace("-", "") for number in range(2000))
    counts = [signs.count(sign) for sign in ALPHABET]
    assert min(counts) > 800
    assert max(counts) < 1200


@pytest.mark.parametrize(
    "change", [str, str.lower, lambda code: code.replace("-", ""), lambda code: f" {code[:8]} {code[8:]} "]
)
def test_is_read_however_it_was_typed(change):
    code = code_of(SEED)
    assert read_code(change(code)) == code


@pytest.mark.parametrize("typed", ["", "ABC", "K7QWM-3BHDX-9TRZ0", "K7QWM-3BHDX-9TRZPP", "é" * 15, "../../etc/passwd"])
def test_what_cannot_be_a_code_is_none(typed):
    assert read_code(typed) == ""


def test_the_fingerprint_does_not_show_the_code():
    assert code_of(SEED) not in fingerprint(code_of(SEED)).upper()
