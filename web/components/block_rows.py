"""A line for each block: who, why, when, and by whom."""

import streamlit as st

from crm.access.actor import Actor
from crm.companies.queries import BlockRow
from crm.core.i18n import _, show_moment
from crm.telephony.numbers import show_number
from web.components.links import link
from web.components.text import literal


def draw_block(actor: Actor, row: BlockRow) -> None:
    block = row.block
    with st.container(border=True, key=f"block-{block.id}", gap="xxsmall"):
        who, why = st.columns([6, 5], vertical_alignment="center")
        with who:
            st.markdown(f"**{literal(_whom(row))}**")
            if row.company:
                link(actor, "companies", row.company.name, company=row.company.id)
        why.markdown(literal(block.reason.label))
        words = [show_moment(block.created_at), row.made_by or "Kopkoffie", block.note]
        why.caption(" · ".join(literal(word) for word in words if word))


def _whom(row: BlockRow) -> str:
    if row.block.e164:
        return show_number(row.block.e164)
    if row.person:
        return row.person
    if row.company:
        return _("The whole company")
    return _("Erased; recognised when it comes back")
