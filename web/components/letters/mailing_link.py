"""From companies that may not be called to asking them by letter."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.inputs import ListFilters
from crm.core.i18n import _
from crm.core.settings import PROJECT_DIR
from web import state

PREFIX = "mailing"


def draw_way_to_mailing(actor: Actor, filters: ListFilters) -> None:
    """The trades and places of a call list, for a mailing."""
    if not actor.may(Permission.LETTER_SEND):
        return
    if st.button(_("Ask them for consent by letter"), key="list-to-mailing", icon=":material/mail:"):
        state.put(f"{PREFIX}-trades", list(filters.trades))
        state.put(f"{PREFIX}-towns", list(filters.towns))
        state.put(f"{PREFIX}-postcodes", filters.postcodes)
        st.switch_page(PROJECT_DIR / "pages" / "letters.py", query_params={"new": "1"})
