"""Texts from people in places that read Markdown."""

import pytest

from web.components.text import literal, unlinked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("zoals www.bedrijf.nl", "zoals www\u2060.bedrijf.nl"),
        ("zoals naam@bedrijf.nl", "zoals naam\u2060@bedrijf.nl"),
        ("zie https://bedrijf.nl", "zie http\u2060s://bedrijf.nl"),
        ("geen adres.", "geen adres."),
    ],
)
def test_an_address_in_an_error_is_no_link(text, shown):
    assert unlinked(text) == shown
    assert unlinked(literal(text)).replace("\\", "") == shown
