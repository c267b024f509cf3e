"""All that somebody promised for one day, where the week has no room for it."""

from collections.abc import Sequence

import streamlit as st

from crm.access.permissions import Permission
from crm.core.clock import local
from crm.core.i18n import _, show_time
from crm.followups.queries import AgendaItem
from web.components.follow_ups.opening import open_dialog
from web.components.text import literal
from web.session import current_actor


def draw_day(items: Sequence[AgendaItem], ordinal: int) -> None:
    """Of these items, what is due on that day; each opens the question to when it moves."""
    current_actor(Permission.FOLLOWUP_OWN)
    st.caption(_("Choose one to move it."))
    with st.container(gap="xsmall"):
        for item in items:
            if local(item.follow_up.due_at).date().toordinal() == ordinal and _is_chosen(item):
                open_dialog("move", item.follow_up)
                st.rerun()


def _is_chosen(item: AgendaItem) -> bool:
    label = literal(f"{show_time(item.follow_up.due_at)} {item.name}")
    return st.button(label, key=f"day-{item.follow_up.id}", type="tertiary", icon=":material/event_repeat:")
