"""What every telephone system can do for us, and how it can go wrong.

Adapters run in a thread of their own and know no reader, so they tell in codes and not in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from crm.core.i18n import N_
from crm.core.types import LabelledEnum


class DialState(LabelledEnum):
    """In the order in which a call goes through them; the last two are both its end."""

    ASKED = "asked", N_("Dialling")
    RINGING = "ringing", N_("Ringing")
    ANSWERED = "answered", N_("In conversation")
    ENDED = "ended", N_("Hung up")
    FAILED = "failed", N_("Not connected")


class Cause(LabelledEnum):
    """Why a call came to its end, as far as the telephone system says so."""

    BUSY = "busy", N_("The line is busy.")
    NO_ANSWER = "no_answer", N_("Nobody answers.")
    NO_SUCH_NUMBER = "no_such_number", N_("This number is not in use.")
    REFUSED = "refused", N_("The call was refused.")
    OWN_PHONE = "own_phone", N_("Your own telephone was not picked up.")


class Problem(LabelledEnum):
    """Why a telephone system could not be made to dial. Only after UNCLEAR it may have dialled all the same."""

    NOT_REACHED = (
        "not_reached",
        N_("The telephone system cannot be reached. Dial with the button or on your telephone."),
    )
    NOT_SIGNED_IN = (
        "not_signed_in",
        N_("The telephone system does not let us in. Dial with the button, and tell your administrator."),
    )
    NOT_ACCEPTED = (
        "not_accepted",
        N_("The telephone system does not accept your line or this number. Dial with the button or on your telephone."),
    )
    UNCLEAR = (
        "unclear",
        N_("The telephone system does not answer. If your telephone stays silent, dial with the button."),
    )


@dataclass(frozen=True, slots=True)
class Status:
    state: DialState
    cause: Cause | None = None


class TelephoneFailed(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class Telephone(Protocol):
    """Each raises TelephoneFailed, and ends within a few seconds whatever the other side does."""

    async def dial(self, line: str, number: str, key: str) -> str:
        """Ring the caller's own line, and then this number; once, whatever happens.

        `key` is a mark of ours that no other call has. Returns the reference of the call.
        """

    async def status(self, reference: str) -> Status: ...

    async def hang_up(self, reference: str) -> None:
        """What has ended already is fine too."""

    async def close(self) -> None:
        """Let go of the connections; they are made again when they are needed."""


# Q.850, which every telephone system speaks underneath.
_BY_CODE: Mapping[int, Cause] = {
    1: Cause.NO_SUCH_NUMBER,
    17: Cause.BUSY,
    18: Cause.NO_ANSWER,
    19: Cause.NO_ANSWER,
    21: Cause.REFUSED,
    22: Cause.NO_SUCH_NUMBER,
    28: Cause.NO_SUCH_NUMBER,
}


def cause_of(code: str) -> Cause | None:
    return _BY_CODE.get(int(code)) if code.isascii() and code.isdigit() and len(code) < 4 else None
