"""What a caller says at the end of a call."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from crm.calling.models import CallWay, ObjectionRight
from crm.calling.rules import LONGEST_NOTES
from crm.core.inputs import Line, Lines
from crm.followups.inputs import Note
from crm.followups.models import FollowUpKind
from crm.pipeline.inputs import HiddenJobInput

ShortLine = Annotated[Line, StringConstraints(max_length=120)]


class NextStep(BaseModel):
    """What happens next with this company. Without an owner it is for the team."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FollowUpKind
    due_at: AwareDatetime
    owner_id: int | None = None
    note: Note = ""


class WrapUpInput(BaseModel):
    """The result of a call. The hidden job is a new one (`job`) or one the company already has (`known_job_id`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    disposition: str
    objection_right: ObjectionRight | None = None
    summary: Annotated[Line, StringConstraints(max_length=500)] = ""
    contact_name: ShortLine = ""
    contact_function: ShortLine = ""
    next_step: NextStep | None = None
    job: HiddenJobInput | None = None
    known_job_id: int | None = None
    legal_form: str | None = None


class CorrectionInput(WrapUpInput):
    """What the result of a call should have been. `reason` is for taking back a block."""

    notes: Annotated[Lines, StringConstraints(max_length=LONGEST_NOTES)] = ""
    reason: Annotated[Line, StringConstraints(max_length=300)] = ""


class LoggedCallInput(WrapUpInput):
    """A call that was not made at the desk. `at` is when it was; `follow_up_id` the planned call that it was.

    `holder_id` is the colleague who is busy with the company, when the writer has been told so.
    """

    way: Literal[CallWay.INCOMING, CallWay.OWN_PHONE, CallWay.VISIT]
    at: AwareDatetime
    e164: str = ""
    notes: Annotated[Lines, StringConstraints(max_length=LONGEST_NOTES)] = ""
    follow_up_id: int | None = None
    holder_id: int | None = None
