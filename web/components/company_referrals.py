"""Who told us of a company, and of which ones it told us."""

from collections.abc import Sequence

import streamlit as st

from crm.core.clock import local
from crm.core.i18n import _, show_date
from crm.desk.referrals import Told
from web.components.links import open_here
from web.components.text import literal


def draw_referrals(told_by: Sequence[Told], told_of: Sequence[Told]) -> None:
    st.subheader(_("Who told us of whom"), anchor=False)
    for told in told_by:
        _draw_told(_("Named by"), told, told.contact, "" if told.may_name else _("Do not say that name."))
    for told in told_of:
        _draw_told(_("Named"), told, told.town)


def _draw_told(label: str, told: Told, *more: str) -> None:
    with st.container(gap="xxsmall", key=f"told-{label}-{told.company_id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(label, width="content")
            open_here(told.company, f"open-told-{label}-{told.company_id}", bold=True, company=told.company_id)
        words = [show_date(local(told.at).date()), told.caller, *more]
        st.caption(literal(" · ".join(word for word in words if word)))
