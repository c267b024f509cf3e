"""What a telephone system tells about one call."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from crm.telephony.dialling.port import Cause, DialState
from crm.telephony.numbers import parse_numbers

Word = Annotated[str, StringConstraints(pattern=r"^[!-~]+$")]


def _number(text: object) -> object:
    """In the international form, or nothing: a number may be withheld, or be of a kind that we do not know."""
    found = parse_numbers(text) if isinstance(text, str) and len(text) <= 40 else []
    return found[0].e164 if len(found) == 1 else ""


class EventInput(BaseModel):
    """What it says besides is not looked at."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: Annotated[Word, StringConstraints(max_length=100)]
    system: Annotated[Word, StringConstraints(max_length=30)]
    direction: Literal["in", "out"]
    reference: Annotated[Word, StringConstraints(max_length=200)]
    state: Literal[DialState.RINGING, DialState.ANSWERED, DialState.ENDED, DialState.FAILED]
    line: Annotated[str, StringConstraints(max_length=40)] = ""
    number: Annotated[str, BeforeValidator(_number)] = ""
    cause: Cause | None = None
    at: AwareDatetime | None = None
