"""From the text of a script to a script that is fit to call with."""

from functools import lru_cache
from typing import Any

import yaml
from pydantic import ValidationError

from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.scripts.checks import problems
from crm.scripts.graph import Script

LONGEST_SOURCE = 500_000
_NAMES = ("id", "code", "key", "name")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, ten times faster


class ScriptNotFit(CrmError):
    """The script cannot be used. `problems` has one line for each thing that is wrong."""

    def __init__(self, found: list[str]) -> None:
        self.problems = found
        super().__init__(_("This call script cannot be used. {problems}").format(problems=" · ".join(found)))


@lru_cache(maxsize=32)
def parse(source: str) -> Script:
    """Raises ScriptNotFit with everything that is wrong."""
    raw = _load(source)
    try:
        script = Script.model_validate(raw)
    except ValidationError as error:
        raise ScriptNotFit([_line(raw, item["loc"], item["msg"]) for item in error.errors()]) from error
    if found := problems(script):
        raise ScriptNotFit(found)
    return script


def _load(source: str) -> Any:
    if len(source) > LONGEST_SOURCE:
        raise ScriptNotFit([_("the text is too long")])
    try:
        # An alias repeats a part of the text; nested ones could grow without end.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(source, _Loader)):
            raise ScriptNotFit([_("references (*) are not allowed")])
        return yaml.load(source, _Loader)  # noqa: S506  a safe one: see _Loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        words = str(getattr(error, "problem", None) or error)
        line = _("line {line}: {problem}").format(line=mark.line + 1, problem=words) if mark else words
        raise ScriptNotFit([line]) from error


def _line(raw: Any, location: tuple[int | str, ...], message: str) -> str:
    """`S05, nu_niet, to: Field required`: the place by the names in the script instead of by numbers."""
    place, here = [], raw
    for step in location:
        here = _inside(here, step)
        if isinstance(step, str):
            place.append(step)
        else:
            place[-1:] = [_name(here, step)]
    return f"{', '.join(place)}: {message}" if place else message


def _inside(here: Any, step: int | str) -> Any:
    try:
        return here[step]
    except (KeyError, IndexError, TypeError):
        return None


def _name(here: Any, number: int) -> str:
    found = next((here[key] for key in _NAMES if isinstance(here, dict) and here.get(key)), None)
    return str(found or number + 1)
