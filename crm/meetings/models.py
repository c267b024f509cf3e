"""The kopkoffie: half an hour of coffee with the employer."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.core.i18n import N_
from crm.core.models import Versioned
from crm.core.types import LabelledEnum, text_enum


class MeetingStatus(LabelledEnum):
    PLANNED = "planned", N_("Planned")
    HELD = "held", N_("Held")
    CANCELLED = "cancelled", N_("Cancelled")


class MeetingOutcome(LabelledEnum):
    CLICK = "click", N_("It clicked")
    SECOND_TALK = "second_talk", N_("Second conversation")
    LOOK_ALONG = "look_along", N_("A day of looking along")
    TRIAL = "trial", N_("Trial placement")
    CONTRACT = "contract", N_("Contract")
    OTHER_COMPANY = "other_company", N_("Better at another company")
    NO = "no", N_("No, with a reason")


class Meeting(Versioned, table=True):
    """A planned kopkoffie; `sequence` counts changes for calendars that were sent before."""

    introduction_id: int = Field(foreign_key="introduction.id", index=True)
    starts_at: datetime = Field(index=True)
    minutes: int = 30
    place: str = Field(max_length=200)
    host: str = Field(default="", max_length=120)
    preparation: str = ""
    status: MeetingStatus = Field(default=MeetingStatus.PLANNED, sa_type=text_enum(MeetingStatus), index=True)
    sequence: int = 0
    employer_outcome: MeetingOutcome | None = Field(
        default=None, sa_type=text_enum(MeetingOutcome, name="employer_outcome")
    )
    employer_reason: str = Field(default="", max_length=500)
    candidate_outcome: MeetingOutcome | None = Field(
        default=None, sa_type=text_enum(MeetingOutcome, name="candidate_outcome")
    )
    candidate_reason: str = Field(default="", max_length=500)
    made_by_id: int = Field(foreign_key="app_user.id")


class UseState(LabelledEnum):
    TO_ASK = "to_ask", N_("To be asked")
    ASKED = "asked", N_("Asked")
    GRANTED = "granted", N_("Granted")
    REFUSED = "refused", N_("Refused")


class Asker(LabelledEnum):
    WE = "we", N_("We")
    EMPLOYER = "employer", N_("The employer")
    CANDIDATE = "candidate", N_("The job seeker")


class InstrumentUse(Versioned, table=True):
    """A scheme that is asked for one placement; `code` is that of crm.reference.instruments."""

    __table_args__ = (UniqueConstraint("introduction_id", "code"),)

    introduction_id: int = Field(foreign_key="introduction.id")
    code: str = Field(max_length=32)
    state: UseState = Field(default=UseState.TO_ASK, sa_type=text_enum(UseState))
    asked_by: Asker | None = Field(default=None, sa_type=text_enum(Asker))
    asked_on: date | None = None
    made_by_id: int = Field(foreign_key="app_user.id")
