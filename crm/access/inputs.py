"""What comes in about users, checked before it reaches a table."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, SecretStr

from crm.access.permissions import Role
from crm.core.inputs import EmailAddress, Line
from crm.core.text import squeeze


def clean_email(text: str) -> str:
    """How an address is kept and looked up: nobody remembers which letters were capitals."""
    return squeeze(text).casefold()


Email = Annotated[EmailAddress, Field(min_length=1), AfterValidator(clean_email)]
PersonName = Annotated[Line, Field(min_length=1, max_length=120)]


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
