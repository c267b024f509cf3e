"""Days: `dinsdag`, `over 2 weken`, `1 maart`, `eind volgende week`, `na de bouwvak`, `in het voorjaar`."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from crm.followups.spoken.words import MONTH, NEXT_WEEK, WEEKDAY, month_of, weekday_of
from crm.reference.calendar import add_months, add_working_days, end_of_period

Found = re.Match[str]

_SEASONS = {
    "voorjaar": 3,
    "lente": 3,
    "spring": 3,
    "zomer": 6,
    "summer": 6,
    "najaar": 9,
    "herfst": 9,
    "autumn": 9,
    "winter": 12,
}
_SEASON = "|".join(_SEASONS)
_AFTER_SEASON = {"zomer": 9, "summer": 9, "winter": 3}
_PART_OF_MONTH = {"begin": 1, "half": 15, "medio": 15, "midden": 15, "eind": 25, "einde": 25}
_PART_OF_WEEK = {"begin": 0, "midden": 2, "half": 2, "medio": 2, "eind": 4, "einde": 4}
_UNIT = "werkdag(?:en)?|dag(?:en)?|days?|weken|weeks?|maand(?:en)?|months?|jaar|years?"
_PART = "begin|half|medio|midden|einde?"


def take_day(text: str, today: date) -> tuple[str, date | None]:
    """The text without its day, and that day. Raises ValueError for a date that does not exist."""
    for pattern, meaning in _WAYS:
        if (found := pattern.search(text)) and (day := meaning(found, today)):
            return pattern.sub(" ", text, count=1), day
    return text, None


def _working_day(day: date) -> date:
    """Who says a week or a season means a day on which people work."""
    return add_working_days(day, 0)


def _coming(weekday: int | None, today: date) -> date:
    return today + timedelta(days=((weekday or 0) - today.weekday() - 1) % 7 + 1)


def _monday(today: date, weeks: int) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def _first_from(today: date, month: int, day: int = 1) -> date:
    """This year, or next when that is over."""
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def _weekday_in_weeks(found: Found, today: date) -> date:
    weeks = int(found[2]) // 7 if found[3].startswith("da") else int(found[2])
    return _coming(weekday_of(found[1]), today) + timedelta(weeks=weeks)


def _in_time(found: Found, today: date) -> date:
    count, unit = int(found[1]), found[2]
    if unit.startswith("werkdag"):
        return add_working_days(today, count)
    if unit.startswith("da"):
        return today + timedelta(days=count)
    if unit.startswith("we"):
        return today + timedelta(weeks=count)
    return add_months(today, count * (1 if unit.startswith("m") else 12))


def _in_half_a_year(_found: Found, today: date) -> date:
    return _working_day(add_months(today, 6))


def _part_of_week(found: Found, today: date) -> date | None:
    weeks = 0 if found[2] in {"deze", "de", "this"} else 1
    day = _monday(today, weeks) + timedelta(days=_PART_OF_WEEK[found[1]])
    return day if day >= today else None


def _in_next_week(found: Found, today: date) -> date:
    return _monday(today, 1) + timedelta(days=weekday_of(found[1] or found[2]) or 0)


def _next_week(_found: Found, today: date) -> date:
    return _working_day(_monday(today, 1))


def _coming_weekday(found: Found, today: date) -> date:
    """`volgende dinsdag` is the one of next week, `komende dinsdag` the first to come."""
    weekday = weekday_of(found[2])
    if found[1] in {"volgende", "next"}:
        return _monday(today, 1) + timedelta(days=weekday or 0)
    return _coming(weekday, today)


def _part_of_month(found: Found, today: date) -> date:
    day = _PART_OF_MONTH[found[1]]
    if found[2] in {"deze maand", "this month"}:
        return _working_day(today.replace(day=day))
    if found[2] in {"volgende maand", "next month"}:
        return _working_day(add_months(today.replace(day=1), 1).replace(day=day))
    return _working_day(_first_from(today, month_of(found[2]), day))


def _next_month(_found: Found, today: date) -> date:
    return _working_day(add_months(today.replace(day=1), 1))


def _next_year(_found: Found, today: date) -> date:
    return _working_day(date(today.year + 1, 1, 1))


def _date_in_words(found: Found, today: date) -> date:
    day, month = int(found[1]), month_of(found[2])
    return date(int(found[3]), month, day) if found[3] else _first_from(today, month, day)


def _month(found: Found, today: date) -> date:
    return _working_day(_first_from(today, month_of(found[1])))


def _iso_date(found: Found, _today: date) -> date:
    return date.fromisoformat(found[0])


def _date_in_numbers(found: Found, today: date) -> date:
    day, month, year = int(found[1]), int(found[2]), found[3]
    return date(int(year) + (2000 if len(year) == 2 else 0), month, day) if year else _first_from(today, month, day)


def _day_of_month(found: Found, today: date) -> date:
    day = int(found[1])
    return today.replace(day=day) if day >= today.day else add_months(today.replace(day=1), 1).replace(day=day)


def _after_season(found: Found, today: date) -> date:
    return _working_day(_first_from(today, _AFTER_SEASON[found[1]]))


def _after_period(found: Found, today: date) -> date | None:
    end = end_of_period(found[1], today)
    return _working_day(end + timedelta(days=1)) if end else None


def _season(found: Found, today: date) -> date:
    """Its first day; when it has begun already, the one of next year."""
    return _working_day(_first_from(today, _SEASONS[found[2]]))


def _weekday(found: Found, today: date) -> date:
    return _coming(weekday_of(found[1]), today)


def _days_on(days: int) -> Callable[[Found, date], date]:
    return lambda _found, today: today + timedelta(days=days)


_THE = r"(?:de |het |the )?"
_WAYS: tuple[tuple[re.Pattern[str], Callable[[Found, date], date | None]], ...] = tuple(
    (re.compile(rf"\b{pattern}\b"), meaning)
    for pattern, meaning in (
        (rf"({WEEKDAY}) (?:over|in) (\d{{1,3}}) (weken|week|dagen|weeks)", _weekday_in_weeks),
        (r"(?:over|in) (?:1 )?(?:half jaar|halfjaar|half a year)", _in_half_a_year),
        (
            rf"(?:over|in) (\d{{1,4}}) ({_UNIT})",
            _in_time,
        ),
        (rf"({_PART})(?: van)? {_THE}(deze|de|this|volgende|komende|next) week", _part_of_week),
        (rf"(?:({WEEKDAY}) {NEXT_WEEK} week|{NEXT_WEEK} week (?:op )?({WEEKDAY}))", _in_next_week),
        (rf"{NEXT_WEEK} week", _next_week),
        (rf"(volgende|komende|aanstaande|eerstvolgende|next|this) ({WEEKDAY})", _coming_weekday),
        (
            rf"({_PART})(?: van)? {_THE}({MONTH}|deze maand|this month|volgende maand|next month)",
            _part_of_month,
        ),
        (r"(?:volgende|next) (?:maand|month)", _next_month),
        (r"(?:volgend|next) (?:jaar|year)", _next_year),
        (r"\d{4}-\d\d-\d\d", _iso_date),
        (r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)", _date_in_numbers),
        (r"(\d{1,2})[-/](\d{1,2})()", _date_in_numbers),
        (rf"(\d{{1,2}})(?:e|ste|de|st|nd|rd|th)? (?:of )?({MONTH})(?: (\d{{4}}))?", _date_in_words),
        (rf"(?:na|after) {_THE}({'|'.join(_AFTER_SEASON)})", _after_season),
        (rf"(?:na|after) {_THE}([a-z]+(?: en [a-z]+)?)", _after_period),
        (rf"(in |volgende? |next )?{_THE}({_SEASON})", _season),
        (r"(\d{1,2})(?:e|ste|de|st|nd|rd|th)", _day_of_month),
        (rf"({MONTH})", _month),
        (rf"({WEEKDAY})", _weekday),
        (r"(?:vandaag|van(?= (?:ochtend|middag|avond))|today)", _days_on(0)),
        (r"(?:overmorgen)", _days_on(2)),
        (r"(?:morgen|tomorrow)", _days_on(1)),
    )
)
