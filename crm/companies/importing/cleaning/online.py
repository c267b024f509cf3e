"""Addresses on the internet, yes or no, and plain text."""

import re
from collections.abc import Callable

from crm.companies.importing.cleaning.cells import Doubt
from crm.companies.importing.problems import Problem

_EMAIL = re.compile(r"(?:mailto:)?([^@\s,;:<>()\"']+@[^@\s,;:<>()\"']+\.[A-Za-z]{2,})")
_WEBSITE = re.compile(r"(https?://)?((?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#]\S*)?)", re.IGNORECASE)
_SEVERAL = re.compile(r"[;,|\s]+|/(?=\s)")


def email(text: str) -> str | Doubt:
    """Of several addresses the first."""
    for part in (text, *_SEVERAL.split(text)):
        if found := _EMAIL.fullmatch(part):
            return found[1] if len(part) <= 200 else Doubt(Problem.TOO_LONG)
    return Doubt(Problem.EMAIL_INVALID)


def website(text: str) -> str | Doubt:
    """With `https://` in front when it has nothing there, so that it can be a link. Of several the first."""
    found = _WEBSITE.fullmatch(text) or _WEBSITE.fullmatch(_SEVERAL.split(text)[0])
    if not found:
        return Doubt(Problem.WEBSITE_INVALID)
    address = (found[1] or "https://").lower() + found[2]
    return address if len(address) <= 200 else Doubt(Problem.TOO_LONG)


_YES = frozenset({"ja", "j", "yes", "y", "1", "true", "waar", "x"})
_NO = frozenset({"nee", "n", "no", "0", "false", "onwaar"})


def yes_no(text: str) -> bool | Doubt:
    word = text.lower()
    return word in _YES if word in _YES | _NO else Doubt(Problem.YES_NO_INVALID)


def text_of_at_most(length: int) -> Callable[[str], str | Doubt]:
    def clean(text: str) -> str | Doubt:
        return text if len(text) <= length else Doubt(Problem.TOO_LONG)

    return clean
