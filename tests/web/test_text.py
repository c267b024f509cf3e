"""Texts from people in places that read Markdown."""

import pytest

from web.components.text import literal, spoken, unlinked


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


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("Café (oud), 't Hoekje & Zn.", "Café (oud), 't Hoekje & Zn."),
        (
            "![x](http://kwaad.nl/a.png) **vet** <b> :material/home: $x$",
            "x (http //kwaad.nl/a.png) vet b material/home x",
        ),
    ],
)
def test_what_only_a_screen_reader_says_is_words_and_nothing_that_markdown_reads(name, heard):
    assert spoken(name) == heard
