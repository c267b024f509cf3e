"""When a follow-up may be due, who may touch it, and how an agenda is divided."""

from datetime import datetime, timedelta

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import day_bounds, local, now
from crm.core.errors import CrmError
from crm.core.i18n import N_, _
from crm.core.types import LabelledEnum

LATEST = timedelta(days=3653)
ROUNDING = timedelta(minutes=1)  # screens give whole minutes: "now" must not be a moment ago


class Group(LabelledEnum):
    """The parts of an agenda, in the order of reading."""

    OVERDUE = "overdue", N_("Overdue")
    TODAY = "today", N_("Today")
    THIS_WEEK = "this_week", N_("This week")
    LATER = "later", N_("Later")


class DueInPast(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This moment is already over. Choose a later date or time."))


class DueTooFar(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This is more than ten years ahead. Check the year."))


def check_due(due_at: datetime) -> None:
    """Raises DueInPast or DueTooFar."""
    if due_at < now() - ROUNDING:
        raise DueInPast
    if due_at > now() + LATEST:
        raise DueTooFar


def group_ends(moment: datetime) -> tuple[datetime, datetime, datetime]:
    """Where overdue, today and this week end; a week ends with its Sunday, on the Dutch clock."""
    day = local(moment).date()
    sunday = day + timedelta(days=6 - day.weekday())
    return moment, day_bounds(day)[1], day_bounds(sunday)[1]


def group_of(due_at: datetime, moment: datetime) -> Group:
    for group, end in zip(Group, group_ends(moment), strict=False):
        if due_at < end:
            return group
    return Group.LATER


def may_change(actor: Actor, owner_id: int | None) -> bool:
    """Own work, or anybody's for a coordinator. What belongs to the team is taken first."""
    return actor.may(Permission.FOLLOWUP_TEAM) or (actor.id is not None and owner_id == actor.id)


def may_assign(actor: Actor, from_id: int | None, to_id: int | None) -> bool:
    """Everybody may take from the team and give back to it; a coordinator moves work between people."""
    return actor.may(Permission.FOLLOWUP_TEAM) or {from_id, to_id} <= {None, actor.id}
