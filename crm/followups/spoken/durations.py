"""How long from now: `over 2 uur`. Longer than a day it is a matter of days."""

import re
from datetime import datetime, timedelta

_QUARTERS = {"kwartier": 15, "kwartiertje": 15, "half uur": 30, "half uurtje": 30, "halfuur": 30, "uurtje": 60}
_SHORT = re.compile(rf"\bover (?:(\d+) )?({'|'.join(_QUARTERS)}|uur|uren|minuten|minuut|hours?|minutes?)\b")
_ENGLISH = re.compile(r"\bin (?=\d+ (?:hours?|minutes?))")
_HOUR_AND_A_HALF = re.compile(r"\banderhalf uur\b")
_STEP = timedelta(minutes=5)


def take_duration(text: str, moment: datetime) -> tuple[str, datetime | None]:
    """The text without it, and the moment it leads to, rounded up to five minutes."""
    text = _HOUR_AND_A_HALF.sub("90 minuten", _ENGLISH.sub("over ", text))
    found = _SHORT.search(text)
    if found is None:
        return text, None
    minutes = int(found[1] or 1) * _minutes(found[2])
    return _SHORT.sub(" ", text, count=1), _rounded_up(moment + timedelta(minutes=minutes))


def _minutes(unit: str) -> int:
    return _QUARTERS.get(unit) or (1 if unit.startswith("min") else 60)


def _rounded_up(moment: datetime) -> datetime:
    over = timedelta(minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond) % _STEP
    return moment + (_STEP - over if over else timedelta())
