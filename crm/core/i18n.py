"""Texts in the reader's language: gettext, with Babel reading the catalogues as they are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from crm.core.clock import local, today
from crm.core.settings import settings

LANGUAGES = {"nl": "Nederlands", "en": "English"}
LOCALE_DIR = Path(__file__).resolve().parents[1] / "locale"

_language: ContextVar[str | None] = ContextVar("language", default=None)


_elsewhere: list[Callable[[], str | None]] = []


def language() -> str:
    if code := _language.get():
        return code
    return next(filter(None, (known() for known in _elsewhere)), settings().language)


def look_for_language(known: Callable[[], str | None]) -> None:
    """Where it is found as long as nobody has set it in this thread; `known` gives None when it is not there either."""
    _elsewhere[:] = [known]


def set_language(code: str) -> None:
    _language.set(code if code in LANGUAGES else None)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Use another language for a while, such as that of the one who gets an e-mail."""
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _translations(code: str) -> Translations:
    """A catalogue straight from its .po file, so that nothing has to be compiled beforehand."""
    compiled = BytesIO()
    with (LOCALE_DIR / code / "LC_MESSAGES" / "messages.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return Translations(compiled)


def _(message: str) -> str:
    return _translations(language()).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    return _translations(language()).ngettext(singular, plural, n)


def N_(message: str) -> str:
    """Mark a text for translation that is looked up later."""
    return message


def show_amount(number: float) -> str:
    """`2,5` in Dutch; a whole number without decimals."""
    return _amount(number, language())


@lru_cache(maxsize=256)
def _amount(number: float, code: str) -> str:
    return str(format_decimal(number, "0.##", locale=code))


def show_date(day: date) -> str:
    """`di 1 dec 2026`"""
    return format_date(day, "EEE d MMM yyyy", locale=language()).replace(".", "")


def show_day(day: date) -> str:
    """`di 1 dec`, where the year goes without saying."""
    return format_date(day, "EEE d MMM", locale=language()).replace(".", "")


def show_moment(moment: datetime) -> str:
    """`di 1 dec 10:00`, on the Dutch clock; the year only when it is not this one."""
    there = local(moment)
    pattern = "EEE d MMM HH:mm" if there.year == today().year else "EEE d MMM yyyy HH:mm"
    return format_datetime(there.replace(tzinfo=None), pattern, locale=language()).replace(".", "")


def show_whole_moment(moment: datetime) -> str:
    """`dinsdag 1 december 2026, 10:00`, to be read back before it is kept."""
    return format_datetime(local(moment).replace(tzinfo=None), "EEEE d MMMM yyyy, HH:mm", locale=language())


def show_time(moment: datetime) -> str:
    """`10:42`, on the Dutch clock."""
    return f"{local(moment):%H:%M}"
