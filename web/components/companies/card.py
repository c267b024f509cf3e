"""One company: who they are, whether we may call, their numbers, and what stands in the way."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.queries import Holder
from crm.companies.models import Company, CompanyNumber
from crm.companies.queries import CompanyCard, EvidenceRow
from crm.companies.rules import Verdict
from crm.companies.services import confirm_legal_form, mark_running
from crm.core.i18n import _
from crm.desk.services import call_company
from crm.reference.models import ColdCall
from crm.reference.queries import legal_form
from crm.telephony.numbers import dial_link, show_number
from web.actions import perform
from web.components.blocks.dialogs import draw_take_backs
from web.components.calls.button import call_button
from web.components.calls.log import draw_log_call_button
from web.components.companies.dialogs import BLOCK, NUMBER, STOPPED, WRONG
from web.components.companies.texts import postcode, size, what_they_do
from web.components.dialogs import dialog_button
from web.components.links import open_here
from web.components.takeover import draw_holder, draw_take_over_button
from web.components.text import literal
from web.components.why import block_line, taken_back_line, why_lines, why_question


def draw_heading(company: Company) -> None:
    open_here(_("Back to the list"), "back", icon=":material/arrow_back:")
    st.title(literal(company.name), anchor=False)
    form = legal_form(company.legal_form)
    known_form = "" if form.cold_call is ColdCall.BLOCKED else form.name  # the line below tells that it is unknown
    words = [what_they_do(company), company.town, size(company), known_form]
    st.markdown(" · ".join(literal(word) for word in words if word))


def draw_gate(
    actor: Actor, card: CompanyCard, verdict: Verdict, evidence: EvidenceRow | None, holder: Holder | None
) -> None:
    """The line that says whether calling is allowed now; in words and with a sign, never by colour alone.

    `holder` is the colleague who is busy with the company.
    """
    draw = st.success if verdict.allowed else st.error
    draw(f"**{literal(verdict.reason)}**", icon=":material/call:" if verdict.allowed else ":material/phone_disabled:")
    with st.expander(why_question(verdict), icon=":material/gavel:", key="why"):
        st.markdown("  \n".join(literal(line) for line in why_lines(verdict, evidence)))
    _draw_blocks(actor, card)
    for warning in verdict.warnings:
        st.warning(literal(warning), icon=":material/event_busy:")
    if holder:
        draw_holder(holder)
    with st.container(horizontal=True):
        if holder:
            draw_take_over_button(actor, card.company.id, holder)
        elif verdict.allowed and actor.may(Permission.CALL_MAKE):
            call_button(_("Call this company"), "call-company", call_company, card.company.id)
        draw_log_call_button(actor, card.company.id)
        if actor.may(Permission.COMPANY_EDIT):
            _draw_repairs(card.company)
        if actor.may(Permission.COMPANY_BLOCK) and verdict.rule != "suppressed-company":
            label = _("Does not want to be called")
            dialog_button(label, BLOCK, card.company.id, key="ask-block", icon=":material/front_hand:")


def _draw_repairs(company: Company) -> None:
    if company.stopped_at:
        st.button(
            _("The company still exists"),
            key="mark-running",
            on_click=perform,
            args=(_("Saved."), mark_running, company.id),
        )
    else:
        label = _("The company has stopped")
        dialog_button(label, STOPPED, company.id, key="ask-stopped", icon=":material/storefront:")
    doubtful = legal_form(company.legal_form).cold_call is ColdCall.MANUAL
    if doubtful and company.legal_form_checked != company.legal_form:
        st.button(
            _("Found out: it is a legal person"),
            key="confirm-form",
            icon=":material/fact_check:",
            on_click=perform,
            args=(_("Saved."), confirm_legal_form, company.id),
            kwargs={"version": company.version},
        )


def draw_numbers(actor: Actor, card: CompanyCard, verdict: Verdict) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(_("Numbers"), anchor=False)
        if actor.may(Permission.COMPANY_EDIT):
            dialog_button(_("Add"), NUMBER, card.company.id, key="add-number", icon=":material/add:")
    if not card.numbers:
        st.caption(_("No number yet. Without a number nobody can call."))
    for number in card.numbers:
        _draw_number(actor, card, number, may_dial=verdict.allowed)


def _draw_number(actor: Actor, card: CompanyCard, number: CompanyNumber, *, may_dial: bool) -> None:
    shown = show_number(number.e164)
    block = next((block for block in card.suppressions if block.e164 == number.e164), None)
    with st.container(gap="xxsmall", key=f"number-{number.id}"):
        if block:
            st.markdown(f":material/phone_disabled: ~~{shown}~~ {literal(block_line(block))}")
        elif number.is_wrong:
            st.markdown(f":material/phone_disabled: ~~{shown}~~ {_('does not work')}")
        else:
            _draw_usable(actor, card, number, shown, may_dial=may_dial)


def _draw_usable(actor: Actor, card: CompanyCard, number: CompanyNumber, shown: str, *, may_dial: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if may_dial:
            st.link_button(f"**{shown}**", dial_link(number.e164), icon=":material/call:")
        else:
            st.markdown(f"**{shown}**", width="content")
        if actor.may(Permission.COMPANY_EDIT):
            key = f"wrong-{number.id}"
            dialog_button(_("Wrong number"), WRONG, card.company.id, number.id, key=key, type="tertiary")
    notes = [_("main number") if number.is_main else "", number.source and _("from: {s}").format(s=number.source)]
    st.caption(literal(" · ".join(note for note in notes if note)))


def _draw_blocks(actor: Actor, card: CompanyCard) -> None:
    """Why and since when the company is blocked, and what of that was a mistake."""
    own = [block for block in card.suppressions if block.company_id == card.company.id]
    for block in card.suppressions:
        if block.company_id and block not in own:
            st.caption(literal(f"{_('Another branch')} · {block_line(block)}"))
    if actor.may(Permission.PRIVACY_MANAGE):
        draw_take_backs(actor, card)
    else:
        for block in own:
            st.caption(literal(f"{_('The company')} · {block_line(block)}"))
    for gone in card.taken_back:
        st.caption(f"~~{literal(gone.reason.label)}~~ {literal(taken_back_line(gone))}")


def draw_details(company: Company) -> None:
    form = legal_form(company.legal_form)
    known = [
        (_("Legal form"), form.name),
        (_("Address"), ", ".join(filter(None, (company.street, f"{postcode(company)} {company.town}".strip())))),
        (_("KVK number"), company.kvk_number or ""),
        (_("Branch number"), company.branch_number or ""),
        (_("E-mail"), company.email),
        (_("Website"), company.website),
        (_("Source"), company.source),
    ]
    unknown = f":gray[{_('not known')}]"
    st.markdown("  \n".join(f"**{label}:** {literal(value) or unknown}" for label, value in known))
    if company.non_mailing:
        st.caption(_("Does not want advertising by post (Non-Mailing Indicator)."))
