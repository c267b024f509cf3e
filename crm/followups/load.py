"""How much work everybody has, for who divides it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from crm.access.absences import all_days_away
from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import ALLOWED, Permission, Role
from crm.core.clock import day_bounds, now, today
from crm.followups.models import FollowUp, FollowUpStatus
from crm.reference.calendar import add_working_days

DAYS_AHEAD = 5  # working days


@dataclass(frozen=True, slots=True)
class Load:
    """Of one person; without `user_id`, of what nobody has. `ahead` is per working day from tomorrow.

    Without a role they cannot be given more: they left, or do other work.
    """

    user_id: int | None
    name: str
    role: Role | None
    here: bool
    open: int
    late: int
    today: int
    ahead: tuple[int, ...]


def days_ahead() -> list[date]:
    """The working days of `Load.ahead`."""
    tomorrow = today() + timedelta(days=1)
    return [add_working_days(tomorrow, number) for number in range(DAYS_AHEAD)]


def loads(session: Session, actor: Actor) -> list[Load]:
    """The team first, then everybody who can have work or still has it, by name."""
    actor.require(Permission.FOLLOWUP_TEAM)
    counted = {owner_id: tuple(map(int, counts)) for owner_id, *counts in session.execute(_counts())}
    people = session.exec(select(User).order_by(User.name, col(User.id))).all()
    shown = [user for user in people if user.id in counted or _can_have(user)]
    away = all_days_away(session, [user.id for user in shown], today(), today())
    nothing = (0,) * (3 + DAYS_AHEAD)
    found = [_load(None, counted.get(None, nothing), here=True)]
    return found + [
        _load(user, counted.get(user.id, nothing), here=user.active and not away[user.id]) for user in shown
    ]


def _can_have(user: User) -> bool:
    return user.active and Permission.FOLLOWUP_OWN in ALLOWED[user.role]


def _load(user: User | None, counts: tuple[int, ...], *, here: bool) -> Load:
    total, late, due_today, *ahead = counts
    role = user.role if user and _can_have(user) else None
    name = user.name if user else ""
    return Load(user.id if user else None, name, role, here, total, late, due_today, tuple(ahead))


def _counts() -> Select[*tuple[Any, ...]]:
    due_at, moment = col(FollowUp.due_at), now()
    parts = [due_at < moment, and_(due_at >= moment, due_at < day_bounds(today())[1])]
    parts += [and_(due_at >= first, due_at < end) for first, end in map(day_bounds, days_ahead())]
    sums = [func.sum(case((part, 1), else_=0)) for part in parts]
    statement = columns(col(FollowUp.owner_id), func.count(), *sums)
    return statement.where(col(FollowUp.status) == FollowUpStatus.OPEN).group_by(col(FollowUp.owner_id))
