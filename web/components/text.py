"""Texts from people in places that read Markdown."""

import re

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


def literal(text: str) -> str:
    """The text as it is typed: no pictures, no icons, no bold, no link that hides its address. On one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
