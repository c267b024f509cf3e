"""Times of the day: `10:00`, `half 3`, `kwart voor 10`, `8 uur s avonds`, `middag`."""

import re
from collections.abc import Callable
from datetime import time

_BEFORE = r"\b(?:om |rond |tegen |vanaf |at )?"
_PARTS = {
    "ochtend": time(9, 30),
    "ochtends": time(9, 30),
    "morgens": time(9, 30),
    "morning": time(9, 30),
    "tussen de middag": time(12, 30),
    "middag": time(14),
    "middags": time(14),
    "afternoon": time(14),
    "avond": time(19),
    "avonds": time(19),
    "evening": time(19),
}
_EVENING = {"avond", "avonds", "evening"}
_PART = re.compile(rf"\b(?:s |in the )?({'|'.join(sorted(_PARTS, key=len, reverse=True))})\b")
_NOBODY_WORKS_BEFORE = 7  # "half drie" is in the afternoon


def _exact(found: re.Match[str]) -> int:
    return 60 * int(found[1]) + int(found[2])


def _half(found: re.Match[str]) -> int:
    return 60 * int(found[1]) - 30


def _around_half(found: re.Match[str]) -> int:
    return 60 * int(found[3]) - 30 + (1 if found[2] == "over" else -1) * int(found[1])


def _around_hour(found: re.Match[str]) -> int:
    minutes = 15 if found[1] == "kwart" else int(found[1])
    return 60 * int(found[3]) + (1 if found[2] == "over" else -1) * minutes


def _whole_hour(found: re.Match[str]) -> int:
    return 60 * int(found[1])


_WAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], int]], ...] = (
    (re.compile(_BEFORE + r"(\d{1,2})[:.]([0-5]\d)(?: ?(?:uur|u|h))?\b"), _exact),
    (re.compile(_BEFORE + r"(\d{1,2}) ?[uh] ?([0-5]\d)\b"), _exact),
    (re.compile(_BEFORE + r"(\d{1,2}) (over|voor) half (\d{1,2})(?: uur)?\b"), _around_half),
    (re.compile(_BEFORE + r"(kwart|\d{1,2}) (over|voor) (\d{1,2})(?: uur)?\b"), _around_hour),
    (re.compile(_BEFORE + r"half (\d{1,2})(?: uur)?\b"), _half),
    (re.compile(_BEFORE + r"(\d{1,2}) ?(?:uur|u|h|o clock)\b"), _whole_hour),
    (re.compile(r"\b(?:om|rond|tegen|vanaf|at) (\d{1,2})\b"), _whole_hour),
)


def take_clock(text: str) -> tuple[str, time | None]:
    """The text without its time of day, and that time. Raises ValueError for a time that does not exist."""
    rest, part = _take_part(text)
    for pattern, minutes in _WAYS:
        if found := pattern.search(rest):
            return pattern.sub(" ", rest, count=1), _on_the_clock(minutes(found), part)
    return rest, _PARTS[part] if part else None


def _take_part(text: str) -> tuple[str, str]:
    found = _PART.search(text)
    return (_PART.sub(" ", text, count=1), found[1]) if found else (text, "")


def _on_the_clock(minutes: int, part: str) -> time:
    hour, minute = divmod(minutes, 60)
    later = hour < _NOBODY_WORKS_BEFORE or (part in _EVENING and hour < 12)
    return time(hour + 12 if later and part not in {"ochtend", "ochtends", "morgens", "morning"} else hour, minute)
