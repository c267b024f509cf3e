"""Who is not to be called any more: look it up, and write down a number that somebody asked for."""

import streamlit as st

from crm.access.permissions import Permission
from crm.companies.models import Suppression
from crm.companies.queries import blocks
from crm.core.db import reading
from crm.core.i18n import _
from crm.privacy.lifting import why_they_stay
from crm.privacy.numbers import of_nobody
from web import state
from web.components.blocks.dialogs import ERASE_NUMBER, draw_open_block
from web.components.blocks.number import draw_block_button, draw_number_block
from web.components.blocks.rows import draw_block
from web.components.dialogs import dialog_button
from web.components.paging import draw_older
from web.session import current_actor

TEXT, BEFORE = "block-text", "block-before"
STANDING, TAKEN_BACK = "standing", "taken-back"

actor = current_actor(Permission.PRIVACY_MANAGE)


def start_again() -> None:
    state.forget(BEFORE)


with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Do not call"), anchor=False)
    with st.container(horizontal=True, width="content"):
        dialog_button(_("Erase a number"), ERASE_NUMBER, key="ask-erase-number", icon=":material/delete_forever:")
        draw_block_button(actor)
st.caption(_("A company or a person is blocked on the card of the company. Every list and every import obeys at once."))
text = st.text_input(
    _("Search"),
    key=TEXT,
    max_chars=100,
    placeholder=_("Name of a company or person, or a part of the number"),
    on_change=start_again,
)
shown = {STANDING: _("Not to be called"), TAKEN_BACK: _("Taken back")}
which = st.segmented_control(
    _("Which?"),
    list(shown),
    default=STANDING,
    required=True,
    format_func=shown.__getitem__,
    label_visibility="collapsed",
    key="block-which",
    on_change=start_again,
)
with reading() as session:
    page = blocks(session, actor, text, taken_back=which == TAKEN_BACK, before=state.value(BEFORE))
    standing = [row.block for row in page.rows if isinstance(row.block, Suppression)]
    stay = why_they_stay(session, actor, standing)
    free = of_nobody(session, actor, {block.e164 for block in standing if block.e164})

with st.container(gap="xsmall"):
    for row in page.rows:
        draw_block(actor, row, stay.get(row.block.id), of_nobody=row.block.e164 in free)
if not page.rows and which == TAKEN_BACK:
    st.info(_("No block that fits this was taken back.") if text.strip() else _("No block was taken back yet."))
elif not page.rows:
    st.info(_("Nobody is blocked that fits this.") if text.strip() else _("Nobody is blocked yet."))
draw_older(BEFORE, page.older)
draw_number_block()
draw_open_block()
