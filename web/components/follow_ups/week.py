"""One's week as a calendar: work is dragged to another moment, with the pointer or with the keys."""

from datetime import date, time, timedelta
from functools import partial
from typing import Any

import streamlit as st
from babel.dates import format_date
from sqlmodel import Session

from crm.access.actor import Actor
from crm.core.clock import local, today
from crm.core.db import reading
from crm.core.i18n import _, language, show_day, show_moment
from crm.followups.inputs import Dropped
from crm.followups.models import FollowUp
from crm.followups.queries import AgendaItem
from crm.followups.rules import Group
from crm.followups.services import move
from crm.followups.week import MOST, Week, WeekDay, monday_of, week, week_name
from web import state
from web.actions import perform
from web.components.browser import browser_component
from web.components.follow_ups.opening import open_day, open_dialog

_WEEK = browser_component("follow_up_week", __file__, "lasting", "elements", "dragging")
KEY, ADDRESS = "week", "week"
ANSWER = "week-answer"
A_WEEK = timedelta(days=7)


def is_asked() -> bool:
    return ADDRESS in st.query_params


def go_to(day: date | None) -> None:
    """Show the week of this day; None for the list."""
    if day:
        st.query_params[ADDRESS] = week_name(day)
    else:
        st.query_params.pop(ADDRESS, None)


def draw_week(actor: Actor, owner_id: int | None) -> list[AgendaItem]:
    """The week in the address, of this person or of oneself. Gives what is in it."""
    monday = monday_of(st.query_params.get(ADDRESS, "")) or today() - timedelta(days=today().weekday())
    _draw_steps(monday)
    with reading() as session:
        shown = week(session, actor, monday, owner_id)
    if shown.is_cut:
        st.caption(_("Only the first {n} of this week are shown. The list has all of them.").format(n=MOST))
    _WEEK(
        key=KEY,
        data=_data(shown),
        on_moved_change=_moved,
        on_opened_change=partial(_opened, shown.items),
        on_day_change=partial(_day_asked, shown.days),
    )
    return shown.items


def _draw_steps(monday: date) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        last = monday + A_WEEK - timedelta(days=1)
        st.button(
            _("Previous week"),
            icon=":material/chevron_left:",
            key="week-before",
            on_click=go_to,
            args=(monday - A_WEEK,),
        )
        st.button(_("This week"), key="week-now", on_click=go_to, args=(today(),))
        st.button(
            _("Next week"), icon=":material/chevron_right:", key="week-after", on_click=go_to, args=(monday + A_WEEK,)
        )
        words = _("Week {n}: {first} to {last}")
        number = monday.isocalendar().week
        st.markdown(f"**{words.format(n=number, first=show_day(monday), last=show_day(last))}**", width="content")


def _data(shown: Week) -> dict[str, Any]:
    places = {day.day: place for place, day in enumerate(shown.days)}
    return {
        "days": [_day(day) for day in shown.days],
        "items": [_item(item, places) for item in shown.items],
        "first": shown.first_hour * 60,
        "last": shown.last_hour * 60,
        "answer": state.value(ANSWER),
        "words": {
            "label": _("Follow-ups of this week"),
            "how": _(
                "Drag a follow-up to another moment; with a finger, hold it first until it comes loose. With the "
                "keyboard: Tab to it, Enter to pick it up, the arrows for a quarter of an hour or a day, Enter to put "
                "it down, Escape to leave it where it was."
            ),
            "tap": _("Tap a follow-up to move it."),
            "empty": _("Nothing is planned in this week."),
            "late": _("overdue"),
            "more": _("{n} more, show all of this day"),
            "lifted": _("Picked up. The arrows move it, Enter puts it down, Escape leaves it."),
            "cancelled": _("It stays where it was."),
        },
    }


def _day(day: WeekDay) -> dict[str, Any]:
    return {
        "date": day.day.isoformat(),
        "label": show_day(day.day),
        "spoken": format_date(day.day, "EEEE d MMMM", locale=language()),
        "holiday": day.holiday,
        "today": day.day == today(),
        "from": day.window and _minute(day.window[0]),
        "until": day.window and _minute(day.window[1]),
    }


def _item(item: AgendaItem, places: dict[date, int]) -> dict[str, Any]:
    there = local(item.follow_up.due_at)
    kind, company = item.follow_up.kind.label, item.company.name if item.company else ""
    return {
        "id": item.follow_up.id,
        "version": item.follow_up.version,
        "day": places[there.date()],
        "minute": _minute(there.time()),
        "title": company or kind,
        "about": kind if company else item.follow_up.note[:60],
        "name": item.name,
        "words": "\n".join(filter(None, (kind, company, item.follow_up.note))),
        "late": item.group is Group.OVERDUE,
    }


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _moved() -> None:
    """The rules and a colleague may refuse; then the page says why and the card is back in its place."""
    sent = state.value(KEY)["moved"]
    moved = perform("", lambda session, actor: _move(session, actor, Dropped.model_validate(sent)))
    if moved is None:
        words = _("Not moved. Look at the message on this page.")
    else:
        words = _("Moved to {moment}.").format(moment=show_moment(moved.due_at))
        state.tell("success", words)
    before = state.value(ANSWER) or {"number": 0}
    state.put(ANSWER, {"number": before["number"] + 1, "words": words})


def _move(session: Session, actor: Actor, put: Dropped) -> FollowUp:
    return move(session, actor, put.follow_up_id, version=put.seen_version, due_at=put.due_at)


def _opened(items: list[AgendaItem]) -> None:
    wanted = state.value(KEY)["opened"]["follow_up_id"]
    item = next((item for item in items if item.follow_up.id == wanted), None)
    if item:
        open_dialog("move", item.follow_up)


def _day_asked(days: list[WeekDay]) -> None:
    wanted = state.value(KEY)["day"]["day"]
    if day := next((one.day for one in days if one.day.isoformat() == wanted), None):
        open_day(day)
