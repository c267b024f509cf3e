"""Messages: everything that was told to the one who looks, and what of it was read."""

import streamlit as st

from crm.core.db import reading
from crm.core.i18n import _
from crm.messaging.queries import notices, unread_count
from web import state
from web.components.links import link
from web.components.notices import draw_mark_all, draw_notice
from web.session import current_actor

PAGE, ONLY_UNREAD = "notices-page", "notices-unread"

actor = current_actor()

with reading() as session:
    news = unread_count(session, actor)

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Messages"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        only_unread = st.toggle(_("Only new ones"), key=ONLY_UNREAD, on_change=state.put, args=(PAGE, 1))
        draw_mark_all(news)

with reading() as session:
    shown = notices(session, actor, only_unread=only_unread, page=state.value(PAGE, 1))
for notice in shown.rows:
    draw_notice(actor, notice)
if not shown.rows:
    st.info(_("No new messages."))
if shown.pages > 1:
    state.put(PAGE, shown.number)
    st.pagination(shown.pages, key=PAGE)
link(actor, "account", _("Choose what you hear of, and how"), icon=":material/tune:")
