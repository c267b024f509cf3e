"""What comes in about users, checked before it reaches a table."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, SecretStr

from crm.access.permissions import Role
from crm.core.i18n import _
from crm.core.text import squeeze


def clean_email(text: str) -> str:
    """How an address is kept and looked up: nobody remembers which letters were capitals."""
    return squeeze(text).casefold()


def _email(text: str) -> str:
    address = clean_email(text)
    name, at, domain = address.partition("@")
    if not (name and at and "." in domain.strip(".")) or " " in address or "@" in domain:
        raise ValueError(_("this is not an e-mail address"))
    return address


Email = Annotated[str, Field(max_length=200), AfterValidator(_email)]
PersonName = Annotated[str, Field(max_length=120), AfterValidator(squeeze), Field(min_length=1)]


class NewUser(BaseModel):
    email: Email
    name: PersonName
    role: Role
    password: SecretStr
    language: Literal["nl", "en"] = "nl"


class PasswordChange(BaseModel):
    """The owner's own change; the old password proves that it is the owner."""

    current: SecretStr
    new: SecretStr
    repeated: SecretStr
