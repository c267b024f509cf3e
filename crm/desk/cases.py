"""Calls about a case that runs: an introduction, kopkoffie or placement at this company."""

from datetime import datetime

from sqlmodel import Session, col, select

from crm.companies.gate import may_call
from crm.companies.law import Purpose
from crm.companies.rules import Evidence, EvidenceKind, Verdict
from crm.core.errors import NotFound
from crm.followups.models import FollowUp, FollowUpKind
from crm.matching.models import Introduction
from crm.meetings.models import Meeting, MeetingStatus
from crm.pipeline.models import HiddenJob, Stage

RUNNING = (Stage.INTRODUCED, Stage.KOPKOFFIE_PLANNED, Stage.KOPKOFFIE_HELD, Stage.PLACED, Stage.AFTERCARE)


def running_case(session: Session, follow_up: FollowUp) -> Evidence | None:
    """What a call is about that is no acquisition. Calling again later whether there is work by now always is."""
    if follow_up.kind is FollowUpKind.RECALL:
        return None
    return _meeting(session, follow_up) or _job(session, follow_up)


def may_call_about(
    session: Session,
    follow_up: FollowUp,
    *,
    agreed: bool,
    e164: str | None = None,
    moment: datetime | None = None,
    person: bool = True,
) -> Verdict:
    """Whether the call of this follow-up is allowed: as service when it is about a case that runs. Raises NotFound."""
    if follow_up.company_id is None:
        raise NotFound
    case = running_case(session, follow_up)
    return may_call(
        session,
        follow_up.company_id,
        e164=e164,
        contact_id=follow_up.contact_id if person else None,
        moment=moment,
        agreed=agreed,
        purpose=Purpose.SERVICE if case else Purpose.ACQUISITION,
        case=case,
    )


def _meeting(session: Session, follow_up: FollowUp) -> Evidence | None:
    if follow_up.meeting_id is None:
        return None
    statement = (
        select(Meeting.id)
        .join(Introduction, col(Introduction.id) == Meeting.introduction_id)
        .join(HiddenJob, col(HiddenJob.id) == Introduction.job_id)
        .where(
            Meeting.id == follow_up.meeting_id,
            Meeting.status != MeetingStatus.CANCELLED,
            HiddenJob.company_id == follow_up.company_id,
            col(HiddenJob.stage).in_(RUNNING),
        )
    )
    found = session.exec(statement).first()
    return Evidence(EvidenceKind.MEETING, found) if found else None


def _job(session: Session, follow_up: FollowUp) -> Evidence | None:
    if follow_up.hidden_job_id is None:
        return None
    job = session.get(HiddenJob, follow_up.hidden_job_id)
    runs = job is not None and job.company_id == follow_up.company_id and job.stage in RUNNING
    return Evidence(EvidenceKind.HIDDEN_JOB, follow_up.hidden_job_id) if runs else None
