"""Texts from people in places that read Markdown."""

import re

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


def literal(text: str) -> str:
    """The text as it is typed: no links, no pictures, no icons, no bold. On one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
