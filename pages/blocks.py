"""Who is not to be called any more: look it up, and write down a number that somebody asked for."""

import streamlit as st

from crm.access.permissions import Permission
from crm.companies.queries import blocks
from crm.core.db import reading
from crm.core.i18n import _
from web import state
from web.components.block_rows import draw_block
from web.components.number_block import draw_block_button, draw_number_block
from web.session import current_actor

TEXT, BEFORE = "block-text", "block-before"

actor = current_actor(Permission.PRIVACY_MANAGE)


def start_again() -> None:
    state.forget(BEFORE)


with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Do not call"), anchor=False)
    draw_block_button(actor)
st.caption(_("A company or a person is blocked on the card of the company. Every list and every import obeys at once."))
text = st.text_input(
    _("Search"),
    key=TEXT,
    max_chars=100,
    placeholder=_("Name of a company or person, or a part of the number"),
    on_change=start_again,
)
with reading() as session:
    page = blocks(session, actor, text, before=state.value(BEFORE))

with st.container(gap="xsmall"):
    for row in page.rows:
        draw_block(actor, row)
if not page.rows:
    st.info(_("Nobody is blocked that fits this.") if text.strip() else _("Nobody is blocked yet."))
with st.container(horizontal=True):
    st.button(
        _("Newest"), icon=":material/first_page:", on_click=start_again, key="newest", disabled=not state.value(BEFORE)
    )
    st.button(
        _("Older"),
        icon=":material/chevron_right:",
        on_click=state.put,
        args=(BEFORE, page.older),
        key="older",
        disabled=page.older is None,
    )
draw_number_block()
