"""What comes in about telephones, checked before it reaches a table."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator

from crm.core.i18n import _
from crm.core.inputs import Line
from crm.core.settings import settings
from crm.telephony.models import BY_LINK


class LineInput(BaseModel):
    """`system` is a name of the settings, BY_LINK, or empty for their default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    system: str = ""
    own_line: Annotated[Line, StringConstraints(max_length=40)] = ""

    @field_validator("system")
    @classmethod
    def _exists(cls, system: str) -> str:
        if system not in {"", BY_LINK, *settings().telephony}:
            raise ValueError(_("choose one from the list"))
        return system

    @field_validator("own_line")
    @classmethod
    def _plain(cls, line: str) -> str:
        # It becomes part of an address and of a command at the telephone system.
        if line and not (line.isascii() and line[0].isalnum() and line.translate(_HARMLESS).isalnum()):
            raise ValueError(_("use only digits, letters, dots and dashes, such as 101"))
        return line


_HARMLESS = str.maketrans("._-", "000")
