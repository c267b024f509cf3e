"""What somebody fills in to plan a follow-up."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from crm.core.inputs import Lines
from crm.followups.models import FollowUpKind

Note = Annotated[Lines, Field(max_length=1000)]
_note = TypeAdapter(Note)


def clean_note(text: str) -> str:
    """Raises ValidationError when it is too long."""
    return _note.validate_python(text)


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


class AgendaFilters(BaseModel):
    """What part of the agenda to show; nothing chosen shows all of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FollowUpKind | None = None
    owner_id: int | None = Field(default=None, description="Only for the team's agenda.")
    due_before: AwareDatetime | None = None
