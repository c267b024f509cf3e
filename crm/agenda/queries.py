"""What stands in somebody's agenda: what they promised to do, and the kopkoffies they arranged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import CalendarFeed, User
from crm.access.permissions import Permission
from crm.access.queries import token_hash
from crm.companies.models import Company
from crm.core.clock import now
from crm.followups.models import FollowUp, FollowUpStatus
from crm.matching.models import Introduction
from crm.meetings.models import Meeting, MeetingStatus
from crm.pipeline.models import HiddenJob

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
MOST = 1000


@dataclass(frozen=True, slots=True)
class Promise:
    follow_up: FollowUp
    company: str


@dataclass(frozen=True, slots=True)
class Coffee:
    meeting: Meeting
    company: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """Of one person: `promises` also has those that were given away or closed, to take them off a calendar."""

    user: User
    feed: CalendarFeed
    promises: Sequence[Promise]
    coffees: Sequence[Coffee]


def feed_of(session: Session, actor: Actor) -> CalendarFeed | None:
    """The reader's own."""
    return session.exec(select(CalendarFeed).where(CalendarFeed.user_id == actor.user_id)).one_or_none()


def agenda_at(session: Session, token: str) -> Agenda | None:
    """What the calendar that knows this secret may read; None when it ended, or its owner may not come in any more."""
    known = (
        select(CalendarFeed, User)
        .join(User, col(User.id) == CalendarFeed.user_id)
        .where(CalendarFeed.token_hash == token_hash(token), col(User.active))
    )
    found = session.exec(known).one_or_none()
    if found is None:
        return None
    feed, user = found
    owner = Actor.of(user)
    if not owner.may(Permission.FOLLOWUP_OWN):
        return None
    moment = now()
    between = (moment - BACK, moment + AHEAD)
    coffees = _coffees(session, user.id, between) if owner.may(Permission.MEETING_PLAN) else []
    return Agenda(user, feed, _promises(session, user.id, between), coffees)


def _promises(session: Session, user_id: int, between: tuple[datetime, datetime]) -> Sequence[Promise]:
    """Open ones first: with more than fit, it is an old one that is missing."""
    statement = (
        select(FollowUp, Company.name)
        .join(Company, col(Company.id) == FollowUp.company_id, isouter=True)
        .where(
            or_(col(FollowUp.owner_id) == user_id, col(FollowUp.previous_owner_id) == user_id),
            col(FollowUp.due_at).between(*between),
        )
        .order_by(col(FollowUp.status) != FollowUpStatus.OPEN, col(FollowUp.due_at), col(FollowUp.id))
        .limit(MOST)
    )
    return [Promise(follow_up, company or "") for follow_up, company in session.exec(statement)]


def _coffees(session: Session, user_id: int, between: tuple[datetime, datetime]) -> Sequence[Coffee]:
    statement = (
        select(Meeting, Company.name)
        .join(Introduction, col(Introduction.id) == Meeting.introduction_id)
        .join(HiddenJob, col(HiddenJob.id) == Introduction.job_id)
        .join(Company, col(Company.id) == HiddenJob.company_id)
        .where(Meeting.made_by_id == user_id, col(Meeting.starts_at).between(*between))
        .order_by(col(Meeting.status) == MeetingStatus.CANCELLED, col(Meeting.starts_at), col(Meeting.id))
        .limit(MOST)
    )
    return [Coffee(meeting, company) for meeting, company in session.exec(statement)]
