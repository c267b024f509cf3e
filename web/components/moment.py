"""When: typed as one says it, taken from what is free, or picked from a calendar; read back before it is kept."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial

import streamlit as st

from crm.core.clock import at, local, now
from crm.core.db import reading
from crm.core.i18n import _, show_moment, show_whole_moment
from crm.followups.moments import absent_days, is_taken, proposals, taken_moments
from crm.followups.spoken import SpokenMoment, read_moment
from crm.reference.trades import OTHER
from web import state
from web.session import current_actor

Take = Callable[[SpokenMoment], None]


def ask_moment(
    key: str,
    proposal: datetime,
    *,
    owner_id: int | None = None,
    trade_group: str = OTHER,
    labels: tuple[str, str] | None = None,
) -> datetime | None:
    """The moment chosen, in UTC; None while its date or time is empty. `key` begins the keys of the widgets.

    What is proposed besides is free for `owner_id` and good for this trade. `labels`: of the date and of the time.
    """
    there = local(proposal)
    _propose(f"{key}-day", there.date())
    _propose(f"{key}-hour", there.time().replace(second=0, microsecond=0))
    take = partial(_take, key)
    ask_spoken(f"{key}-said", take)
    date_label, time_label = labels or (_("Date"), _("Time"))
    left, right = st.columns(2)
    day = left.date_input(date_label, key=f"{key}-day", format="DD-MM-YYYY", persist_state="page")
    clock = right.time_input(time_label, key=f"{key}-hour", persist_state="page")
    chosen = at(day, clock.hour, clock.minute) if day and clock else None
    read_back(f"{key}-free", chosen, take, owner_id=owner_id, trade_group=trade_group)
    return chosen


def ask_spoken(key: str, on_understood: Take) -> None:
    """A field for a moment as one says it. What is not understood is said beneath it, and stays."""
    said = st.text_input(
        _("When"),
        key=key,
        max_chars=60,
        placeholder=_("Tue 10:00, in 2 weeks, after Easter"),
        on_change=lambda: _hear(key, on_understood),
        persist_state="page",
    )
    if said.strip():
        st.caption(":material/help: " + _("I do not understand this. Say it in another way, or choose a date below."))


def _hear(key: str, on_understood: Take) -> None:
    """What was understood is read back from then on: the words themselves would stay when the date changes."""
    if spoken := read_moment(state.value(key, ""), now()):
        on_understood(spoken)
        state.put(key, "")


def read_back(key: str, chosen: datetime | None, take: Take, *, owner_id: int | None, trade_group: str = OTHER) -> None:
    """The choice in words, and beside it what is free from that day, to take with one click."""
    start = max(now(), at(local(chosen).date(), 0)) if chosen else now()
    with reading() as session:
        taken = taken_moments(session, current_actor(), owner_id, start)
        absent = absent_days(session, current_actor(), owner_id, start)
    if chosen:
        st.caption(f":material/event: {show_whole_moment(chosen)}")
    if chosen and is_taken(chosen, taken):
        st.caption(":material/event_busy: " + _("Another callback is planned around this time."))
    if chosen and local(chosen).date() in absent:
        st.caption(":material/person_off: " + _("Who does this is not here on that day."))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(_("Free:"), width="content")
        for number, moment in enumerate(proposals(start, taken, trade_group, absent)):
            there = local(moment)
            spoken = SpokenMoment(there.date(), there.time())
            name = show_moment(moment)
            st.button(name, key=f"{key}-{number}", type="tertiary", on_click=take, args=(spoken,))


def _take(key: str, spoken: SpokenMoment) -> None:
    state.put(f"{key}-day", spoken.day)
    if spoken.clock:
        state.put(f"{key}-hour", spoken.clock)


def _propose(key: str, content: date | time) -> None:
    """Only when nothing was chosen yet; an emptied field stays empty."""
    if key not in state.keys(key):
        state.put(key, content)
