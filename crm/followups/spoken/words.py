"""The words moments are made of, in Dutch and in English."""

import re
import unicodedata

_DUTCH_NUMBERS = (
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien twintig"
)
_ENGLISH_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve"
_VAGUE = {"paar": "3", "few": "3", "a": "1", "an": "1"}
_DIGITS = _VAGUE | {
    word: str(number) for words in (_DUTCH_NUMBERS, _ENGLISH_NUMBERS) for number, word in enumerate(words.split())
}

_WEEKDAYS = (
    ("ma", "maandag", "monday", "mon"),
    ("di", "dinsdag", "tuesday", "tue"),
    ("wo", "woe", "woensdag", "wednesday", "wed"),
    ("do", "donderdag", "thursday", "thu"),
    ("vr", "vrij", "vrijdag", "friday", "fri"),
    ("za", "zat", "zaterdag", "saturday", "sat"),
    ("zo", "zon", "zondag", "sunday", "sun"),
)
_MONTHS = (
    ("januari", "jan", "january"),
    ("februari", "feb", "february"),
    ("maart", "mrt", "march"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "jun", "june"),
    ("juli", "jul", "july"),
    ("augustus", "aug", "august"),
    ("september", "sep", "sept"),
    ("oktober", "okt", "october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
_WEEKDAY_OF = {word: number for number, words in enumerate(_WEEKDAYS) for word in words}
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS, 1) for word in words}

WEEKDAY = rf"(?:{'|'.join(sorted(_WEEKDAY_OF, key=len, reverse=True))})"
MONTH = rf"(?:{'|'.join(sorted(_MONTH_OF, key=len, reverse=True))})"
NEXT_WEEK = r"(?:volgende|komende|next)"

_FULL = "|".join(word for words in _WEEKDAYS for word in words if len(word) > 3)
_PART_WRITTEN_TOGETHER = re.compile(rf"\b({_FULL}|morgen|overmorgen|van)(ochtend|morgen|middag|avond)\b")
_A_COUPLE = re.compile(r"\b(?:een|a) (paar|few)\b")


def plain(text: str) -> str:
    """In small letters without accents, numbers in digits, `dinsdagmiddag` in two words."""
    letters = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    bare = re.sub(r"['’‘`,;!?()]|\.(?!\d)", " ", bare)
    parted = _PART_WRITTEN_TOGETHER.sub(_in_two_words, _A_COUPLE.sub(r"\1", bare))
    return " ".join(_DIGITS.get(word, word) for word in parted.split())


def _in_two_words(found: re.Match[str]) -> str:
    return f"{found[1]} {'ochtend' if found[2] == 'morgen' else found[2]}"


def weekday_of(word: str) -> int | None:
    """0 is Monday."""
    return _WEEKDAY_OF.get(word)


def month_of(word: str) -> int:
    return _MONTH_OF[word]
