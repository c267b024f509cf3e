"""Errors a person may see: they say what is wrong and what to do, in the reader's language."""

from collections.abc import Callable, Iterator
from functools import cache

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crm.core.i18n import _


class CrmError(Exception):
    """The base of every refusal. Its text is shown to the user as it is.

    `page` is the address of the screen where what is wrong can be put right, if there is one.
    """

    page = ""


class NotFound(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This record does not exist, or you may not see it."))


class NotAllowed(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Your role does not allow this. Ask your coordinator or administrator."))


class ChangedMeanwhile(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this in the meantime. Look at the new version and try again."))


_EXPLANATIONS: dict[str, Callable[[], str]] = {
    "missing": lambda: _("fill this in"),
    "string_too_short": lambda: _("fill this in"),
    "string_too_long": lambda: _("this is too long"),
    "too_short": lambda: _("fill this in"),
    "too_long": lambda: _("this is too long"),
    "enum": lambda: _("choose one from the list"),
    "literal_error": lambda: _("choose one from the list"),
    "finite_number": lambda: _("use a number"),
    "greater_than_equal": lambda: _("this number is too low"),
    "less_than_equal": lambda: _("this number is too high"),
    "int_parsing": lambda: _("use a whole number"),
    "float_parsing": lambda: _("use a number"),
}


def explain(error: ValidationError) -> str:
    """One readable line out of a validation error; an unknown kind keeps the validator's own words.

    A field is called what the screen asks, where its `title` says so, else what its name says.
    """
    questions = _questions(error.title)
    return " · ".join(_line(item, questions) for item in error.errors())


@cache
def _questions(model: str) -> dict[str, str]:
    kind = next((kind for kind in _kinds(BaseModel) if kind.__name__ == model), BaseModel)
    return {name: field.title for name, field in kind.model_fields.items() if field.title}


def _kinds(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for derived in kind.__subclasses__():
        yield derived
        yield from _kinds(derived)


def _line(item: ErrorDetails, questions: dict[str, str]) -> str:
    words = _EXPLANATIONS.get("missing" if item["input"] is None else item["type"])
    text = words() if words else item["msg"].removeprefix("Value error, ")
    if not item["loc"]:
        return text
    field = " ".join(str(part) for part in item["loc"])
    question = questions.get(field, field_text(field))
    return f"{_(question).rstrip('?')}: {text}"


def field_text(name: str) -> str:
    """What people call a field, made from its name, to be translated: `hours_per_week` is "Hours per week"."""
    return name.removesuffix("_id").removesuffix("_ids").replace("_", " ").capitalize()
