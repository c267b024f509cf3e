"""Call lists with their progress, and what one may do with each."""

from functools import partial
from typing import Literal

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.lists import ListRow, set_status, update_list
from crm.calling.models import CallList, EntryState, ListStatus, Priority
from crm.core.clock import local
from crm.core.errors import CrmError
from crm.core.i18n import _, show_date, show_moment
from web import state
from web.actions import perform
from web.components.call_lists.about import (
    callers_of,
    companies_in,
    priority_label,
    whole,
)
from web.components.call_lists.course import forecast_in_words, results_in_words
from web.components.call_lists.retries import draw_retries
from web.components.call_lists.settings import draw_open_settings, draw_settings_buttons
from web.components.call_lists.skips import draw_skips
from web.components.dialogs import dialog_button, opened, show_dialog
from web.components.text import literal
from web.session import current_actor

COLORS: dict[ListStatus, Literal["green", "orange", "gray"]] = {
    ListStatus.OPEN: "green",
    ListStatus.PAUSED: "orange",
    ListStatus.CLOSED: "gray",
}
RETRIES, SKIPPED = "list-retries", "list-skipped"
ICONS = {ListStatus.OPEN: "play_arrow", ListStatus.PAUSED: "pause", ListStatus.CLOSED: "check"}


def draw_list(actor: Actor, row: ListRow, script: str, names: dict[int, str], jobs: int) -> None:
    """`jobs` is how many hidden jobs were found on this list."""
    made = row.list
    with st.container(border=True, gap="small", key=f"list-{made.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{literal(made.name)}**", width="stretch")
            icon = f":material/{ICONS[made.status]}:"
            if made.is_live:
                st.badge(_("Keeps itself up to date"), icon=":material/sync:", color="blue")
            st.badge(made.status.label, icon=icon, color=COLORS[made.status])
        st.progress(row.progress, text=_progress(row))
        st.text(f"{results_in_words(row, jobs)} · {forecast_in_words(row.forecast)}")
        day = show_date(local(made.created_at).date())
        about = [_("Script: {title}").format(title=script), _("Made on {day}").format(day=day)]
        about.append(_("Callers: {names}").format(names=callers_of(names, row.caller_ids)))
        if made.priority != Priority.NORMAL:
            about.append(priority_label(Priority(made.priority)))
        if made.daily_capacity:
            about.append(_("At most {n} attempts a day").format(n=whole(made.daily_capacity)))
        if made.is_live and made.updated_at:
            about.append(_("Brought up to date: {moment}").format(moment=show_moment(made.updated_at)))
        st.caption(literal(" · ".join(about)))
        if actor.may(Permission.LIST_MANAGE):
            _draw_actions(row)


def _progress(row: ListRow) -> str:
    words = [_("{n} of {companies} done").format(n=row.finished, companies=companies_in(row.total))]
    if busy := row.counts.get(EntryState.CLAIMED, 0):
        words.append(_("{n} being called now").format(n=busy))
    if blocked := row.counts.get(EntryState.BLOCKED, 0):
        words.append(_("{n} of them may not be called any more").format(n=blocked))
    return " · ".join(words)


def _draw_actions(row: ListRow) -> None:
    made = row.list
    with st.container(horizontal=True):
        if made.status is ListStatus.OPEN:
            _status_button(made, ListStatus.PAUSED, _("Pause"), _("The list is paused: nobody gets its companies."))
        else:
            _status_button(made, ListStatus.OPEN, _("Open again"), _("The list is open: callers get its companies."))
        if made.status is not ListStatus.CLOSED:
            _status_button(made, ListStatus.CLOSED, _("Close"), _("The list is closed. You can open it again."))
            draw_settings_buttons(made)
            dialog_button(_("New attempts"), RETRIES, made.id, key=f"retries-{made.id}", icon=":material/redo:")
            if row.skipped:
                label = _("Skipped ({n})").format(n=row.skipped)
                dialog_button(label, SKIPPED, made.id, key=f"skipped-{made.id}", icon=":material/skip_next:")
            if made.is_live:
                st.button(
                    _("Update now"), key=f"update-{made.id}", icon=":material/sync:", on_click=_update, args=(made.id,)
                )
    _draw_dialogs(row)


def _draw_dialogs(row: ListRow) -> None:
    made = row.list
    draw_open_settings(made.id)
    if opened() == (RETRIES, (made.id,)):
        show_dialog(_("When is somebody tried again?"), partial(draw_retries, made), width="medium")
    if opened() == (SKIPPED, (made.id,)):
        show_dialog(_("Skipped companies"), partial(draw_skips, made), width="medium")


def _update(list_id: int) -> None:
    try:  # in transactions of its own: a long list must not keep others from writing
        change = update_list(current_actor(Permission.LIST_MANAGE), list_id)
    except CrmError as error:
        state.tell("error", str(error))
        return
    if change:
        words = _("The list is up to date. Companies that came on: {added}. Companies that went off: {removed}.")
        state.tell("success", words.format(added=change.added, removed=change.removed))
    else:
        state.tell("info", _("The list was up to date already: nothing has changed."))


def _status_button(made: CallList, status: ListStatus, label: str, done: str) -> None:
    st.button(
        label,
        key=f"{status.value}-{made.id}",
        icon=f":material/{ICONS[status]}:",
        on_click=perform,
        args=(done, set_status, made.id, status),
        kwargs={"version": made.version},
    )
