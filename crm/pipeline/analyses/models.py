"""Work analyses: who does which tasks at a company, what is left undone, and what could be split off."""

from datetime import date

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from crm.core.i18n import N_
from crm.core.models import Versioned
from crm.core.types import LabelledEnum, text_enum

MOST_HOURS = 80  # a week, for one task, which several people may do


class AnalysisWay(LabelledEnum):
    VISIT = "visit", N_("Visit")
    CALL = "call", N_("Longer call")


class WorkAnalysis(Versioned, table=True):
    """What was heard and seen at a company on one day."""

    __table_args__ = (Index(None, "company_id", "held_on"), Index(None, "held_on"))

    company_id: int = Field(foreign_key="company.id")
    way: AnalysisWay = Field(default=AnalysisWay.VISIT, sa_type=text_enum(AnalysisWay))
    held_on: date
    spoken_with: str = Field(default="", max_length=120)
    left_undone: str = ""
    circumstances: str = ""
    agreements: str = ""
    made_by_id: int = Field(foreign_key="app_user.id")


class WorkTask(Versioned, table=True):
    """A task as it is done now, and whether somebody else could do it. `job_id` is the hidden job it became part of."""

    __table_args__ = (
        CheckConstraint(f"hours_per_week IS NULL OR hours_per_week BETWEEN 0 AND {MOST_HOURS}", name="hours_range"),
    )

    analysis_id: int = Field(foreign_key="work_analysis.id", index=True)
    what: str = Field(max_length=200)
    done_by: str = Field(default="", max_length=120)
    how_often: str = Field(default="", max_length=120)
    hours_per_week: float | None = None
    split_off: bool = False
    needs_training: bool = False
    job_id: int | None = Field(default=None, foreign_key="hidden_job.id", index=True)
