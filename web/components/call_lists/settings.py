"""What a coordinator changes about a list that callers work on: who calls, how soon, how often, and whether it lives.

Both dialogs save on the version of the list they were opened on, so a colleague's change is noticed.
"""

from collections.abc import Iterable, Sequence
from functools import partial

import streamlit as st
from sqlmodel import Session
from streamlit.delta_generator import DeltaGenerator

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.inputs import ListSettings
from crm.calling.lists import about_list, callers, change_list, set_members
from crm.calling.models import CallList, Priority
from crm.core.db import reading
from crm.core.i18n import _
from web.actions import perform
from web.components.call_lists.about import CAPACITY, SEARCHABLE, Named, live_words, priority_help
from web.components.dialogs import close_when, dialog_button, draw_cancel, open_dialog, opened, show_dialog
from web.components.versions import Compared, draw_versions, yes_or_no
from web.session import current_actor

MEMBERS, SETTINGS = "list-members", "list-settings"


def draw_settings_buttons(made: CallList) -> None:
    about = (made.id, made.version)
    dialog_button(_("Callers"), MEMBERS, *about, key=f"callers-{made.id}", icon=":material/group:")
    dialog_button(_("Settings"), SETTINGS, *about, key=f"settings-{made.id}", icon=":material/tune:")


def draw_open_settings(list_id: int) -> None:
    """The dialog about this list, if one is open."""
    name, about = opened()
    if about[:1] != (list_id,):
        return
    if name == MEMBERS:
        show_dialog(_("Who works on this list?"), partial(_draw_members, *about))
    if name == SETTINGS:
        show_dialog(_("How does this list work?"), partial(_draw_settings, *about))


def _draw_members(list_id: int, version: int) -> None:
    actor = current_actor(Permission.LIST_MANAGE)
    with reading() as session:
        kept = about_list(session, actor, list_id)
        names = {user.id: user.name for user in callers(session, actor)}
    key, now = f"members-{list_id}", [user_id for user_id in kept.caller_ids if user_id in names]
    st.text(kept.list.name)
    versions = st.container()
    chosen = st.multiselect(
        _("Callers"),
        list(names),
        default=now,
        format_func=names.__getitem__,
        placeholder=_("Choose one or more callers"),
        key=key,
        **SEARCHABLE,
    )
    problem = st.container()
    if st.button(_("Save"), type="primary", key="save-members"):
        close_when(perform(_("Saved."), set_members, list_id, chosen, version=version), problem)
    compared = Compared(_("Callers"), key, now, partial(_in_a_row, names))
    _draw_versions(versions, MEMBERS, version, kept.list, [compared])


def _draw_versions(where: DeltaGenerator, name: str, version: int, made: CallList, fields: Sequence[Compared]) -> None:
    with where:
        draw_versions(version, made, fields, partial(open_dialog, name, made.id))


def _in_a_row(names: Named, ids: Iterable[int]) -> str:
    return ", ".join(name for user_id, name in names.items() if user_id in set(ids))


def _draw_settings(list_id: int, version: int) -> None:
    actor = current_actor(Permission.LIST_MANAGE)
    with reading() as session:
        made = about_list(session, actor, list_id).list
    st.text(made.name)
    versions = st.container()
    wanted = _draw_fields(made)
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Save"), type="primary", key="save-settings"):

            def keep(session: Session, actor: Actor) -> CallList:
                return change_list(session, actor, list_id, ListSettings.model_validate(wanted), version=version)

            close_when(perform(_("Saved."), keep), problem)
        draw_cancel()
    _draw_versions(versions, SETTINGS, version, made, _compared(made))


def _draw_fields(made: CallList) -> dict[str, object]:
    wanted: dict[str, object] = {
        "priority": st.segmented_control(
            _("Priority"),
            list(Priority),
            default=Priority(made.priority),
            required=True,
            format_func=lambda priority: priority.label,
            key=_key(made, "priority"),
            help=priority_help(),
        ),
        "daily_capacity": st.number_input(
            _("Attempts a day, at most"),
            value=made.daily_capacity,
            placeholder=_("As many as we can"),
            key=_key(made, "capacity"),
            **CAPACITY,
        ),
        "is_live": st.checkbox(
            _("The list keeps itself up to date"), made.is_live, key=_key(made, "live"), disabled=not made.filters
        ),
    }
    st.caption(live_words() if made.filters else _("This list was made of chosen companies, so it stays as it is."))
    return wanted


def _key(made: CallList, name: str) -> str:
    return f"{name}-{made.id}"


def _compared(made: CallList) -> list[Compared]:
    return [
        Compared(_("Priority"), _key(made, "priority"), Priority(made.priority), lambda priority: priority.label),
        Compared(_("Attempts a day, at most"), _key(made, "capacity"), made.daily_capacity),
        Compared(_("The list keeps itself up to date"), _key(made, "live"), made.is_live, yes_or_no),
    ]
