"""Tips of a job seeker: which company they named, and what came of it."""

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.queries import CandidateCard
from crm.companies.inputs import LeadInput
from crm.companies.models import Referral
from crm.companies.queries import FoundCompany
from crm.core.clock import local
from crm.core.db import reading
from crm.core.i18n import _, show_date
from crm.desk.referrals import alike
from crm.matching.tips import CameOfIt, Tip, thank, tip_known, tip_new, tips_of
from web import state
from web.actions import perform
from web.components.companies.texts import what_they_do
from web.components.links import link
from web.components.text import literal

EMPTY = {"tip-name": "", "tip-town": "", "tip-number": "", "tip-may-name": False}


def draw_tips(actor: Actor, card: CandidateCard) -> None:
    with reading() as session:
        tips = tips_of(session, actor, card.candidate.id)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(_("Tips so far"), anchor=False)
        if not tips:
            st.info(_("No tips yet. Ask: where did you see that people are short of hands?"))
        for tip in tips:
            _draw_tip(actor, tip)
    if actor.may(Permission.CANDIDATE_EDIT):
        with right:
            _draw_form(actor, card.candidate.id)


def _draw_tip(actor: Actor, tip: Tip) -> None:
    referral = tip.referral
    with st.container(border=True, gap="xsmall", key=f"tip-{referral.id}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            link(actor, "companies", tip.company.name, bold=True, company=tip.company.id)
            good = tip.came_of_it in {CameOfIt.WORK, CameOfIt.PLACED}
            st.badge(tip.came_of_it.label, color="green" if good else "gray")
        named = _("may be named") if referral.may_name else _("is not named")
        words = [tip.company.town, show_date(local(referral.created_at).date()), named]
        st.caption(literal(" · ".join(word for word in words if word)))
        if referral.thanked_on:
            st.caption(f":material/favorite: {_('Thanked on {day}').format(day=show_date(referral.thanked_on))}")
        elif actor.may(Permission.CANDIDATE_EDIT):
            st.button(
                _("I told what came of it, and said thank you"),
                key=f"thank-{referral.id}",
                type="tertiary",
                icon=":material/favorite:",
                on_click=perform,
                args=(_("Written down."), thank, referral.id),
            )


def _draw_form(actor: Actor, candidate_id: int) -> None:
    """What looks like it is shown while one types, so that no company is written down twice."""
    st.subheader(_("New tip"), anchor=False)
    name = st.text_input(_("Name of the company"), key="tip-name", max_chars=200, live=True)
    where, how = st.columns(2)
    town = where.text_input(_("Town"), key="tip-town", max_chars=80, live=True)
    number = how.text_input(_("Telephone number, if known"), key="tip-number", max_chars=120, live=True)
    st.checkbox(_("The caller may say who gave the tip"), key="tip-may-name")
    with reading() as session:
        known = alike(session, actor, name.strip(), town.strip(), number.strip())
    if known:
        st.markdown(f"**{_('Is it one of these?')}**")
    for row in known:
        _draw_known(candidate_id, row)
    label = _("No, write down a new company") if known else _("Write down this company")
    st.button(
        label,
        key="new-tip",
        type="secondary" if known else "primary",
        on_click=_add,
        args=(candidate_id, None),
    )


def _draw_known(candidate_id: int, row: FoundCompany) -> None:
    company = row.company
    words = [what_they_do(company), company.town, row.verdict.reason]
    label = f"**{literal(company.name)}** · {literal(' · '.join(word for word in words if word))}"
    key = f"known-tip-{company.id}"
    st.button(label, key=key, width="stretch", wrap=True, on_click=_add, args=(candidate_id, company.id))


def _add(candidate_id: int, company_id: int | None) -> None:
    may_name = bool(state.value("tip-may-name"))

    def add(session: Session, actor: Actor) -> Referral:
        if company_id is not None:
            return tip_known(session, actor, candidate_id, company_id, may_name=may_name)
        lead = LeadInput(**{name: state.value(f"tip-{name}", "") for name in ("name", "town", "number")})
        return tip_new(session, actor, candidate_id, lead, may_name=may_name)

    if perform(_("The tip is written down. A list of companies that others told us of takes it along."), add):
        for key, nothing in EMPTY.items():  # a browser keeps what stands in a field that is only forgotten here
            state.put(key, nothing)
