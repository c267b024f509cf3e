"""Promises: what, who, when."""

from datetime import date, datetime

from sqlalchemy import Connection, Index, event, inspect, text
from sqlalchemy.orm import Mapper
from sqlmodel import Field

from crm.core.i18n import N_
from crm.core.models import Record, Versioned
from crm.core.types import LabelledEnum, text_enum


class FollowUpKind(LabelledEnum):
    CALLBACK = "callback", N_("Call back")
    RECALL = "recall", N_("Call again later")
    SEND_INFO = "send_info", N_("Send information")
    PLAN_KOPKOFFIE = "plan_kopkoffie", N_("Plan the kopkoffie")
    PREPARE_KOPKOFFIE = "prepare_kopkoffie", N_("Prepare the kopkoffie")
    ASK_EMPLOYER = "ask_employer", N_("Ask the employer how it went")
    ASK_CANDIDATE = "ask_candidate", N_("Ask the job seeker how it went")
    AFTERCARE = "aftercare", N_("Aftercare")
    HANDOVER = "handover", N_("Warm handover")
    OTHER = "other", N_("Something else")


CALLING_KINDS = frozenset({FollowUpKind.CALLBACK, FollowUpKind.RECALL})
PROMISED_KINDS = frozenset({FollowUpKind.CALLBACK})  # agreed with somebody, who waits for it at that moment

ANSWERS = frozenset({FollowUpKind.SEND_INFO, FollowUpKind.HANDOVER})  # to what an employer asks in a call

REPLACED = "replaced"  # the outcome code of a planned call whose place another one took
WITHDRAWN = "withdrawn"  # the outcome code of what was not closed by who had it, but by what came of something else
BY_ITSELF = frozenset({REPLACED, WITHDRAWN})


class FollowUpStatus(LabelledEnum):
    OPEN = "open", N_("Open")
    DONE = "done", N_("Done")
    DROPPED = "dropped", N_("No longer needed")


PLANNED_CALL = text("status = 'open' AND kind IN ('callback', 'recall')")  # CALLING_KINDS, as the index has them

NOT_DROPPED_SUCCESSOR = text("after_id IS NOT NULL AND status <> 'dropped'")


class FollowUp(Versioned, table=True):
    """One step that somebody will take. Without an owner it belongs to the team.

    `sequence` grows by itself when what, when or who changes, for calendars that have an older one; that of
    `previous_owner_id` may still have it.
    `asked_at` is when the employer asked for this, `answered_at` when our answer went out.
    `recall_on` is what the reason of a recall speaks of: the first day of the busy month, the day somebody retires.
    `template_id` is what it was made of, `after_id` the one it came after.
    `to_team_at` and `to_coordinator_at` say when others were told that this is late; a new moment empties both.
    """

    __table_args__ = (
        Index(None, "status", "owner_id", "due_at"),
        Index(None, "status", "reminded_at", "owner_id", "due_at"),
        Index(None, "status", "asked_at"),
        Index(None, "status", "to_team_at", "due_at"),
        Index(None, "status", "to_coordinator_at", "due_at"),
        Index(None, "status", "kind", "due_at", "id"),
        Index(None, "company_id", "status", "due_at"),
        Index(None, "previous_owner_id", "due_at"),
        Index(
            "uq_follow_up_planned_call",
            "company_id",
            unique=True,
            sqlite_where=PLANNED_CALL,
            postgresql_where=PLANNED_CALL,
        ),
        Index(
            "uq_follow_up_successor",
            "after_id",
            "template_id",
            unique=True,
            sqlite_where=NOT_DROPPED_SUCCESSOR,
            postgresql_where=NOT_DROPPED_SUCCESSOR,
        ),
        Index(None, "done_at"),
        Index(None, "meeting_id"),
        Index(None, "hidden_job_id"),
        Index(None, "status", "due_at", "id"),
    )

    kind: FollowUpKind = Field(sa_type=text_enum(FollowUpKind))
    note: str = Field(default="", max_length=1000)
    due_at: datetime
    status: FollowUpStatus = Field(default=FollowUpStatus.OPEN, sa_type=text_enum(FollowUpStatus))
    owner_id: int | None = Field(default=None, foreign_key="app_user.id")
    company_id: int | None = Field(default=None, foreign_key="company.id")
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    hidden_job_id: int | None = Field(default=None, foreign_key="hidden_job.id")
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    made_in_call_id: int | None = Field(default=None, foreign_key="call.id")
    done_in_call_id: int | None = Field(default=None, foreign_key="call.id")
    outcome: str = Field(default="", max_length=1000)
    done_at: datetime | None = None
    reminded_at: datetime | None = None
    sequence: int = 0
    previous_owner_id: int | None = Field(default=None, foreign_key="app_user.id")
    recall_reason: str | None = Field(default=None, max_length=32)
    recall_on: date | None = None
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    times_moved: int = 0
    moved_because: str = Field(default="", max_length=1000)
    to_team_at: datetime | None = None
    to_coordinator_at: datetime | None = None
    outcome_code: str | None = Field(default=None, max_length=32)
    template_id: int | None = Field(default=None, foreign_key="follow_up_template.id")
    after_id: int | None = Field(default=None, foreign_key="follow_up.id")


IN_CALENDARS = ("kind", "note", "due_at", "status", "owner_id", "company_id", "contact_id")


@event.listens_for(FollowUp, "before_update")
def _count_sequence(_mapper: Mapper[FollowUp], _connection: Connection, follow_up: FollowUp) -> None:
    attributes = inspect(follow_up).attrs
    if any(attributes[name].history.has_changes() for name in IN_CALENDARS):
        follow_up.sequence += 1
    if before := [owner for owner in attributes["owner_id"].history.deleted or () if owner is not None]:
        follow_up.previous_owner_id = before[0]


class TemplateOwner(LabelledEnum):
    SAME = "same", N_("The same person")
    TEAM = "team", N_("The team")
    COORDINATOR = "coordinator", N_("A coordinator")


class TemplateEvent(LabelledEnum):
    """What makes a follow-up come by itself."""

    KOPKOFFIE_PLANNED = "kopkoffie_planned", N_("A kopkoffie is planned")
    PLACED = "placed", N_("Somebody is placed")


class FollowUpTemplate(Versioned, table=True):
    """A follow-up as it usually is. `code` is that of the one in the reference data it began as.

    `working_days` counts from what came before it; for a kopkoffie from the day it is held, so -1 is the day before.
    A follow-up that was made without a template counts as one of the `standard` template of its kind.
    """

    __table_args__ = (
        Index(
            "uq_follow_up_template_standard",
            "kind",
            unique=True,
            sqlite_where=text("standard"),
            postgresql_where=text("standard"),
        ),
    )

    code: str | None = Field(default=None, max_length=32, unique=True)
    name: str = Field(max_length=120)
    kind: FollowUpKind = Field(sa_type=text_enum(FollowUpKind, name="template_kind"))
    working_days: int
    who: TemplateOwner = Field(default=TemplateOwner.SAME, sa_type=text_enum(TemplateOwner))
    event: TemplateEvent | None = Field(default=None, sa_type=text_enum(TemplateEvent))
    note: str = Field(default="", max_length=1000)
    standard: bool = False
    active: bool = True


class FollowUpSuccessor(Record, table=True):
    """What comes after one of a template is done: with this outcome, or with any."""

    template_id: int = Field(foreign_key="follow_up_template.id", index=True)
    outcome: str | None = Field(default=None, max_length=32)
    next_id: int = Field(foreign_key="follow_up_template.id")
