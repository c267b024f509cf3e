"""What comes in about users, checked before it reaches a table."""

from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from crm.access.permissions import Role
from crm.core.clock import today
from crm.core.i18n import N_, _
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


LONGEST_ABSENCE = timedelta(days=366)


class AbsenceInput(BaseModel):
    """The first and the last day on which somebody is not here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_day: date = Field(title=N_("First day"))
    last_day: date = Field(title=N_("Last day"))

    @model_validator(mode="after")
    def _is_a_period_to_come(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError(_("The last day comes before the first. Change one of them."))
        if self.last_day < today():
            raise ValueError(_("These days are over. Choose days that are still to come."))
        if self.last_day - self.first_day > LONGEST_ABSENCE:
            raise ValueError(_("This is longer than a year. Fill in the first year, and the rest later."))
        return self
