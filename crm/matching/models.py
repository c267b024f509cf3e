"""Introductions: a job seeker proposed for a hidden job, with the reasons why."""

from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from crm.core.i18n import N_
from crm.core.models import Versioned
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
