"""Reading kopkoffies."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.models import Candidate
from crm.companies.models import Company, Contact
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.matching.models import Introduction
from crm.meetings.models import Meeting, MeetingStatus
from crm.pipeline.models import HiddenJob

PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A kopkoffie with who meets whom about what."""

    meeting: Meeting
    introduction: Introduction
    candidate: Candidate
    job: HiddenJob
    company: Company


@dataclass(frozen=True, slots=True)
class MeetingPage:
    lines: list[MeetingLine]
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def upcoming(session: Session, actor: Actor, page: int = 1) -> MeetingPage:
    """Still to come, the first one first."""
    coming = (col(Meeting.status) == MeetingStatus.PLANNED) & (col(Meeting.starts_at) > now())
    return _page(session, actor, coming, col(Meeting.starts_at).asc(), page)


def to_ask(session: Session, actor: Actor, page: int = 1) -> MeetingPage:
    """It has been, and we do not know from both sides how it went."""
    waiting = (col(Meeting.status) == MeetingStatus.PLANNED) & (col(Meeting.starts_at) <= now())
    return _page(session, actor, waiting, col(Meeting.starts_at).asc(), page)


def past(session: Session, actor: Actor, page: int = 1) -> MeetingPage:
    """Held or cancelled, the last one first."""
    return _page(session, actor, col(Meeting.status) != MeetingStatus.PLANNED, col(Meeting.starts_at).desc(), page)


def meeting(session: Session, actor: Actor, meeting_id: int) -> MeetingLine:
    """Raises NotFound."""
    found = _page(session, actor, col(Meeting.id) == meeting_id, col(Meeting.id).asc(), 1).lines
    if not found:
        raise NotFound
    return found[0]


def planned_for(session: Session, actor: Actor, introduction_id: int) -> MeetingLine | None:
    """The kopkoffie that stands for an introduction."""
    which = (col(Meeting.introduction_id) == introduction_id) & (col(Meeting.status) == MeetingStatus.PLANNED)
    return next(iter(_page(session, actor, which, col(Meeting.id).asc(), 1).lines), None)


def _page(
    session: Session, actor: Actor, which: ColumnElement[bool], order: ColumnElement[Any], page: int
) -> MeetingPage:
    actor.require(Permission.MEETING_PLAN)
    statement = (
        select(Meeting, Introduction, Candidate, HiddenJob)
        .add_columns(Company)
        .join(Introduction, col(Meeting.introduction_id) == Introduction.id)
        .join(Candidate, col(Introduction.candidate_id) == Candidate.id)
        .join(HiddenJob, col(Introduction.job_id) == HiddenJob.id)
        .join(Company, col(HiddenJob.company_id) == Company.id)
        .where(which)
        .order_by(order, col(Meeting.id))
        .limit(PAGE_SIZE)
        .offset((max(page, 1) - 1) * PAGE_SIZE)
    )
    total = session.exec(select(func.count()).select_from(Meeting).where(which)).one()
    return MeetingPage([MeetingLine(*row) for row in session.execute(statement).all()], total)


def possible_hosts(session: Session, actor: Actor, company_id: int) -> list[str]:
    """Whom we know at the company."""
    actor.require(Permission.MEETING_PLAN)
    statement = select(Contact.name).where(Contact.company_id == company_id).order_by(col(Contact.id)).limit(20)
    return list(session.exec(statement))
