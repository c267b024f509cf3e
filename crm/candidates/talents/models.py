"""What job seekers say of themselves on a personal link, and what a coach did with what follows from it."""

from datetime import datetime
from enum import IntEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from crm.candidates.models import Level
from crm.core.i18n import N_, _
from crm.core.models import Record
from crm.core.types import LabelledEnum, text_enum

OPEN = text("ended_at IS NULL AND finished_at IS NULL")


class Frequency(IntEnum):
    """How well a statement fits somebody, in their own words."""

    NOT_YET = 0
    SOMETIMES = 1
    OFTEN = 2
    ME = 3

    @property
    def label(self) -> str:
        return _(_FREQUENCIES[self])

    @property
    def level(self) -> Level | None:
        """What it says of the competence; None for nothing yet."""
        return Level(self.value) if self else None


_FREQUENCIES = (N_("Not yet"), N_("Sometimes"), N_("Often"), N_("This is me"))


class SelfAssessment(Record, table=True):
    """A personal link and what was filled in with it; of its token only a hash is kept.

    One is open for somebody at a time. `step` is the last step that was saved.
    """

    __table_args__ = (
        Index("uq_self_assessment_open", "candidate_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    candidate_id: int = Field(foreign_key="candidate.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    made_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    expires_at: datetime = Field(index=True)
    ended_at: datetime | None = None
    finished_at: datetime | None = None
    step: int = 0
    work_done: str = ""
    proud_of: str = ""
    words_settled_at: datetime | None = None


class SelfAnswer(Record, table=True):
    """What somebody says of one competence; `settled_at` is when a coach took it over or left it."""

    __table_args__ = (
        UniqueConstraint("assessment_id", "code"),
        CheckConstraint("answer BETWEEN 0 AND 3", name="answer_range"),
    )

    assessment_id: int = Field(foreign_key="self_assessment.id")
    code: str = Field(max_length=8)
    answer: int
    settled_at: datetime | None = None


class About(LabelledEnum):
    COMPETENCE = "competence", N_("Competence")
    FIELD = "field", N_("Other trade")


class SettledSuggestion(Record, table=True):
    """A suggestion that was taken over or refused, with the reason that was shown: it does not come back."""

    __table_args__ = (UniqueConstraint("candidate_id", "about", "code"),)

    candidate_id: int = Field(foreign_key="candidate.id")
    about: About = Field(sa_type=text_enum(About))
    code: str = Field(max_length=20)
    taken: bool
    why: str = ""
    settled_by_id: int | None = Field(default=None, foreign_key="app_user.id")
