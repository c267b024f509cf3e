"""Texts from people in places that read Markdown."""

import re

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


_SIGNS = re.compile(r"[!#$*:<>\[\\\]^_`{|}~]+")

_BEFORE_ADDRESS = re.compile(r"(?<=www)(?=\\?\.)|(?<!\\)(?=\\?@)|(?<=http)(?=s?\\?:)", re.IGNORECASE)
_WORD_JOINER = "\u2060"  # takes no room and breaks no line


def literal(text: str) -> str:
    """The text as it is typed: no pictures, no icons, no bold, no link that hides its address. On one line."""
    return escaped(" ".join(text.split()))


def escaped(text: str) -> str:
    """The same of a part of a text, with the spaces around it."""
    return _MARKDOWN.sub(r"\\\1", text)


def spoken(text: str) -> str:
    """For a label that is not shown: a screen reader says it as it stands, so it has no signs that Markdown reads."""
    return " ".join(_SIGNS.sub(" ", text).split())


def unlinked(text: str) -> str:
    """An address in a sentence, such as the example in an error, that is not to be clicked."""
    return _BEFORE_ADDRESS.sub(_WORD_JOINER, text)
