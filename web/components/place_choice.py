"""Choosing companies by trade and place."""

import streamlit as st

from crm.access.actor import Actor
from crm.companies.queries import towns
from crm.core.db import reading
from crm.core.i18n import _
from web.components.company_texts import trade_label
from web.components.list_about import SEARCHABLE
from web.components.list_form import trades


def draw_place_choice(actor: Actor, prefix: str) -> dict[str, object]:
    """What `ListFilters` reads; the keys of the widgets begin with `prefix`."""
    with reading() as session:
        known_towns = towns(session, actor)
    codes, everything, everywhere = [trade.code for trade in trades()], _("All trades"), _("All towns")
    return {
        "trades": st.multiselect(
            _("Trade"), codes, format_func=trade_label, placeholder=everything, key=f"{prefix}-trades", **SEARCHABLE
        ),
        "towns": st.multiselect(_("Town"), known_towns, placeholder=everywhere, key=f"{prefix}-towns", **SEARCHABLE),
        "postcodes": st.text_input(
            _("Postcode areas"), key=f"{prefix}-postcodes", placeholder="3311, 33, 3300-3399", max_chars=500
        ),
    }
