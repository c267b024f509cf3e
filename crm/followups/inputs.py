"""What somebody fills in to plan a follow-up."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from crm.core.i18n import _
from crm.core.inputs import Lines
from crm.followups.models import FollowUpKind
from crm.reference.queries import recall_reasons

Note = Annotated[Lines, Field(max_length=1000)]
_note = TypeAdapter(Note)


def clean_note(text: str) -> str:
    """Raises ValidationError when it is too long."""
    return _note.validate_python(text)


def _known_reason(code: str) -> str:
    if code not in recall_reasons():
        raise ValueError(_("Choose a reason of the list."))
    return code


RecallReasonCode = Annotated[str, AfterValidator(_known_reason)]


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

    @model_validator(mode="after")
    def _reason_is_of_a_recall(self) -> Self:
        if self.recall_reason and self.kind is not FollowUpKind.RECALL:
            raise ValueError(_("Only who is called again later has a reason for that."))
        return self


class AgendaFilters(BaseModel):
    """What part of the agenda to show; nothing chosen shows all of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FollowUpKind | None = None
    owner_id: int | None = Field(default=None, description="Only for the team's agenda.")
    due_before: AwareDatetime | None = None
