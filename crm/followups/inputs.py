"""What somebody fills in to plan a follow-up."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from crm.core.clock import at
from crm.core.i18n import _
from crm.core.inputs import Line, Lines
from crm.followups.models import FollowUpKind, TemplateEvent, TemplateOwner
from crm.followups.rules import Group
from crm.reference.queries import outcomes, recall_reasons

LONGEST_NOTE = 1000  # characters
Note = Annotated[Lines, Field(max_length=LONGEST_NOTE)]
_note = TypeAdapter(Note)


def clean_note(text: str) -> str:
    """Raises ValidationError when it is too long."""
    return _note.validate_python(text)


def _known_reason(code: str) -> str:
    if code not in recall_reasons():
        raise ValueError(_("Choose a reason of the list."))
    return code


RecallReasonCode = Annotated[str, AfterValidator(_known_reason)]


def _check_reason(kind: FollowUpKind, code: str | None) -> None:
    if code and kind is not FollowUpKind.RECALL:
        raise ValueError(_("Only who is called again later has a reason for that."))


class FollowUpInput(BaseModel):
    """A step to take. Without an owner it is for the team."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FollowUpKind
    due_at: AwareDatetime
    owner_id: int | None = None
    note: Note = ""
    company_id: int | None = None
    contact_id: int | None = None
    hidden_job_id: int | None = None
    meeting_id: int | None = None
    made_in_call_id: int | None = None
    asked_at: AwareDatetime | None = None
    recall_reason: RecallReasonCode | None = None
    recall_on: date | None = None
    template_id: int | None = None

    @model_validator(mode="after")
    def _reason_is_of_a_recall(self) -> Self:
        _check_reason(self.kind, self.recall_reason)
        return self


class Dropped(BaseModel):
    """Where somebody put a follow-up in the week, as the browser says it; `minute` is one of the day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    follow_up_id: int
    seen_version: int
    day: date
    minute: Annotated[int, Field(ge=0, lt=24 * 60)]

    @property
    def due_at(self) -> datetime:
        return at(self.day, *divmod(self.minute, 60))


class AgendaFilters(BaseModel):
    """What part of the agenda to show; nothing chosen shows all of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FollowUpKind | None = None
    owner_id: int | None = Field(default=None, description="Only for the team's agenda.")
    group: Group | None = None
    due_before: AwareDatetime | None = None


class SuccessorInput(BaseModel):
    """What comes after: with this outcome, or with any when there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: str | None = None
    next_id: int


class TemplateInput(BaseModel):
    """A follow-up as it usually is. `working_days` below zero is for before a kopkoffie."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line = Field(min_length=1, max_length=120)
    kind: FollowUpKind
    working_days: int = Field(ge=-20, le=780)
    who: TemplateOwner = TemplateOwner.SAME
    event: TemplateEvent | None = None
    note: Note = ""
    successors: tuple[SuccessorInput, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.working_days < 0 and self.event is not TemplateEvent.KOPKOFFIE_PLANNED:
            raise ValueError(_("Only what belongs to a kopkoffie can come before it."))
        known = outcomes(self.kind)
        if any(one.outcome and one.outcome not in known for one in self.successors):
            raise ValueError(_("Choose an outcome that goes with this kind."))
        return self


class FollowUpEdit(BaseModel):
    """What a step is about. When it is and who does it are changed by moving it and handing it over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FollowUpKind
    note: Note = ""
    recall_reason: RecallReasonCode | None = None
    recall_on: date | None = None

    @model_validator(mode="after")
    def _reason_is_of_a_recall(self) -> Self:
        _check_reason(self.kind, self.recall_reason)
        return self
