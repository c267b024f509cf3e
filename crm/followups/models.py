"""Promises: what, who, when."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from crm.core.i18n import N_
from crm.core.models import Versioned
from crm.core.types import LabelledEnum, text_enum


class FollowUpKind(LabelledEnum):
    CALLBACK = "callback", N_("Call back")
    RECALL = "recall", N_("Call again later")
    SEND_INFO = "send_info", N_("Send information")
    PLAN_KOPKOFFIE = "plan_kopkoffie", N_("Plan the kopkoffie")
    ASK_EMPLOYER = "ask_employer", N_("Ask the employer how it went")
    ASK_CANDIDATE = "ask_candidate", N_("Ask the job seeker how it went")
    HANDOVER = "handover", N_("Warm handover")
    OTHER = "other", N_("Something else")


CALLING_KINDS = frozenset({FollowUpKind.CALLBACK, FollowUpKind.RECALL})


class FollowUpStatus(LabelledEnum):
    OPEN = "open", N_("Open")
    DONE = "done", N_("Done")
    DROPPED = "dropped", N_("No longer needed")


class FollowUp(Versioned, table=True):
    """One step that somebody will take. Without an owner it belongs to the team."""

    __table_args__ = (
        Index(None, "status", "owner_id", "due_at"),
        Index(None, "status", "reminded_at", "due_at"),
        Index(None, "status", "kind", "due_at", "id"),
        Index(None, "company_id", "status", "due_at"),
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
