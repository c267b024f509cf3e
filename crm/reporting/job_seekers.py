"""Job seekers in figures: from enrolled to at work, and what came of it; any outcome counts."""

from sqlmodel import Session, col, func, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.models import Candidate, CandidateOutcome, OutcomeKind
from crm.matching.models import Introduction
from crm.meetings.models import Meeting, MeetingStatus
from crm.reporting.models import JobSeekerFunnel, Period

AT_WORK = (OutcomeKind.PLACEMENT, OutcomeKind.FOUND_WORK, OutcomeKind.OWN_BUSINESS)


def outcomes(session: Session, actor: Actor, period: Period) -> dict[OutcomeKind, int]:
    """How many of each kind in these days, both included; a kind without any is left out."""
    actor.require(Permission.REPORT_VIEW)
    counted = func.count(col(CandidateOutcome.id))
    statement = (
        select(CandidateOutcome.kind, counted)
        .where(CandidateOutcome.day >= period.first, CandidateOutcome.day <= period.last)
        .group_by(CandidateOutcome.kind)
    )
    found = dict(session.exec(statement).all())
    return {kind: found[kind] for kind in OutcomeKind if kind in found}


def job_seeker_funnel(session: Session, actor: Actor, period: Period) -> JobSeekerFunnel:
    """Who enrolled, was introduced, had a kopkoffie and went to work in these days, whenever the steps before were."""
    actor.require(Permission.REPORT_VIEW)
    start, end = period.bounds
    introduced = func.count(col(Introduction.candidate_id).distinct())
    met = (
        select(introduced)
        .join(Meeting, col(Meeting.introduction_id) == Introduction.id)
        .where(Meeting.status == MeetingStatus.HELD, col(Meeting.starts_at) >= start, col(Meeting.starts_at) < end)
    )
    working = select(func.count(col(CandidateOutcome.candidate_id).distinct())).where(
        col(CandidateOutcome.kind).in_(AT_WORK),
        CandidateOutcome.day >= period.first,
        CandidateOutcome.day <= period.last,
    )
    return JobSeekerFunnel(
        enrolled=session.exec(
            select(func.count(col(Candidate.id))).where(Candidate.created_at >= start, Candidate.created_at < end)
        ).one(),
        introduced=session.exec(
            select(introduced).where(Introduction.created_at >= start, Introduction.created_at < end)
        ).one(),
        met=session.exec(met).one(),
        at_work=session.exec(working).one(),
    )
