"""When a follow-up may be due, who may touch it, and how an agenda is divided."""

from datetime import date, datetime, timedelta

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import at, day_bounds, local, now
from crm.core.errors import CrmError, NotFound
from crm.core.i18n import N_, _
from crm.core.settings import settings
from crm.core.types import LabelledEnum
from crm.followups.models import CALLING_KINDS, FollowUpKind
from crm.reference.calendar import Window, add_months, add_working_days, call_window, desk_time_ago, working_day_before
from crm.reference.models import RecallReason
from crm.reference.queries import outcomes

LATEST = timedelta(days=3653)
SOONEST_RECALL = 10  # working days
USUAL_HOUR = 10
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


class NoCallsThen(CrmError):
    def __init__(self, window: Window | None) -> None:
        if window is None:
            super().__init__(
                _("On this day nobody may be called: it is a Sunday or a public holiday. Choose another day.")
            )
        else:
            message = _("On this day calling is allowed between {first} and {last}. Choose a time within these hours.")
            super().__init__(message.format(first=f"{window[0]:%H:%M}", last=f"{window[1]:%H:%M}"))


class OutcomeMissing(CrmError):
    def __init__(self) -> None:
        super().__init__(_("Choose what came of it, or write it down in one sentence."))


def check_due(kind: FollowUpKind, due_at: datetime) -> None:
    """Raises DueInPast, DueTooFar, or NoCallsThen for a call at a forbidden hour."""
    if due_at < now() - ROUNDING:
        raise DueInPast
    if due_at > now() + LATEST:
        raise DueTooFar
    if kind in CALLING_KINDS:
        _check_calling_hours(local(due_at))


def _check_calling_hours(there: datetime) -> None:
    window = call_window(there.date())
    if window is None or not window[0] <= there.time() < window[1]:
        raise NoCallsThen(window)


def check_outcome(kind: FollowUpKind, code: str | None, words: str) -> None:
    """Raises OutcomeMissing where it matters what came of it: one of the list, or in one's own words."""
    known = outcomes(kind)
    if code is not None and code not in known:
        raise NotFound
    if known and code is None and not words.strip():
        raise OutcomeMissing


def usual_day(working_days: int, anchor: date) -> date:
    """Working days after a day, or before it when they are below zero; with 0 the day itself, or the first after it."""
    if working_days < 0:
        return working_day_before(anchor, -working_days)
    return (
        add_working_days(anchor + timedelta(days=1), working_days - 1) if working_days else add_working_days(anchor, 0)
    )


def usual_moment(working_days: int, anchor: date) -> datetime:
    """At ten that day, or now when that is over."""
    return max(at(usual_day(working_days, anchor), USUAL_HOUR), now())


def recall_day(reason: RecallReason, today: date, about: date | None = None) -> date:
    """The working day that fits the reason, which speaks of `about`; without that, as soon as makes sense."""
    soonest = add_working_days(today, SOONEST_RECALL)
    if reason.starts:
        return add_working_days(_next(*reason.starts, today), 0)
    if reason.needs is None:
        return add_working_days(today, reason.working_days)
    return add_working_days(max(add_months(about, -reason.months_before), soonest), 0) if about else soonest


def next_month(month: int, today: date) -> date:
    """The first day of the next such month (1 to 12); this month counts as the one of next year."""
    return _next(month, 1, today)


def _next(month: int, day: int, today: date) -> date:
    this_year = date(today.year, month, day)
    return this_year if this_year > today else date(today.year + 1, month, day)


def group_ends(moment: datetime) -> tuple[datetime, datetime, datetime]:
    """Where overdue, today and this week end; a week ends with its Sunday, on the Dutch clock."""
    day = local(moment).date()
    sunday = day + timedelta(days=6 - day.weekday())
    return moment, day_bounds(day)[1], day_bounds(sunday)[1]


def group_bounds(group: Group, moment: datetime) -> tuple[datetime | None, datetime | None]:
    """Start (included) and end (excluded); None where there is no end to it."""
    ends = group_ends(moment)
    place = list(Group).index(group)
    return (ends[place - 1] if place else None), (ends[place] if place < len(ends) else None)


def group_of(due_at: datetime, moment: datetime) -> Group:
    for group, end in zip(Group, group_ends(moment), strict=False):
        if due_at < end:
            return group
    return Group.LATER


def for_team_since(moment: datetime) -> datetime:
    """What was promised for this moment or before is so late by now that the team may make the call."""
    return desk_time_ago(moment, timedelta(minutes=settings().team_callback_after_minutes))


def for_coordinators_since(moment: datetime) -> datetime:
    """The same, for when the coordinators have to know."""
    return desk_time_ago(moment, timedelta(minutes=settings().coordinator_callback_after_minutes))


def may_change(actor: Actor, owner_id: int | None) -> bool:
    """Own work, or anybody's for a coordinator. What belongs to the team is taken first."""
    return actor.may(Permission.FOLLOWUP_TEAM) or (actor.id is not None and owner_id == actor.id)


def may_assign(actor: Actor, from_id: int | None, to_id: int | None) -> bool:
    """Everybody may take from the team and give back to it; a coordinator moves work between people."""
    return actor.may(Permission.FOLLOWUP_TEAM) or {from_id, to_id} <= {None, actor.id}
