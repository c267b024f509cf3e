"""Choosing companies by trade and place."""

from collections.abc import Mapping
from functools import cache

import streamlit as st
from pydantic import ValidationError

from crm.access.actor import Actor
from crm.calling.inputs import LONGEST_POSTCODES, ListFilters
from crm.companies.queries import towns
from crm.core.db import reading
from crm.core.errors import explain
from crm.core.i18n import _
from crm.reference.models import Sbi
from crm.reference.queries import sbi_classes, sbi_divisions, sbi_groups, sbi_sections
from web.components.call_lists.about import SEARCHABLE
from web.components.companies.texts import trade_label
from web.components.text import literal

EXAMPLE = "3311, 33, 3300-3399"


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
            _("Postcode areas"), key=f"{prefix}-postcodes", placeholder=EXAMPLE, max_chars=LONGEST_POSTCODES
        ),
    }


@cache
def trades() -> list[Sbi]:
    """Sections first, which are letters; then divisions with their groups and classes."""
    return [*sbi_sections(), *sorted([*sbi_divisions(), *sbi_groups(), *sbi_classes()], key=lambda trade: trade.code)]


def read_filters(given: Mapping[str, object]) -> ListFilters | None:
    """None when something is wrong, which is said then."""
    try:
        return ListFilters.model_validate(given)
    except ValidationError as error:
        st.error(literal(explain(error)))
        return None
