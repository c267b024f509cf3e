"""Days on which somebody is not here: read, filled in by the person or a coordinator, and forgotten."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.inputs import AbsenceInput
from crm.access.models import Absence, User
from crm.access.permissions import Permission
from crm.audit.services import record
from crm.core.clock import today
from crm.core.db import delete_some, locked
from crm.core.errors import CrmError, NotAllowed
from crm.core.i18n import _, show_date

MOST_SHOWN = 100
IS_KEPT = timedelta(days=365)


class AbsentAlready(CrmError):
    def __init__(self, known: Absence) -> None:
        words = _("From {first} to {last} is filled in already. Take that away first, or choose other days.")
        super().__init__(words.format(first=show_date(known.first_day), last=show_date(known.last_day)))


@dataclass(frozen=True, slots=True)
class Away:
    """One absence, and whose."""

    absence: Absence
    name: str


def add_absence(session: Session, actor: Actor, user_id: int, days: AbsenceInput) -> Absence:
    """Of oneself, or of anybody for a coordinator. Raises AbsentAlready for days that are known."""
    _require(actor, user_id)
    locked(session, User, user_id)  # so that the same days are not filled in twice at once
    overlap = select(Absence).where(Absence.user_id == user_id, *_between(days.first_day, days.last_day))
    if known := session.exec(overlap.order_by(col(Absence.first_day))).first():
        raise AbsentAlready(known)
    absence = Absence(user_id=user_id, **days.model_dump())
    session.add(absence)
    record(session, actor, "absence.added", absence)
    return absence


def remove_absence(session: Session, actor: Actor, absence_id: int) -> None:
    absence = locked(session, Absence, absence_id)
    _require(actor, absence.user_id)
    first, last = absence.first_day, absence.last_day
    record(session, actor, "absence.removed", absence, user_id=absence.user_id, first_day=first, last_day=last)
    session.delete(absence)


def absences_of(session: Session, actor: Actor, user_id: int) -> Sequence[Absence]:
    """Those of one person that are not over, the first one first."""
    _require(actor, user_id)
    coming = select(Absence).where(Absence.user_id == user_id, col(Absence.last_day) >= today())
    return session.exec(coming.order_by(col(Absence.first_day)).limit(MOST_SHOWN)).all()


def coming_absences(session: Session, actor: Actor) -> list[Away]:
    """Of everybody who works here, those that are not over, the first one first."""
    actor.require(Permission.FOLLOWUP_TEAM)
    statement = (
        select(Absence, User.name)
        .join(User, col(Absence.user_id) == User.id)
        .where(col(Absence.last_day) >= today(), col(User.active))
        .order_by(col(Absence.first_day), User.name, col(Absence.id))
        .limit(MOST_SHOWN)
    )
    return [Away(absence, name) for absence, name in session.exec(statement)]


def days_away(session: Session, user_id: int, first: date, last: date) -> frozenset[date]:
    """The days from `first` to `last` on which this person is not here."""
    return all_days_away(session, [user_id], first, last)[user_id]


def all_days_away(
    session: Session, user_ids: Collection[int], first: date, last: date
) -> defaultdict[int, frozenset[date]]:
    """The same of several people."""
    found: defaultdict[int, frozenset[date]] = defaultdict(frozenset)
    for absence in session.exec(select(Absence).where(col(Absence.user_id).in_(user_ids), *_between(first, last))):
        start, end = max(absence.first_day, first), min(absence.last_day, last)
        found[absence.user_id] |= {start + timedelta(days=number) for number in range((end - start).days + 1)}
    return found


def is_away(user_id: Mapped[int | None], day: ColumnElement[date]) -> ColumnElement[bool]:
    """For a statement: whether this person is not here on this day."""
    there = (col(Absence.first_day) <= day) & (col(Absence.last_day) >= day)
    return exists().where((col(Absence.user_id) == user_id) & there)


def forget_old(session: Session, moment: datetime) -> int:
    """Some of those that were over long ago. Tells how many."""
    return delete_some(session, Absence, col(Absence.last_day) < (moment - IS_KEPT).date())


def _between(first: date, last: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Absence.first_day) <= last, col(Absence.last_day) >= first


def _require(actor: Actor, user_id: int) -> None:
    actor.require(Permission.FOLLOWUP_OWN)
    if user_id != actor.id and not actor.may(Permission.FOLLOWUP_TEAM):
        raise NotAllowed
