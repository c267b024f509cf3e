"""What comes after: a follow-up that is done, or something that happened, brings the next steps by itself.

Nothing is planned twice: what is there for the same reason and was not dropped, stays the one.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, or_
from sqlmodel import Session, col, select

from crm.access.absences import is_away
from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission, Role
from crm.audit.services import record
from crm.companies.models import Company
from crm.core.clock import local, today
from crm.core.db import locked
from crm.core.i18n import _
from crm.followups.models import (
    CALLING_KINDS,
    WITHDRAWN,
    FollowUp,
    FollowUpStatus,
    FollowUpSuccessor,
    FollowUpTemplate,
    TemplateEvent,
    TemplateOwner,
)
from crm.followups.rules import usual_moment
from crm.followups.services.shared import can_have, close, planned_call


@dataclass(frozen=True, slots=True)
class Coming:
    """A step that comes by itself. `obstacle` says why it does not."""

    template: FollowUpTemplate
    due_at: datetime
    obstacle: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that happened, on a day, from which steps follow."""

    event: TemplateEvent
    day: date
    owner_id: int | None
    company_id: int
    hidden_job_id: int
    meeting_id: int | None = None
    note: str = ""

    @property
    def is_mine(self) -> ColumnElement[bool]:
        """Of this occasion: of the kopkoffie, or else of the job."""
        if self.meeting_id is not None:
            return col(FollowUp.meeting_id) == self.meeting_id
        return (col(FollowUp.hidden_job_id) == self.hidden_job_id) & col(FollowUp.meeting_id).is_(None)


def coming_after(session: Session, actor: Actor, follow_up: FollowUp, outcome_code: str | None) -> list[Coming]:
    """What is planned when this one is done with this outcome."""
    actor.require(Permission.FOLLOWUP_OWN)
    calls = _calls_planned(session, follow_up)
    found = []
    for template in _next(session, follow_up, outcome_code):
        is_call = template.kind in CALLING_KINDS and follow_up.company_id is not None
        obstacle = _("A call to this company is planned already.") if is_call and calls else ""
        calls = calls or is_call
        found.append(Coming(template, usual_moment(template.working_days, today()), obstacle))
    return found


def _calls_planned(session: Session, follow_up: FollowUp) -> bool:
    planned = select(FollowUp.id).where(
        FollowUp.company_id == follow_up.company_id,
        FollowUp.status == FollowUpStatus.OPEN,
        col(FollowUp.kind).in_(CALLING_KINDS),
        FollowUp.id != follow_up.id,
    )
    return session.exec(planned).first() is not None


def _next(session: Session, follow_up: FollowUp, outcome_code: str | None) -> Iterator[FollowUpTemplate]:
    mine = select(FollowUp.template_id).where(
        FollowUp.after_id == follow_up.id, FollowUp.status != FollowUpStatus.DROPPED
    )
    made = set(session.exec(mine))
    for_outcome = col(FollowUpSuccessor.outcome).is_(None) | (col(FollowUpSuccessor.outcome) == outcome_code)
    statement = (
        select(FollowUpTemplate)
        .join(FollowUpSuccessor, col(FollowUpSuccessor.next_id) == FollowUpTemplate.id)
        .where(FollowUpSuccessor.template_id == _template_of(session, follow_up), for_outcome)
        .where(col(FollowUpTemplate.active))
        .order_by(col(FollowUpTemplate.working_days), col(FollowUpTemplate.id))
    )
    for template in {one.id: one for one in session.exec(statement)}.values():
        if template.id not in made:
            yield template


def _template_of(session: Session, follow_up: FollowUp) -> int | None:
    if follow_up.template_id is not None:
        return follow_up.template_id
    standard = select(FollowUpTemplate.id).where(
        FollowUpTemplate.kind == follow_up.kind, col(FollowUpTemplate.standard)
    )
    return session.exec(standard).first()


