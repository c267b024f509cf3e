"""Postcode and town."""

import re
from functools import cache

from crm.companies.importing.cleaning.cells import Doubt
from crm.companies.importing.problems import Problem
from crm.core.text import plain
from crm.reference.queries import postcode_area, rows

_POSTCODE = re.compile(r"(?:NL[-\s]*)?([1-9]\d{3})[\s-]*([A-Za-z]{2})?(?:[\s,]+([^\W\d_].+))?")


def postcode(text: str) -> tuple[str, str] | Doubt:
    """The postcode as `3311AB` (or the four digits, when there are no more) and the town behind it, if any."""
    found = _POSTCODE.fullmatch(text)
    if not found:
        return Doubt(Problem.POSTCODE_INVALID)
    digits, letters, town = found.groups(default="")
    if not letters and not postcode_area(digits):
        return Doubt(Problem.POSTCODE_INVALID)
    known = town_name(town) if town else ""
    return digits + letters.upper(), "" if isinstance(known, Doubt) else known


OTHER_NAMES = {"s-gravenhage": "den haag", "den bosch": "s-hertogenbosch", "alphen a/d rijn": "alphen aan den rijn"}


def town_key(town: str) -> str:
    key = plain(town).replace("’", "'").lstrip("'")
    return OTHER_NAMES.get(key, key)


@cache
def _town_names() -> dict[str, str]:
    return {town_key(row["town"]): row["town"] for row in rows("postcodes.csv")}


def town_name(text: str) -> str | Doubt:
    """Spelled as in the list of postcodes: `DORDRECHT` is Dordrecht."""
    if len(text) > 80:
        return Doubt(Problem.TOO_LONG)
    return _town_names().get(town_key(text), text)
