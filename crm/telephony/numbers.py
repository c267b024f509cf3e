"""Telephone numbers: read from what people type, shown the Dutch way, stored as `+31…` (E.164)."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

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

_REFUSED_TYPES = {
    PhoneNumberType.PREMIUM_RATE: NumberProblem.PREMIUM,
    PhoneNumberType.SHARED_COST: NumberProblem.PREMIUM,
    PhoneNumberType.PAGER: NumberProblem.INVALID,
    PhoneNumberType.VOICEMAIL: NumberProblem.INVALID,
    PhoneNumberType.UNKNOWN: NumberProblem.INVALID,
}
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_DECIMAL_ZERO = re.compile(r"^(\d{9,})[.,]0+$")
_SCIENTIFIC = re.compile(r"\d+([.,]\d+)?\s?[eE]\s?\+?\d{1,2}")
_BETWEEN_NUMBERS = re.compile(r"[;|&\n\t]|,(?!\d*\s?[eE])|\b(?:of|en|or|and)\b|\s(?=fax)", re.IGNORECASE)
_FAX = re.compile(r"fax", re.IGNORECASE)
_REMARK = re.compile(r"\((?![\d\s+]*\))[^()]*\)")
_EXTENSION = re.compile(r"(?:\b|(?<=\d))(?:tst|toestel|ext|doorkies\w*|intern|x)[.:\s]*\d{1,5}\b", re.IGNORECASE)
_NOT_DIGITS = re.compile(r"\D+")
_DUTCH = re.compile(r"(?:0|(?:\+|00)?310?)([1-9]\d{8})")
_LOST_ZERO = re.compile(r"[^\d+]*[1-9](?:\D*\d){8}\D*")
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
    number = _number(text)
    if isinstance(number, NumberProblem):
        return RefusedNumber(text.strip(), number)
    # Asking the type also tells whether the number exists: is_valid_number would do the same work again.
    if problem := _REFUSED_TYPES.get(phonenumbers.number_type(number)):
        return RefusedNumber(text.strip(), problem)
    e164 = str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    return ParsedNumber(e164, original, zero_restored=_LOST_ZERO.fullmatch(text) is not None)


def _number(text: str) -> PhoneNumber | NumberProblem:
    """A text without letters as a number that may or may not exist."""
    if len(text) > LONGEST or _LETTER.search(text):
        return NumberProblem.INVALID
    digits = _NOT_DIGITS.sub("", text)
    plain = "+" + digits if text.lstrip(" (").startswith("+") else digits
    if dutch := _DUTCH.fullmatch(plain):  # nearly all of them; parsing would find the same, more slowly
        return PhoneNumber(country_code=NETHERLANDS, national_number=int(dutch[1]))
    if _SHORT.fullmatch(plain):
        return NumberProblem.SHORT
    try:
        return phonenumbers.parse(plain, "NL")
    except NumberParseException:
        return NumberProblem.INVALID
