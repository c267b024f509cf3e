"""Somebody phones or writes not to call any more: that number is blocked, whoever has it."""

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.inputs import NumberBlockInput
from crm.companies.models import Suppression
from crm.companies.queries import FoundCompanies, FoundCompany, companies_with
from crm.companies.services import suppress, suppress_number
from crm.core.db import reading
from crm.core.i18n import _, show_moment
from crm.telephony.numbers import show_number
from web import state
from web.actions import perform
from web.components.companies.dialogs import REASONS
from web.components.dialogs import dialog_button, draw_cancel, open_dialog, opened, show_dialog
from web.components.messages import draw_messages
from web.components.text import literal
from web.session import current_actor

BLOCK_NUMBER = "block-number"
NUMBER, REASON, NOTE = "blocked-number", "blocked-reason", "blocked-note"
WHY = "blocked-why"  # a company is blocked for the reason that its number was


def draw_block_button(actor: Actor) -> None:
    if actor.may(Permission.COMPANY_BLOCK):
        label = _("Do not call any more")
        dialog_button(label, BLOCK_NUMBER, key="ask-block-number", icon=":material/phone_disabled:")


def draw_number_block() -> None:
    """The dialog, if it is open: first the number, then what came of it."""
    if opened()[0] == BLOCK_NUMBER:
        show_dialog(_("Do not call any more"), _draw)


def _draw() -> None:
    actor = current_actor(Permission.COMPANY_BLOCK)
    about = opened()[1]
    if about:
        _draw_result(actor, *about)
    else:
        _draw_form()
    draw_messages()
    with st.container(horizontal=True):
        if not about:
            st.button(_("Block this number"), type="primary", key="confirm-block-number", on_click=_block)
        draw_cancel(_("Done") if about else "")


def _draw_form() -> None:
    st.text_input(_("Telephone number"), key=NUMBER, placeholder="010 123 4567", max_chars=120, autocomplete="off")
    st.radio(_("Reason"), REASONS, format_func=lambda reason: reason.label, key=REASON)
    st.text_input(
        _("How did you hear it? (if you want)"),
        key=NOTE,
        placeholder=_("by telephone, by e-mail, in a letter"),
        max_chars=500,
    )
    st.write(_("Nobody calls this number again, whoever has it. Only a coordinator can take this back."))


def _block() -> None:
    given = {"number": state.value(NUMBER), "reason": state.value(REASON), "note": state.value(NOTE)}

    def keep(session: Session, actor: Actor) -> tuple[Suppression, bool]:
        return suppress_number(session, actor, NumberBlockInput.model_validate(given))

    if kept := perform("", keep):
        block, is_new = kept
        state.put(WHY, {"reason": given["reason"], "note": given["note"]})
        open_dialog(BLOCK_NUMBER, block.id, int(is_new))


def _draw_result(actor: Actor, block_id: int, is_new: int) -> None:
    with reading() as session:
        block = session.get_one(Suppression, block_id)
        found = companies_with(session, actor, block.e164 or "")
    if is_new:
        done = _("{number} is blocked. Nobody calls it any more.").format(number=show_number(block.e164 or ""))
        st.success(literal(done), icon=":material/phone_disabled:")
    else:
        st.info(literal(_already(block)), icon=":material/phone_disabled:")
    _draw_companies(found)


def _already(block: Suppression) -> str:
    return _("{number} was already blocked ({reason}, {moment}). Nobody calls it.").format(
        number=show_number(block.e164 or ""), reason=block.reason.label, moment=show_moment(block.created_at)
    )


def _draw_companies(found: FoundCompanies) -> None:
    if not found.rows:
        st.caption(_("We know no company with this number."))
        return
    st.markdown(f"**{_('This is the number of:')}**")
    for row in found.rows:
        _draw_company(row)
    if found.more:
        st.caption(_("More companies have this number. Search for the number to see them all."))
    if not all(map(_is_blocked, found.rows)):
        st.caption(
            _("A blocked company is not called again, on none of its numbers. Only a coordinator can take this back.")
        )


def _draw_company(row: FoundCompany) -> None:
    company = row.company
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(literal(", ".join(filter(None, (company.name, company.town)))), width="content")
        if _is_blocked(row):
            st.badge(_("Blocked"), icon=":material/block:", color="red")
            return
        st.button(
            _("Block the company too"),
            key=f"block-company-{company.id}",
            icon=":material/front_hand:",
            on_click=perform,
            args=("", suppress, company.id),
            kwargs=state.value(WHY),
        )


def _is_blocked(row: FoundCompany) -> bool:
    return row.verdict.rule == "suppressed-company"
