"""Taking back a block that was made by mistake, and erasing a number that is of no company."""

from functools import partial

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.inputs import TakeBackInput
from crm.companies.models import Suppression
from crm.companies.queries import CompanyCard
from crm.core.db import reading
from crm.core.i18n import _
from crm.privacy.lifting import Stays, take_back_block, why_they_stay
from crm.privacy.numbers import erase_number
from crm.telephony.numbers import show_number
from web.actions import perform
from web.components.dialogs import close_when, dialog_button, draw_cancel, opened, show_dialog
from web.components.text import literal
from web.components.why import block_line
from web.session import current_actor

TAKE_BACK, ERASE_NUMBER = "take-back-block", "erase-number"


def draw_take_backs(actor: Actor, card: CompanyCard) -> None:
    """The blocks of a company, its people and its numbers, each with a button or with why it stays."""
    ours = [block for block in card.suppressions if block.company_id in (None, card.company.id)]
    with reading() as session:
        stay = why_they_stay(session, actor, ours)
    people = {contact.id: contact.name for contact in card.contacts}
    for block in ours:
        whose = show_number(block.e164) if block.e164 else people.get(block.contact_id or 0, _("The company"))
        with st.container(horizontal=True, vertical_alignment="center", key=f"blocked-{block.id}"):
            st.caption(literal(f"{whose} · {block_line(block)}"), width="content")
            draw_take_back_button(block, stay.get(block.id))


def draw_take_back_button(block: Suppression, stays: Stays | None) -> None:
    if stays:
        st.caption(literal(stays.label), width="content")
    else:
        dialog_button(_("Take back"), TAKE_BACK, block.id, key=f"take-back-{block.id}", type="tertiary")


def draw_erase_button(block: Suppression) -> None:
    dialog_button(_("Erase this number"), ERASE_NUMBER, block.id, key=f"erase-number-{block.id}", type="tertiary")


def draw_open_block() -> None:
    """The dialog about a block, if one is open."""
    name, about = opened()
    if name == TAKE_BACK:
        show_dialog(_("Was this block a mistake?"), partial(_draw_take_back, *about))
    if name == ERASE_NUMBER:
        show_dialog(_("Erase a number?"), partial(_draw_erase, *about))


def _draw_take_back(block_id: int) -> None:
    current_actor(Permission.PRIVACY_MANAGE)
    with reading() as session:
        block = session.get(Suppression, block_id)
    if block is None:
        _draw_gone()
        return
    st.text(block_line(block))
    st.write(_("Only for a mistake, such as the wrong company. Who does not want to be called is not called again."))
    if block.company_id:
        st.write(_("Its numbers and people that were blocked with it may be called again too."))
    why = st.text_input(_("Why?"), key=f"why-{block_id}", max_chars=300)
    st.caption(_("The block, your name and this reason stay in the evidence."))

    def keep(session: Session, actor: Actor) -> bool:
        take_back_block(session, actor, block_id, TakeBackInput(why=why))
        return True

    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Yes, take it back"), type="primary", key="confirm-take-back"):
            close_when(perform(_("The block is taken back."), keep), problem)
        draw_cancel()


def _draw_gone() -> None:
    st.info(_("A colleague took this block back already."))
    draw_cancel(_("Close"))


def _draw_erase(block_id: int = 0) -> None:
    """The number of a block, or one that somebody tells us."""
    current_actor(Permission.PRIVACY_MANAGE)
    with reading() as session:
        block = session.get(Suppression, block_id)
    if block and block.e164:
        number = block.e164
        st.markdown(f"**{show_number(number)}**")
    else:
        number = st.text_input(
            _("Telephone number"), key="number-to-erase", placeholder="010 123 4567", max_chars=120, autocomplete="off"
        )
    st.write(
        _(
            "For a number of no company. It goes away everywhere, for good. What stays is a code that cannot be read "
            "back; by that code nobody calls the number when it comes back."
        )
    )
    st.write(_("This cannot be undone."))
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Yes, erase"), type="primary", key="confirm-erase-number"):
            close_when(perform(_("The number is erased."), erase_number, number), problem)
        draw_cancel()