def create_successors(session: Session, actor: Actor, done: FollowUp, without: Collection[int] = ()) -> None:
    """Plan what comes after this one, but for the templates in `without`. The caller holds its company."""
    for coming in coming_after(session, actor, done, done.outcome_code):
        if coming.template.id not in without and not coming.obstacle:
            links = {name: getattr(done, name) for name in ("company_id", "contact_id", "hidden_job_id", "meeting_id")}
            owner_id = _owner(session, coming, done.owner_id)
            step = FollowUp(after_id=done.id, note=coming.template.note, **links, **_made_of(coming, owner_id))
            session.add(step)
            record(session, actor, "follow_up.planned", step)


def happened(session: Session, actor: Actor, occasion: Occasion) -> None:
    """Plan what comes by itself when this happens. The caller holds the job or the kopkoffie it is about."""
    locked(session, Company, occasion.company_id)  # who plans a call there at once waits
    made = set(session.exec(select(FollowUp.template_id).where(occasion.is_mine, _counts())))
    wanted = select(FollowUpTemplate).where(FollowUpTemplate.event == occasion.event, col(FollowUpTemplate.active))
    for template in session.exec(wanted.order_by(col(FollowUpTemplate.working_days), col(FollowUpTemplate.id))).all():
        blocked = template.kind in CALLING_KINDS and planned_call(session, occasion.company_id) is not None
        if template.id in made or blocked:
            continue
        coming = Coming(template, usual_moment(template.working_days, occasion.day), "")
        step = FollowUp(
            note="\n".join(filter(None, (occasion.note, template.note)))[:1000],
            company_id=occasion.company_id,
            hidden_job_id=occasion.hidden_job_id,
            meeting_id=occasion.meeting_id,
            **_made_of(coming, _owner(session, coming, occasion.owner_id)),
        )
        session.add(step)
        record(session, actor, "follow_up.planned", step)


def call_off(session: Session, actor: Actor, occasion: Occasion, reason: str) -> None:
    """It did not happen after all: what came by itself and is still open is dropped."""
    templates = select(FollowUpTemplate.id).where(FollowUpTemplate.event == occasion.event)
    is_open = FollowUp.status == FollowUpStatus.OPEN
    wanted = select(FollowUp).where(occasion.is_mine, is_open, col(FollowUp.template_id).in_(templates))
    for step in session.exec(wanted.order_by(col(FollowUp.id)).with_for_update()).all():
        close(step, FollowUpStatus.DROPPED, reason)
        step.outcome_code = WITHDRAWN
        record(session, actor, "follow_up.withdrawn", step)


def _counts() -> ColumnElement[bool]:
    return (col(FollowUp.status) != FollowUpStatus.DROPPED) & col(FollowUp.template_id).is_not(None)


def _made_of(coming: Coming, owner_id: int | None) -> dict[str, Any]:
    template = coming.template
    return {"kind": template.kind, "template_id": template.id, "due_at": coming.due_at, "owner_id": owner_id}


def _owner(session: Session, coming: Coming, same_id: int | None) -> int | None:
    """None, for the team, when who did it before has left."""
    if coming.template.who is TemplateOwner.COORDINATOR:
        return _least_busy_coordinator(session, local(coming.due_at).date())
    if coming.template.who is not TemplateOwner.SAME or same_id is None:
        return None
    return same_id if can_have(session, same_id) else None


def _least_busy_coordinator(session: Session, day: date) -> int | None:
    """The coordinator with the least open follow-ups, of those who are here now and that day if there are any; without
    one it is for the team."""
    is_away_then = case((or_(*(is_away(col(User.id), literal(one)) for one in (today(), day))), 1), else_=0)
    is_theirs = (col(FollowUp.owner_id) == User.id) & (col(FollowUp.status) == FollowUpStatus.OPEN)
    statement = (
        select(User.id)
        .join(FollowUp, is_theirs, isouter=True)
        .where(col(User.active), User.role == Role.COORDINATOR)
        .group_by(col(User.id))
        .order_by(is_away_then, func.count(col(FollowUp.id)), col(User.id))
    )
    return session.exec(statement).first()
