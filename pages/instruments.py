"""Schemes and methods for employers: what they are, who decides, and whether that is still so."""

import streamlit as st

from crm.access.permissions import Permission
from crm.core.i18n import _, ngettext
from crm.reference.instruments import InstrumentKind, find_instruments
from web.components.meetings.instrument_rows import draw_catalogue
from web.session import current_actor

current_actor(Permission.MEETING_PLAN)
st.title(_("Schemes for employers"), anchor=False)
st.caption(_("Name what exists and who decides, never an amount: whoever decides tells that."))
search, kind, old = st.columns([4, 3, 3], vertical_alignment="bottom")
text = search.text_input(_("Search"), key="instrument-text", max_chars=100, placeholder=_("Name, or who decides"))
chosen = kind.selectbox(
    _("Kind"),
    [None, *InstrumentKind],
    format_func=lambda one: one.label if one else _("All kinds"),
    key="instrument-kind",
)
ended = old.toggle(_("Also what does not exist any more"), key="instrument-ended")
found = find_instruments(text, chosen, ended=ended)
st.caption(ngettext("{n} scheme or method", "{n} schemes and methods", len(found)).format(n=len(found)))
if not found:
    st.info(_("Nothing found. Search with fewer words, or choose all kinds."))
draw_catalogue(found)
