"""Words that tell who somebody is, left out of a text that an employer reads without a name."""

import re
from collections.abc import Iterable, Iterator

from crm.candidates.models import Candidate
from crm.core.text import plain
from crm.reference.wording import AGE, GENDER, HEALTH, ORIGIN, TREATMENT, places

LEFT_OUT = "…"
_SIGNS: tuple[re.Pattern[str], ...] = (
    re.compile(r"\S+@\S+"),
    re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:nl|com|net|org|eu)\b(?:/\S*)?", re.IGNORECASE),
    re.compile(r"(?:\+|\b)\d(?:[ ().-]{0,2}\d){6,}\b"),
    re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b"),
    re.compile(r"\b(?!(?:19|20)\d\d )[1-9]\d{3} ?(?!kg|km|cm|mm)[A-Za-z]{2}\b"),  # a year before a word is no postcode
    re.compile(r"\b[\w'-]*(?:straat|laan|weg|plein|kade|singel|dijk|gracht|hof|pad)\s+\d+\w?\b", re.IGNORECASE),
    re.compile(r"\b[3-9]\d ?(?:jaar|jr)\b", re.IGNORECASE),  # an age, or so many years of work that it tells the age
    re.compile(r"\b19\d\d\b"),
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BETWEEN = frozenset({"van", "de", "den", "der", "het", "ten", "ter", "te", "op", "in", "el", "al", "la", "le", "du"})


def without_traces(text: str, person: Candidate) -> str:
    """The same without names, places where they live, ways to reach them, age, sex and health."""
    return "".join(LEFT_OUT if is_trace else part for part, is_trace in told_apart(text, person))


def told_apart(text: str, person: Candidate) -> list[tuple[str, bool]]:
    """All of the text in parts, with for each whether it is left out."""
    parts, here = [], 0
    for start, end in _joined(text, sorted(_traces(text, person))):
        parts += [(text[here:start], False), (text[start:end], True)]
        here = end
    return [part for part in (*parts, (text[here:], False)) if part[0]]


def _traces(text: str, person: Candidate) -> Iterator[tuple[int, int]]:
    yield from places(text, AGE, GENDER, ORIGIN, HEALTH, TREATMENT)
    hidden = _words(person.name) | _words(person.town)
    for signs in _SIGNS:
        yield from (found.span() for found in signs.finditer(text))
    yield from (found.span() for found in _WORD.finditer(text) if _words(found.group()) & hidden)


def _joined(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that overlap, or with nothing but spaces and commas in between, become one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip(", \t\n"):
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _words(text: str) -> set[str]:
    """As they are compared; what stands between a first name and a surname tells nothing."""
    parts = re.split(r"[^\w]+", plain(text))
    return {part.removesuffix("s") for part in parts if len(part) > 1 and part not in _BETWEEN}
