"""Job seekers. No BSN, no birth date, no health, no benefit file: there is no field for them."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from crm.core.i18n import N_
from crm.core.models import Record, Versioned
from crm.core.types import LabelledEnum, text_enum


class CandidateStatus(LabelledEnum):
    ACTIVE = "active", N_("Looking for work")
    PAUSED = "paused", N_("Paused")
    PLACED = "placed", N_("Placed")
    LEFT = "left", N_("Found something else")


class Barrier(LabelledEnum):
    """What is practically in the way, in neutral words."""

    TRANSPORT = "transport", N_("Transport")
    SCHOOLING = "schooling", N_("Schooling")
    CARE_HOURS = "care_hours", N_("Care hours")
    HOURS = "hours", N_("Limited hours")
    DIGITAL = "digital", N_("Digital skills")
    LANGUAGE = "language", N_("Language")


class Candidate(Versioned, table=True):
    """Somebody who looks for work. `days` holds two-letter Dutch day codes; travel is in kilometres."""

    __table_args__ = (CheckConstraint("hours_min <= hours_max", name="hours_order"),)

    name: str = Field(max_length=120)
    email: str = Field(default="", max_length=200)
    e164: str = Field(default="", max_length=16)
    postcode: str | None = Field(default=None, max_length=6)
    town: str = Field(default="", max_length=80)
    latitude: float | None = None
    longitude: float | None = None
    trades: list[str] = Field(default_factory=list, sa_type=JSON)
    strengths: str = ""
    hours_min: int = 0
    hours_max: int = 40
    days: list[str] = Field(default_factory=list, sa_type=JSON)
    travel_km: int = 15
    barriers: list[str] = Field(default_factory=list, sa_type=JSON)
    meets_programme: bool | None = None
    coach_id: int | None = Field(default=None, foreign_key="app_user.id", index=True)
    status: CandidateStatus = Field(default=CandidateStatus.ACTIVE, sa_type=text_enum(CandidateStatus), index=True)
    consent_text: str = ""
    consent_at: datetime | None = None
    consent_until: datetime | None = None


class CandidateCompetence(Record, table=True):
    """A SUWI competence somebody has."""

    __table_args__ = (UniqueConstraint("candidate_id", "code"), Index(None, "code", "candidate_id"))

    candidate_id: int = Field(foreign_key="candidate.id")
    code: str = Field(max_length=8)
