"""Introductions: a job seeker proposed for a hidden job, with the reasons why; and what was suggested before."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from crm.core.clock import now
from crm.core.i18n import N_
from crm.core.models import Record, Versioned
from crm.core.types import LabelledEnum, text_enum


class IntroductionStatus(LabelledEnum):
    PROPOSED = "proposed", N_("Proposed")
    MEETING = "meeting", N_("Kopkoffie planned")
    SUCCEEDED = "succeeded", N_("Succeeded")
    DECLINED = "declined", N_("Declined")


class Introduction(Versioned, table=True):
    """A link between a job and a job seeker. `explanation` is the score as it was, part by part."""

    __table_args__ = (UniqueConstraint("job_id", "candidate_id"),)

    job_id: int = Field(foreign_key="hidden_job.id")
    candidate_id: int = Field(foreign_key="candidate.id", index=True)
    status: IntroductionStatus = Field(
        default=IntroductionStatus.PROPOSED, sa_type=text_enum(IntroductionStatus), index=True
    )
    score: int = 0
    explanation: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    decline_reason: str = Field(default="", max_length=500)
    made_by_id: int = Field(foreign_key="app_user.id")


class SuggestionOutcome(LabelledEnum):
    OPEN = "open", N_("Shown")
    TAKEN = "taken", N_("Introduced")
    REFUSED = "refused", N_("Does not fit")


class RefusalReason(LabelledEnum):
    COMPETENCE = "competence", N_("Something is missing that the work needs")
    HOURS = "hours", N_("Hours, days or times do not fit")
    DISTANCE = "distance", N_("Too far, or hard to reach")
    WISH = "wish", N_("The job seeker does not want this work")
    EMPLOYER = "employer", N_("The employer does not want it this way")
    BUSY = "busy", N_("Something else is already going on")
    OTHER = "other", N_("Something else, in your own words")


OPEN_OUTSIDE_CALLS = text("outcome = 'open' AND call_id IS NULL")


class Suggestion(Record, table=True):
    """Somebody was shown for a job, or a job for somebody: when first (`created_at`) and last, to whom and why.

    One row as long as nobody decides; what is decided keeps its explanation, and what is shown later is another row.
    What was shown at the desk is one row for each call; its job is there once the call has ended with one.
    `basis` is the fingerprint of both sides at a refusal, which holds as long as that is the same.
    """

    __table_args__ = (
        Index(
            None,
            "job_id",
            "candidate_id",
            "shown_to_id",
            unique=True,
            sqlite_where=OPEN_OUTSIDE_CALLS,
            postgresql_where=OPEN_OUTSIDE_CALLS,
        ),
        Index(None, "call_id", "candidate_id", unique=True),
        CheckConstraint("job_id IS NOT NULL OR call_id IS NOT NULL", name="about_work"),
        Index(None, "job_id", "outcome"),
        Index(None, "candidate_id", "last_shown_at"),
        Index(None, "last_shown_at"),
    )

    job_id: int | None = Field(default=None, foreign_key="hidden_job.id")
    call_id: int | None = Field(default=None, foreign_key="call.id")
    candidate_id: int = Field(foreign_key="candidate.id")
    shown_to_id: int = Field(foreign_key="app_user.id")
    last_shown_at: datetime = Field(default_factory=now)
    score: int
    why: str = Field(max_length=300)
    outcome: SuggestionOutcome = Field(default=SuggestionOutcome.OPEN, sa_type=text_enum(SuggestionOutcome))
    decided_at: datetime | None = None
    reason: RefusalReason | None = Field(default=None, sa_type=text_enum(RefusalReason))
    words: str = Field(default="", max_length=300)
    basis: str = Field(default="", max_length=32)
