"""Words that do not belong in what we write about work and people, why not, and what to write instead.

The words are in data/reference/vacancy_words.csv: each row has them, the passages in which they mean something else
(`unless`), the better words in Dutch, and the ground in law. The first row that fits tells.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cache

from crm.core.i18n import N_, _
from crm.reference.queries import rows

_NINE_DIGITS = re.compile(r"(?<![\d+])\d(?:[ .-]?\d){8}(?!\d)")
_ELEVEN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_BSN = N_("“{word}” could be a citizen service number (BSN). We may not keep that: take it out.")


class Kind(StrEnum):
    AGE = auto()
    GENDER = auto()
    ORIGIN = auto()
    INDIRECT = auto()
    HEALTH = auto()
    TREATMENT = auto()  # about health only in a text about a person: a hospital is also a place to work


AGE, GENDER, ORIGIN, INDIRECT, HEALTH, TREATMENT = Kind
EXCLUDING = (AGE, GENDER, ORIGIN, INDIRECT, HEALTH)  # what must not decide who gets work

_HEALTH = N_("“{word}” is about health. We do not keep that: take it out and write what is practically needed.")
_ADVICE = {
    AGE: N_("“{word}” is about age. Nobody may be chosen by age: say what the work asks."),
    GENDER: N_("“{word}” asks for a man or a woman. That is not allowed: say what the work asks."),
    ORIGIN: N_("“{word}” is about where somebody comes from. Nobody may be chosen by that: say what the work asks."),
    INDIRECT: N_("“{word}” shuts people out who could do the work well: say what the work asks."),
    HEALTH: _HEALTH,
    TREATMENT: _HEALTH,
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubtful word as it stands in the text; `instead` are better words for a Dutch text, if there are any."""

    word: str
    kind: Kind
    instead: str

    @property
    def advice(self) -> str:
        return _(_ADVICE[self.kind]).format(word=self.word)

    def __str__(self) -> str:
        if not self.instead:
            return self.advice
        return _("{advice} Better: “{words}”.").format(advice=self.advice, words=self.instead)


@dataclass(frozen=True, slots=True)
class _Row:
    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    instead: str


@dataclass(frozen=True, slots=True)
class _Words:
    """All rows of a kind. `any_word` finds them in one go, as most texts have none."""

    any_word: re.Pattern[str]
    rows: tuple[_Row, ...]


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def _passage(words: str) -> re.Pattern[str] | None:
    """It may end within a word, and begin with a sign."""
    return re.compile(rf"(?:\b|(?=\W))(?:{words})", re.IGNORECASE) if words else None


@cache
def _words(kind: Kind) -> _Words:
    mine = [row for row in rows("vacancy_words.csv") if row["kind"] == kind]
    return _Words(
        _pattern("|".join(row["words"] for row in mine)),
        tuple(_Row(_pattern(row["words"]), _passage(row["unless"]), row["instead"]) for row in mine),
    )


def _found(text: str, kind: Kind) -> Iterator[tuple[re.Match[str], str]]:
    """Doubtful words in the order of the text, with what is better."""
    known = _words(kind)
    for rough in known.any_word.finditer(text):
        for row in known.rows:
            match = row.words.match(text, rough.start())
            if match and match.end() == rough.end() and not _means_something_else(text, match, row):
                yield match, row.instead
                break


def _means_something_else(text: str, match: re.Match[str], row: _Row) -> bool:
    """The word stands inside a passage that is no demand."""
    passages = row.unless.finditer(text) if row.unless else ()
    return any(passage.start() < match.end() and match.start() < passage.end() for passage in passages)


def places(text: str, *kinds: Kind) -> list[tuple[int, int]]:
    """Where the doubtful words of these kinds begin and end."""
    return [match.span() for kind in kinds for match, _instead in _found(text, kind)]


def without(text: str, *kinds: Kind) -> str:
    """The text with a space for each doubtful word of these kinds."""
    for kind in kinds:
        for start, end in reversed(places(text, kind)):
            text = f"{text[:start]} {text[end:]}"
    return text


def looks_like_bsn(digits: str) -> bool:
    """Nine digits that pass the eleven test."""
    total = sum(weight * int(digit) for weight, digit in zip(_ELEVEN_WEIGHTS, digits, strict=True))
    return total % 11 == 0 and int(digits) > 0


def bsn_warnings(text: str) -> list[str]:
    found = (match.group() for match in _NINE_DIGITS.finditer(text))
    return [_(_BSN).format(word=word) for word in found if looks_like_bsn(re.sub(r"\D", "", word))]


def doubts(text: str, *kinds: Kind) -> list[Doubt]:
    """Each doubtful word once, in the order of the text within its kind."""
    found = (Doubt(match.group(), kind, instead) for kind in kinds for match, instead in _found(text, kind))
    return list({(doubt.word.lower(), doubt.kind): doubt for doubt in found}.values())


def word_warnings(text: str, *kinds: Kind) -> list[str]:
    """One sentence per doubtful word."""
    return [str(doubt) for doubt in doubts(text, *kinds)]
