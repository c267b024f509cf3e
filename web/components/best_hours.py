"""A map of the hours in which people of each trade come to the phone: a colour, a figure and what it rests on."""

from bisect import bisect

import streamlit as st

from crm.access.actor import Actor
from crm.calling.chance import ENOUGH_CALLS, Chance
from crm.core.clock import today
from crm.core.db import reading
from crm.core.i18n import _, ngettext
from crm.reference.calendar import SATURDAY
from crm.reference.days import Day
from crm.reporting.hours import best_hours
from web.components.markup import draw

STEPS = (0.28, 0.38, 0.43, 0.53)  # where one colour becomes the next


def draw_best_hours(actor: Actor) -> None:
    st.subheader(_("Best hours to call"), anchor=False)
    weekday = _chosen_weekday()
    with reading() as session:
        found = best_hours(session, actor, weekday)
    day = list(Day)[weekday].label
    draw(
        "best_hours.html",
        caption=_("Chance that somebody comes to the phone, {day}").format(day=day),
        trade=_("Trade"),
        hours=[f"{hour}–{hour + 1}" for hour in found.hours],
        rows=[{"trade": row.trade, "cells": [_cell(one) for one in row.chances]} for row in found.rows],
    )
    words = _(
        "“Assumed” is what people in the trade say, not measured; behind it stands how often you called. From {n} own "
        "calls from a list in an hour on, those count. "
        "Of new companies, the trade with the best chance is called first."
    )
    st.caption(words.format(n=ENOUGH_CALLS))


def _chosen_weekday() -> int:
    days = dict(enumerate(list(Day)[:SATURDAY]))
    weekday: int = st.segmented_control(
        _("Day of the week"),
        list(days),
        default=min(today().weekday(), SATURDAY - 1),
        required=True,
        format_func=lambda day: days[day].label,
        key="hours-day",
        label_visibility="collapsed",
    )
    return weekday


def _cell(one: Chance) -> dict[str, object]:
    share = round(one.value, 2)  # cells with the same figure have the same colour
    return {"step": bisect(STEPS, share) + 1, "share": f"{share:.0%}", "basis": _basis(one)}


def _basis(one: Chance) -> str:
    if one.is_measured:
        return ngettext("{n} call", "{n} calls", one.calls).format(n=one.calls)
    return _("assumed ({n}×)").format(n=one.calls) if one.calls else _("assumed")
