"""Kinds of text that people fill in. Tidying comes before the limits: a text of spaces is an empty one."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from crm.core.i18n import _
from crm.core.text import squeeze, tidy

_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]{2,}")


def _squeezed(value: object) -> object:
    return squeeze(value) if isinstance(value, str) else value


def _tidied(value: object) -> object:
    return tidy(value) if isinstance(value, str) else value


def _email(text: str) -> str:
    if text and not _EMAIL.fullmatch(text):
        raise ValueError(_("write it as name@company.nl"))
    return text.lower()


Line = Annotated[str, BeforeValidator(_squeezed)]
Lines = Annotated[str, BeforeValidator(_tidied)]
EmailAddress = Annotated[Line, Field(max_length=200), AfterValidator(_email)]
