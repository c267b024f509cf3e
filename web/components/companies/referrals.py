"""Who told us of a company, and of which ones it told us."""

from collections.abc import Sequence

import streamlit as st

from crm.access.actor import Actor
from crm.core.clock import local
from crm.core.db import reading
from crm.core.i18n import _, show_date
from crm.desk.referrals import Told
from crm.matching.tips import TipOnCompany, tips_on
from web.components.links import link, open_here
from web.components.text import literal


def draw_referrals(actor: Actor, company_id: int, told_by: Sequence[Told], told_of: Sequence[Told]) -> None:
    """Companies that named each other, and tips of job seekers; nothing when there are none."""
    with reading() as session:
        tips = tips_on(session, actor, company_id)
    if not (told_by or told_of or tips):
        return
    with st.container(border=True, gap="xsmall"):
        st.subheader(_("Who told us of whom"), anchor=False)
        for told in told_by:
            _draw_told(_("Named by"), told, told.contact, "" if told.may_name else _("Do not say that name."))
        for told in told_of:
            _draw_told(_("Named"), told, told.town)
        for tip in tips:
            _draw_tip(actor, tip)


def _draw_told(label: str, told: Told, *more: str) -> None:
    with st.container(gap="xxsmall", key=f"told-{label}-{told.company_id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(label, width="content")
            open_here(told.company, f"open-told-{label}-{told.company_id}", bold=True, company=told.company_id)
        words = [show_date(local(told.at).date()), told.caller, *more]
        st.caption(literal(" · ".join(word for word in words if word)))


def _draw_tip(actor: Actor, tip: TipOnCompany) -> None:
    with st.container(gap="xxsmall", key=f"tip-on-{tip.candidate_id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(_("A tip from a job seeker"), width="content")
            if tip.name:
                link(actor, "candidates", tip.name, bold=True, candidate=tip.candidate_id, part="tips")
        silent = _("Do not say that name.") if tip.name and not tip.may_name else ""
        words = [show_date(local(tip.at).date()), tip.written_by, silent]
        st.caption(literal(" · ".join(word for word in words if word)))
