"""Whom else should we call? Companies that the other names during the call."""

from functools import partial

import streamlit as st
from sqlmodel import Session
from streamlit.delta_generator import DeltaGenerator

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.gate import may_call_many
from crm.companies.inputs import LeadInput
from crm.companies.models import Company, Referral
from crm.companies.queries import FoundCompany
from crm.core.db import reading
from crm.core.i18n import _
from crm.desk.queries import Talk
from crm.desk.referrals import alike
from crm.desk.rules import REFERRED
from crm.desk.services import name_known, name_new
from web import state
from web.actions import perform
from web.components.calls.log import draw_log_call_at_desk_button
from web.components.companies.texts import what_they_do
from web.components.desk.acting import changed
from web.components.desk.belonging import of_call
from web.components.dialogs import close_when, dialog_button, draw_cancel, opened, show_dialog
from web.components.text import literal
from web.session import current_actor

LEAD = "lead"


def draw_leads(talk: Talk) -> None:
    """The companies that were named, and the way to write one down."""
    result = talk.draft.result
    referred = result is not None and result.code == REFERRED
    with st.container(key="leads", horizontal=True, vertical_alignment="center", gap="xsmall"):
        look = {"shortcut": "L", "type": "secondary" if referred else "tertiary"}
        dialog_button(_("Another company to call"), LEAD, talk.call.id, key="name-lead", **look)
        draw_log_call_at_desk_button(type="tertiary")
        if talk.leads:
            st.caption(literal(_("Named: {names}").format(names=", ".join(map(_place, talk.leads)))))
        elif referred:
            st.caption(_("Which company was named?"))
    if opened() == (LEAD, (talk.call.id,)):
        show_dialog(_("Whom else should we call?"), partial(_draw_lead, talk.call.id))


def _place(company: Company) -> str:
    return f"{company.name} ({company.town})" if company.town else company.name


def _draw_lead(call_id: int) -> None:
    """What looks like it is shown while one types, so that no company is written down twice."""
    actor = current_actor(Permission.CALL_MAKE)
    name = st.text_input(_("Name of the company"), key=of_call("lead-name", call_id), max_chars=200, live=True)
    where, how = st.columns(2)
    town = where.text_input(_("Town"), key=of_call("lead-town", call_id), max_chars=80, live=True)
    number = how.text_input(
        _("Telephone number, if known"), key=of_call("lead-number", call_id), max_chars=120, live=True
    )
    may_name = st.checkbox(_("May we say who recommended this company?"), key=of_call("lead-may-name", call_id))
    st.caption(_("Ask it. Without a yes, the name is not said in the call that follows."))
    with reading() as session:
        known = alike(session, actor, name.strip(), town.strip(), number.strip())
    problem = st.container()
    if known:
        st.markdown(f"**{_('Is it one of these?')}**")
    for row in known:
        _draw_known(call_id, row, problem, may_name=may_name)
    with st.container(horizontal=True):
        label = _("No, write down a new company") if known else _("Write down this company")
        if st.button(label, key="new-lead", type="secondary" if known else "primary"):
            given = {"name": name, "town": town, "number": number}
            _close(call_id, perform("", _name_new, call_id, given, may_name=may_name), problem)
        draw_cancel()


def _draw_known(call_id: int, row: FoundCompany, problem: DeltaGenerator, *, may_name: bool) -> None:
    company = row.company
    words = [what_they_do(company), company.town, row.verdict.reason]
    label = f"**{literal(company.name)}** · {literal(' · '.join(word for word in words if word))}"
    if st.button(label, key=f"known-lead-{company.id}", width="stretch", wrap=True):
        _close(call_id, perform("", name_known, call_id, company.id, may_name=may_name), problem)


def _name_new(session: Session, actor: Actor, call_id: int, given: dict[str, str], *, may_name: bool) -> Referral:
    return name_new(session, actor, call_id, LeadInput(**given), may_name=may_name)


def _close(call_id: int, kept: Referral | None, problem: DeltaGenerator) -> None:
    if kept:
        changed()
        state.tell(*_what_now(kept.company_id))
    close_when(kept, problem)


def _what_now(company_id: int) -> tuple[state.Level, str]:
    """Whether the company may be called, and what to do when not."""
    with reading() as session:
        verdict = may_call_many(session, [company_id], any_time=True)[company_id]
        company = session.get_one(Company, company_id)
    kept = _("{name} is written down.").format(name=company.name)
    if verdict.allowed:
        return "success", f"{kept} {_('A coordinator can put it on a call list.')}"
    return "info", f"{kept} {verdict.reason} {_ways_forward(verdict.rule)}".strip()


def _ways_forward(rule: str) -> str:
    if rule == "no-number":
        return _("Fill in the number and the legal form at the company.")
    if rule.startswith("suppressed") or rule == "stopped":
        return ""
    return _("Fill in the legal form at the company, or send a letter.")
