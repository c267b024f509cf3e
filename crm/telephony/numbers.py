"""Telephone numbers: read from what people type, shown the Dutch way, stored as `+31…` (E.164)."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from crm.core.i18n import N_
from crm.core.types import LabelledEnum


class NumberProblem(LabelledEnum):
    """Why a text gives no number that may be stored."""

    SCIENTIFIC = (
        "scientific",
        N_("Excel has cut off the last digits of this number. Give the column the type “Text” and fill it in again."),
    )
    PREMIUM = "premium", N_("This is a paid service number. We do not call those.")
    SHORT = "short", N_("This is a short or emergency number. We do not call those.")
    FAX = "fax", N_("This is a fax number.")
    INVALID = "invalid", N_("This telephone number does not exist.")


@dataclass(frozen=True, slots=True)
class ParsedNumber:
    """`original` is the piece of text it came from, with its note.

    `zero_restored`: the text had nine digits, and with the first zero that Excel drops it is a Dutch number.
    """

    e164: str
    original: str
    zero_restored: bool = False


@dataclass(frozen=True, slots=True)
class RefusedNumber:
    text: str
    problem: NumberProblem


def parse_numbers(text: str) -> list[ParsedNumber]:
    """The usable numbers in a text, in its order, each once."""
    return read_numbers(text)[0]


def read_numbers(text: str) -> tuple[list[ParsedNumber], list[RefusedNumber]]:
    """The usable numbers in a text, each once, and what looked like a number but is none.

    Takes several numbers with notes in one text: `06 12345678 / 010-1234567 (na 17u)`.
    """
    found: dict[str, ParsedNumber] = {}
    refused: list[RefusedNumber] = []
    for piece in filter(None, map(str.strip, _BETWEEN_NUMBERS.split(_ordinary(text)))):
        for item in _numbers_in(piece):
            if isinstance(item, ParsedNumber):
                found.setdefault(item.e164, item)
            else:
                refused.append(item)
    if found:  # then a few loose digits are a note, such as an hour
        refused = [item for item in refused if _count_digits(item.text) > NOTE_DIGITS]
    return list(found.values()), refused


@lru_cache(maxsize=10_000)
def show_number(e164: str) -> str:
    """`010 123 4567`; a foreign number as `+32 2 512 34 56`."""
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return e164
    dutch = number.country_code == NETHERLANDS
    form = PhoneNumberFormat.NATIONAL if dutch else PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, form))


def dial_link(e164: str) -> str:
    """An address that makes a telephone or headset program dial."""
    return f"tel:{e164}"


NETHERLANDS = 31
NOTE_DIGITS = 4
LONGEST = 60
MOST_DIGITS = 19  # 15, with 00 for abroad and a zero too many

_REFUSED_TYPES = {
    PhoneNumberType.PREMIUM_RATE: NumberProblem.PREMIUM,
    PhoneNumberType.SHARED_COST: NumberProblem.PREMIUM,
    PhoneNumberType.PAGER: NumberProblem.INVALID,
    PhoneNumberType.VOICEMAIL: NumberProblem.INVALID,
    PhoneNumberType.UNKNOWN: NumberProblem.INVALID,
}
_SIMPLE = re.compile(r"0(?:[ -]?[0-9]){9}")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_DECIMAL_ZERO = re.compile(r"^(\d{9,})[.,]0+$")
_SCIENTIFIC = re.compile(r"\d+([.,]\d+)?\s?[eE]\s?\+?\d{1,2}")
_BETWEEN_NUMBERS = re.compile(r"[;|&\n\t]|\s/\s|,(?!\d*\s?[eE])|\b(?:of|en|or|and)\b|\s(?=fax)", re.IGNORECASE)
_FAX = re.compile(r"fax", re.IGNORECASE)
_REMARK = re.compile(r"\((?![\d\s+]*\))[^()]*\)")
_EXTENSION = re.compile(r"(?:\b|(?<=\d))(?:tst|toestel|ext|doorkies\w*|intern|x)[.:\s]*\d{1,5}\b", re.IGNORECASE)
_NOT_DIGITS = re.compile(r"\D+")
_DUTCH = re.compile(r"(?:0|(?:\+|00)?310?)?([1-9]\d{8})")
_LOST_ZERO = re.compile(r"[1-9]\d{8}")
_LETTER = re.compile(r"[^\W\d_]")
_SHORT = re.compile(r"\+?(?:31)?0?(?:14\d{2,4}|1\d{2}|116\d{3}|18\d{2})")

# What is not one number is cut at a slash, then at words, then before what may begin a number.
_CUTS = (re.compile(r"/"), re.compile(r"[^\d+()./\s-]+"), re.compile(r"\s+(?=[+0(])"))


def _ordinary(text: str) -> str:
    if not text.isascii():
        text = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    return _DECIMAL_ZERO.sub(r"\1", text.strip())


def _count_digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _numbers_in(piece: str) -> list[ParsedNumber | RefusedNumber]:
    """A piece without any number is refused as a whole, so that the reader recognises it."""
    if _SIMPLE.fullmatch(piece):  # most of them
        return [_one_number(piece, piece)]
    if _SCIENTIFIC.fullmatch(piece):
        return [RefusedNumber(piece, NumberProblem.SCIENTIFIC)]
    if _FAX.match(piece):
        return [RefusedNumber(piece, NumberProblem.FAX)]
    text = _EXTENSION.sub(" ", _REMARK.sub(" ", piece))
    items = list(_cut(text, _CUTS, piece))
    if any(isinstance(item, ParsedNumber) for item in items):
        return items
    problems = {item.problem for item in (_one_number(text, piece), *items) if isinstance(item, RefusedNumber)}
    return [RefusedNumber(piece, min(problems, key=list(NumberProblem).index))]


def _cut(text: str, cuts: tuple[re.Pattern[str], ...], original: str) -> Iterator[ParsedNumber | RefusedNumber]:
    number = _one_number(text, original)
    if isinstance(number, ParsedNumber) or not cuts:
        yield number
        return
    for part in cuts[0].split(text):
        if _count_digits(part):
            yield from _cut(part, cuts[1:], original)


def _one_number(text: str, original: str) -> ParsedNumber | RefusedNumber:
    """A text as one number; what holds letters is none."""
    plain = _NOT_DIGITS.sub("", text)
    if len(plain) > MOST_DIGITS or len(text) > LONGEST or _LETTER.search(text):
        return RefusedNumber(text.strip(), NumberProblem.INVALID)
    if text.lstrip(" (").startswith("+"):
        plain = "+" + plain
    if dutch := _DUTCH.fullmatch(plain):
        problem, e164 = _problem_of_dutch(dutch[1][:4]), f"+{NETHERLANDS}{dutch[1]}"
    else:
        problem, e164 = _parsed(plain)
    if problem:
        return RefusedNumber(text.strip(), problem)
    return ParsedNumber(e164, original, zero_restored=_LOST_ZERO.fullmatch(plain) is not None)


@cache
def _problem_of_dutch(start: str) -> NumberProblem | None:
    """For a number of nine digits: what it is follows from the area code, so phonenumbers is asked once for each."""
    number = PhoneNumber(country_code=NETHERLANDS, national_number=int(start.ljust(9, "0")))
    return _REFUSED_TYPES.get(phonenumbers.number_type(number))


def _parsed(plain: str) -> tuple[NumberProblem | None, str]:
    if _SHORT.fullmatch(plain):
        return NumberProblem.SHORT, ""
    try:
        number = phonenumbers.parse(plain, "NL")
    except NumberParseException:
        return NumberProblem.INVALID, ""
    # The type of a number that does not exist is unknown, so validity needs no second look.
    problem = _REFUSED_TYPES.get(phonenumbers.number_type(number))
    return problem, str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
