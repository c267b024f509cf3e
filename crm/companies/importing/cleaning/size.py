"""How many people work there."""

import re

from crm.companies.importing.cleaning.cells import Doubt
from crm.companies.importing.problems import Problem
from crm.core.text import plain, squeeze
from crm.reference.queries import size_classes

MOST_STAFF = 1_000_000
_MONTHS = "jan|feb|mrt|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec"
_DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d.*|\d{{1,2}}[-/]\d{{1,2}}[-/]\d{{2,4}}|\d{{1,2}}[-/ ](?:{_MONTHS})\w*\.?(?:[-/ ]\d{{2,4}})?"
    rf"|(?:{_MONTHS})\w*\.?[-/ ]\d{{2,4}}",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:werkzame|medewerkers?|werknemers?|personen|personeelsleden|mensen|fte|employees?|people|staff|circa|ca|ongeveer)\b\.?"
)
_COUNT = r"(\d{1,3}(?:[.,]\d{3})+|\d+)"
_RANGE = re.compile(rf"{_COUNT}\s*(-|t/m|tot en met|tot|to|/)\s*{_COUNT}")
_FROM = re.compile(rf"(?:vanaf|>=|≥)\s*{_COUNT}|{_COUNT}\s*(?:\+|of meer|en meer|or more|plus)")
_ABOVE = re.compile(rf"(?:>|meer dan|more than)\s*{_COUNT}")
_BELOW = re.compile(rf"(?:<|tot|minder dan|less than|under)\s*{_COUNT}")

Staff = tuple[int, int | None]


def staff(text: str) -> Staff | Doubt:
    """`5`, `2-9`, `100+`, `10 tot 50` (which statistics mean as 10-49), `micro`: the least and the most people."""
    if _DATE.fullmatch(text):
        return Doubt(Problem.EXCEL_DATE)
    words = squeeze(_PEOPLE.sub(" ", re.sub("[–—]", "-", plain(text))))
    least, most = _staff_range(words) or _size_class(words) or (-1, -1)
    sensible = 0 <= least <= MOST_STAFF and (most is None or least <= most <= MOST_STAFF)
    return (least, most) if sensible else Doubt(Problem.STAFF_INVALID)


def _staff_range(words: str) -> Staff | None:
    if found := re.fullmatch(rf"{_COUNT}(?:[.,]0)?", words):
        return _count(found[1]), _count(found[1])
    if found := _RANGE.fullmatch(words):
        return _count(found[1]), _count(found[3]) - (found[2] == "tot")
    if found := _FROM.fullmatch(words):
        return _count(found[1] or found[2]), None
    if found := _ABOVE.fullmatch(words):
        return _count(found[1]) + 1, None
    if found := _BELOW.fullmatch(words):
        return 0, _count(found[1]) - 1
    return None


def _count(text: str) -> int:
    digits = re.sub("[.,]", "", text)
    return int(digits) if len(digits) < 9 else MOST_STAFF + 1


def _size_class(words: str) -> Staff | None:
    for size in size_classes().values():
        if words in {size.code, plain(size.name_nl), plain(size.name_en)}:
            return size.staff_min, size.staff_max
    return None
