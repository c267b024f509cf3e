"""Call lists with their progress, and what one may do with each."""

from functools import partial
from typing import Literal

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.lists import ListRow, callers, set_members, set_status
from crm.calling.models import CallList, EntryState, ListStatus
from crm.core.clock import local
from crm.core.db import reading
from crm.core.i18n import _, show_date
from web.actions import perform
from web.components.dialogs import close_when, dialog_button, opened, show_dialog
from web.components.list_form import SEARCHABLE, callers_of, companies_in
from web.components.list_retries import draw_retries
from web.components.text import literal
from web.session import current_actor

COLORS: dict[ListStatus, Literal["green", "orange", "gray"]] = {
    ListStatus.OPEN: "green",
    ListStatus.PAUSED: "orange",
    ListStatus.CLOSED: "gray",
}
MEMBERS, RETRIES = "list-members", "list-retries"
ICONS = {ListStatus.OPEN: "play_arrow", ListStatus.PAUSED: "pause", ListStatus.CLOSED: "check"}


def draw_list(actor: Actor, row: ListRow, script: str, names: dict[int, str]) -> None:
    made = row.list
    with st.container(border=True, gap="small", key=f"list-{made.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{literal(made.name)}**", width="stretch")
            icon = f":material/{ICONS[made.status]}:"
            st.badge(made.status.label, icon=icon, color=COLORS[made.status])
        st.progress(row.progress, text=_progress(row))
        day = show_date(local(made.created_at).date())
        about = [_("Script: {title}").format(title=script), _("Made on {day}").format(day=day)]
        st.caption(literal(" · ".join([*about, _("Callers: {names}").format(names=callers_of(names, row.caller_ids))])))
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
            dialog_button(_("Callers"), MEMBERS, made.id, key=f"callers-{made.id}", icon=":material/group:")
            dialog_button(_("New attempts"), RETRIES, made.id, key=f"retries-{made.id}", icon=":material/redo:")
    if opened() == (MEMBERS, (made.id,)):
        show_dialog(_("Who works on this list?"), partial(_draw_members, row))
    if opened() == (RETRIES, (made.id,)):
        show_dialog(_("When is somebody tried again?"), partial(draw_retries, made), width="medium")


def _status_button(made: CallList, status: ListStatus, label: str, done: str) -> None:
    st.button(
        label,
        key=f"{status.value}-{made.id}",
        icon=f":material/{ICONS[status]}:",
        on_click=perform,
        args=(done, set_status, made.id, status),
        kwargs={"version": made.version},
    )


def _draw_members(row: ListRow) -> None:
    actor = current_actor(Permission.LIST_MANAGE)
    with reading() as session:
        names = {user.id: user.name for user in callers(session, actor)}
    st.text(row.list.name)
    chosen = st.multiselect(
        _("Callers"),
        list(names),
        default=[user_id for user_id in row.caller_ids if user_id in names],
        format_func=names.__getitem__,
        placeholder=_("Choose one or more callers"),
        key=f"members-{row.list.id}",
        **SEARCHABLE,
    )
    problem = st.container()
    if st.button(_("Save"), type="primary", key="save-members"):
        close_when(perform(_("Saved."), set_members, row.list.id, chosen), problem)
