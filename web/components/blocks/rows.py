"""A line for each block: who, why, when, and by whom."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm.access.actor import Actor
from crm.companies.models import TakenBackBlock
from crm.companies.queries import BlockRow
from crm.core.i18n import _, show_moment
from crm.privacy.lifting import Stays
from crm.telephony.numbers import show_number
from web.components.blocks.dialogs import draw_erase_button, draw_take_back_button
from web.components.links import link
from web.components.text import literal
from web.components.why import taken_back_line


def draw_block(actor: Actor, row: BlockRow, stays: Stays | None, *, of_nobody: bool) -> None:
    """`stays` is why it is not taken back; `of_nobody` is for a number that no company has."""
    block = row.block
    with st.container(border=True, key=f"block-{block.id}", gap="xxsmall"):
        who, why = st.columns([6, 5], vertical_alignment="center")
        with who:
            st.markdown(f"**{literal(_whom(row))}**")
            if row.company:
                link(actor, "companies", row.company.name, company=row.company.id)
        if isinstance(block, TakenBackBlock):
            _draw_taken_back(why, row, block)
            return
        why.markdown(literal(block.reason.label))
        why.caption(_joined(show_moment(block.created_at), row.made_by or "Kopkoffie", block.note))
        with why.container(horizontal=True):
            draw_take_back_button(block, stays)
            if of_nobody:
                draw_erase_button(block)


def _draw_taken_back(where: DeltaGenerator, row: BlockRow, block: TakenBackBlock) -> None:
    where.markdown(f"~~{literal(block.reason.label)}~~ {literal(taken_back_line(block))}")
    blocked = _("Blocked {moment}").format(moment=show_moment(block.blocked_at))
    taker = _("taken back by {name}").format(name=row.taken_back_by)
    where.caption(_joined(taker, blocked, row.made_by or "Kopkoffie", block.note))


def _joined(*words: str) -> str:
    return " · ".join(literal(word) for word in words if word)


def _whom(row: BlockRow) -> str:
    if row.block.e164:
        return show_number(row.block.e164)
    if row.person:
        return row.person
    if row.company:
        return _("The whole company")
    return _("Erased; recognised when it comes back")
