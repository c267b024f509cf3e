"""The same for several follow-ups at once, for who divides the work: chosen, looked at, done."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from crm.access.permissions import Permission
from crm.core.clock import today
from crm.core.i18n import _, ngettext, show_day
from crm.followups.queries import AgendaItem
from crm.followups.services import Action, Finish, HandOver, Postpone, Refused, bulk, obstacle
from crm.reference.calendar import add_working_days
from web import state
from web.actions import perform
from web.components.follow_ups.opening import NOTE_LENGTH, close_when, open_dialog
from web.components.follow_ups.passing import receivers
from web.components.text import literal, spoken
from web.session import current_actor

DONE, MOVE, PASS = "done", "move", "pass"
KEY = "bulk"


def pick_key(item: AgendaItem) -> str:
    """Of the box with which this one, as it is now, is chosen."""
    return f"pick-{item.follow_up.id}-{item.follow_up.version}"


def draw_pick(item: AgendaItem) -> None:
    label = _("Choose: {what}").format(what=spoken(item.name))
    st.checkbox(label, key=pick_key(item), label_visibility="collapsed")


def picked(items: Sequence[AgendaItem]) -> list[AgendaItem]:
    return [item for item in items if state.value(pick_key(item))]


def draw_bar(items: Sequence[AgendaItem]) -> None:
    """Above the rows: choose all of this page, and what to do with those that are chosen."""
    count = len(picked(items))
    with st.container(horizontal=True, vertical_alignment="center", key="bulk-bar"):
        every = count == len(items)
        label = _("Choose none") if every else _("Choose all on this page")
        st.button(label, key="pick-all", type="tertiary", on_click=_pick_all, args=(items, not every))
        if count:
            st.button(
                ngettext("{n} chosen: do the same with it", "{n} chosen: do the same with all", count).format(n=count),
                key="bulk-open",
                icon=":material/checklist:",
                on_click=open_dialog,
                args=("bulk",),
            )


def _pick_all(items: Sequence[AgendaItem], chosen: bool) -> None:
    for item in items:
        state.put(pick_key(item), chosen)


def draw_bulk(items: Sequence[AgendaItem]) -> None:
    """Says beforehand what will happen and what cannot."""
    actor = current_actor(Permission.FOLLOWUP_TEAM)
    chosen = picked(items)
    action = _ask_action()
    if action is None or not chosen:
        return
    refused = {item.follow_up.id: why for item in chosen if (why := obstacle(actor, item.follow_up, action))}
    can = [item for item in chosen if item.follow_up.id not in refused]
    _draw_summary(action, chosen, refused, len(can))
    problem = st.container()
    if st.button(_("Do this"), type="primary", icon=":material/check:", key="save-bulk", disabled=not can):
        versions = {item.follow_up.id: item.follow_up.version for item in can}
        result = perform("", bulk, versions, action)
        if result is not None:
            _tell(len(versions), result, can)
            state.forget(*state.keys(f"{KEY}-"))
        close_when(result, problem)


def _ask_action() -> Action | None:
    names = {DONE: _("Done"), MOVE: _("Move"), PASS: _("Hand over")}
    what = st.segmented_control(
        _("What to do with them"), list(names), format_func=names.__getitem__, default=MOVE, required=True, key=KEY
    )
    if what == DONE:
        outcome = st.text_input(
            _("Outcome, the same for all"), key=f"{KEY}-outcome", max_chars=NOTE_LENGTH, persist_state="page"
        )
        return Finish(outcome)
    if what == MOVE:
        day: date | None = st.date_input(
            _("To which day, each at its own time"),
            add_working_days(today(), 1),
            format="DD-MM-YYYY",
            key=f"{KEY}-day",
            persist_state="page",
        )
        reason = st.text_input(_("Reason"), key=f"{KEY}-reason", max_chars=NOTE_LENGTH, persist_state="page")
        return Postpone(day, reason) if day else None
    names_of = receivers(current_actor(Permission.FOLLOWUP_TEAM))
    owner_id = st.selectbox(
        _("To whom"),
        list(names_of),
        index=None,
        format_func=names_of.__getitem__,
        placeholder=_("Choose a colleague or the team"),
        key=f"{KEY}-owner",
        persist_state="page",
    )
    word = st.text_input(_("A word with it"), key=f"{KEY}-word", max_chars=NOTE_LENGTH, persist_state="page")
    return HandOver(owner_id or None, word) if owner_id is not None else None


def _draw_summary(action: Action, chosen: Sequence[AgendaItem], refused: Refused, can: int) -> None:
    st.markdown(f"**{_what_happens(action, can)}**")
    if refused:
        count = len(refused)
        st.markdown(ngettext("{n} stays as it is:", "{n} stay as they are:", count).format(n=count))
    for item in chosen:
        if why := refused.get(item.follow_up.id):
            st.caption(literal(f"{item.name}: {why}"))


def _what_happens(action: Action, count: int) -> str:
    if isinstance(action, Postpone):
        words = ngettext("{n} moves to {day}.", "{n} move to {day}.", count)
        return literal(words.format(n=count, day=show_day(action.day)))
    if isinstance(action, HandOver):
        return ngettext("{n} is handed over.", "{n} are handed over.", count).format(n=count)
    return ngettext("{n} will be done.", "{n} will be done.", count).format(n=count)


def _tell(count: int, refused: Refused, items: Sequence[AgendaItem]) -> None:
    done = count - len(refused)
    state.tell("success", ngettext("{n} changed.", "{n} changed.", done).format(n=done))
    for item in items:
        if why := refused.get(item.follow_up.id):
            state.tell("warning", f"{item.name}: {why}")
