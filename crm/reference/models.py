"""What the reference data looks like in the program."""

from dataclasses import dataclass
from enum import StrEnum

from crm.core.i18n import N_, language
from crm.core.types import LabelledEnum


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a code and a name in both languages."""

    code: str
    name_nl: str
    name_en: str

    @property
    def name(self) -> str:
        return self.name_en if language() == "en" else self.name_nl


class ColdCall(StrEnum):
    """What art. 11.7 Telecommunicatiewet asks before calling somebody of this legal form."""

    ALLOWED = "allowed"
    CONSENT = "consent"
    MANUAL = "manual"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class LegalForm(Named):
    group: str
    cold_call: ColdCall


@dataclass(frozen=True, slots=True)
class Sbi(Named):
    """A code of the standard trade classification 2025, without dots."""

    level: str
    parent: str


@dataclass(frozen=True, slots=True)
class Competence(Named):
    """One of the 25 behavioural competences of SUWI. The plain words are for in a sentence: strong in them."""

    plain_nl: str
    plain_en: str

    @property
    def plain(self) -> str:
        return self.plain_en if language() == "en" else self.plain_nl


@dataclass(frozen=True, slots=True)
class Reason(Named):
    """Why there is work nobody has advertised; the questions and tasks are Dutch, as they are spoken."""

    question: str
    deeper: str
    tasks: str
    recall_days: int
    """Working days after which to ask again."""


class Needs(StrEnum):
    """What has to be known before it is clear when to call again."""

    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class RecallReason(Named):
    """Why somebody is called again later: some months before a month or a day that is asked for (`needs`), from a
    month and a day of each year (`starts`), or after some working days."""

    needs: Needs | None
    months_before: int
    starts: tuple[int, int] | None
    working_days: int


class Reached(LabelledEnum):
    """What the line gave, whatever was said on it."""

    ANSWERED = "answered", N_("Answered")
    NO_ANSWER = "no_answer", N_("No answer")
    BUSY = "busy", N_("Busy")
    VOICEMAIL = "voicemail", N_("Voicemail")
    MESSAGE_LEFT = "message_left", N_("Message left on the voicemail")
    OUT_OF_SERVICE = "out_of_service", N_("Number out of service")
    WRONG_NUMBER = "wrong_number", N_("Wrong number")
    FAILED = "failed", N_("Connection failed")


class DispositionKind(StrEnum):
    ATTEMPT = "attempt"
    CONTACT = "contact"
    CONVERSATION = "conversation"
    SUCCESS = "success"
    STOP = "stop"
    DATA = "data"
    COMPLAINT = "complaint"


SPOKEN = frozenset(DispositionKind) - {DispositionKind.ATTEMPT, DispositionKind.DATA}


@dataclass(frozen=True, slots=True)
class Retry:
    """When to try again, and how often: after some hours, or working days later in another part of the day.

    A message may be left once in `message_once_in` attempts, never with 0; None where no message is left.
    """

    hours: int | None
    working_days: int | None
    most_attempts: int
    message_once_in: int | None = None


@dataclass(frozen=True, slots=True)
class Disposition(Named):
    """What a caller chooses at the end of a call: what was said, or what the line gave when nobody answered.

    `retry` is for a list that has no rule of its own; None when there is nothing to try again.
    """

    kind: DispositionKind
    reached: Reached
    follow_up: str | None
    working_days: int | None
    retry: Retry | None

    @property
    def is_system(self) -> bool:
        """Nobody was spoken: a busy line, no answer, voicemail, a number out of service."""
        return self.kind is DispositionKind.ATTEMPT


@dataclass(frozen=True, slots=True)
class SizeClass(Named):
    staff_min: int
    staff_max: int | None


@dataclass(frozen=True, slots=True)
class PostcodeArea:
    """Four digits of a postcode; the position is the centre of its addresses (WGS 84)."""

    code: str
    town: str
    municipality: str
    province: str
    latitude: float
    longitude: float
