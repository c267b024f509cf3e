"""A week of what one person has promised, between our hours."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import day_bounds, local, now
from crm.followups.models import FollowUp, FollowUpStatus
from crm.followups.queries import AgendaItem, read_item, with_names
from crm.reference.calendar import SATURDAY, Window, desk_window, holiday_name

DAYS = 7
MOST = 200  # in one week; a person does not get through more
YEARS = {str(year) for year in range(2000, 2200)}
USUAL_DAY = (time(9), time(17))  # of a week of nothing but holidays


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day; `window` are our hours, None when we do not work."""

    day: date
    window: Window | None
    holiday: str


@dataclass(frozen=True, slots=True)
class Week:
    """The working days, and those of a weekend on which something is due. The hours hold all of it."""

    days: list[WeekDay]
    items: list[AgendaItem]
    first_hour: int
    last_hour: int
    is_cut: bool


def week(session: Session, actor: Actor, monday: date, owner_id: int | None = None) -> Week:
    """Of somebody else for who divides the work."""
    actor.require(Permission.FOLLOWUP_OWN)
    if owner_id not in {None, actor.id}:
        actor.require(Permission.FOLLOWUP_TEAM)
    begins, ends = day_bounds(monday)[0], day_bounds(monday + timedelta(days=DAYS - 1))[1]
    statement = (
        with_names()
        .where(col(FollowUp.status) == FollowUpStatus.OPEN, col(FollowUp.owner_id) == (owner_id or actor.id))
        .where(col(FollowUp.due_at) >= begins, col(FollowUp.due_at) < ends)
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
        .limit(MOST + 1)
    )
    moment = now()
    items = [read_item(row, moment) for row in session.exec(statement)]
    return _arranged(monday, items[:MOST], is_cut=len(items) > MOST)


def week_name(day: date) -> str:
    """`2026-W48`, as it stands in an address."""
    year, number, _weekday = day.isocalendar()
    return f"{year}-W{number:02}"


def monday_of(name: str) -> date | None:
    """The first day of the week of this name; None when it is no week."""
    year, _w, number = name.partition("-W")
    try:
        return date.fromisocalendar(int(year), int(number), 1) if year in YEARS else None
    except ValueError:
        return None


def _arranged(monday: date, items: list[AgendaItem], *, is_cut: bool) -> Week:
    due = [local(item.follow_up.due_at) for item in items]
    wanted = [monday + timedelta(days=number) for number in range(DAYS)]
    used = {moment.date() for moment in due}
    days = [
        WeekDay(day, desk_window(day), holiday_name(day) or "")
        for day in wanted
        if day.weekday() < SATURDAY or day in used
    ]
    windows = [day.window for day in days if day.window] or [USUAL_DAY]
    first = min([window[0].hour for window in windows] + [moment.hour for moment in due])
    last = max([_whole_hour(window[1]) for window in windows] + [moment.hour + 1 for moment in due])
    return Week(days, items, first, last, is_cut)


def _whole_hour(clock: time) -> int:
    return clock.hour + bool(clock.minute)
