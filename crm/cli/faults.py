"""What goes wrong at the command line, in a line that says what to do."""

import os
from pathlib import Path
from typing import get_args, get_origin

from annotated_types import Ge, Le
from pydantic import ValidationError
from sqlalchemy.exc import DatabaseError, OperationalError

from crm.core.errors import CrmError, explain
from crm.core.i18n import LANGUAGES, N_, _, speaking
from crm.core.settings import SHORTEST_KEY, Settings, settings

FAULTS = (CrmError, ValidationError, DatabaseError, OSError)
UNUSABLE = (OperationalError, DatabaseError)  # these kinds themselves; the others are mistakes of ours

_ADVICE = {
    "database_url": N_("give an address like postgresql://user:password@host/database, or leave it out for SQLite"),
    "public_url": N_("give the address people open, like https://kopkoffie.example.nl"),
    "secret_key": N_("give at least {n} characters that nobody can guess, or leave it out and one is made"),
    "telephony": N_("give the telephone systems as JSON, as docs/operations.md shows"),
    "telephony_default": N_("give the name of one of the systems in KOPKOFFIE_TELEPHONY, or leave it out"),
    "telephony_event_secret": N_("give at least {n} characters that nobody can guess, or leave it out"),
    "metrics_token": N_("give at least {n} characters that nobody can guess, or leave it out"),
    "call_until_hour": N_("give a whole hour later than KOPKOFFIE_CALL_FROM_HOUR, 22 at most"),
}


def explained(fault: Exception) -> list[str]:
    """The lines to show, none for a mistake of ours.

    Settings may be what is wrong, so the language cannot come from them.
    """
    chosen = os.environ.get("KOPKOFFIE_LANGUAGE", "")
    with speaking(chosen if chosen in LANGUAGES else "nl"):
        if isinstance(fault, ValidationError):
            return _wrong_settings(fault) if fault.title == Settings.__name__ else [explain(fault)]
        if isinstance(fault, DatabaseError):
            return [_no_database(fault)] if type(fault) in UNUSABLE else []
        if isinstance(fault, OSError):
            return [_no_access(fault)]
        return [str(fault)]


def variable(setting: str) -> str:
    return f"{Settings.model_config['env_prefix']}{setting}".upper()


def first_line(error: Exception) -> str:
    """What a database driver has to say; the rest are hints for programmers."""
    return str(getattr(error, "orig", error)).strip().splitlines()[0]


def _no_database(fault: DatabaseError) -> str:
    return _(
        "KOPKOFFIE_DATABASE_URL: the database cannot be used ({reason}). Start it, or correct the address."
    ).format(reason=first_line(fault))


def _no_access(fault: OSError) -> str:
    if not fault.filename:
        return str(fault)
    path, folder = Path(fault.filename), settings().data_dir
    if path.is_relative_to(folder) or folder.is_relative_to(path):
        return _(
            "KOPKOFFIE_DATA_DIR: {path} cannot be used ({reason}). Give a folder that this user may write in."
        ).format(path=path, reason=fault.strerror)
    return f"{path}: {fault.strerror}"


def _wrong_settings(error: ValidationError) -> list[str]:
    wrong: dict[str, list[str]] = {}
    for item in error.errors():
        name, *inside = map(str, item["loc"])
        wrong.setdefault(name, []).append(".".join(inside))
    return [f"{variable(name)}: {_advice(name)}{_where(places)}" for name, places in wrong.items()]


def _where(places: list[str]) -> str:
    """The parts of a setting that has parts."""
    known = ", ".join(filter(None, places))
    return f" ({known})" if known else ""


def _advice(name: str) -> str:
    if name in _ADVICE:
        return _(_ADVICE[name]).format(n=SHORTEST_KEY)
    field = Settings.model_fields[name]
    if get_origin(field.annotation) is not None:
        return _("choose from {choices}").format(choices=", ".join(get_args(field.annotation)))
    least = next((bound.ge for bound in field.metadata if isinstance(bound, Ge)), None)
    most = next((bound.le for bound in field.metadata if isinstance(bound, Le)), None)
    if least is None:
        return _("give a whole number")
    return _("give a whole number from {least} to {most}").format(least=least, most=most)
