"""A company that a colleague is busy with: who that is, and taking it over."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.queries import Holder
from crm.calling.services import take_over
from crm.companies.queries import CompanyCard
from crm.core.i18n import _, show_time
from web.actions import perform
from web.components.dialogs import close_when, dialog_button, draw_cancel
from web.components.text import literal
from web.session import current_actor

TAKE_OVER = "take-over"


def draw_holder(holder: Holder) -> None:
    words = _("{name} is busy with this company, until {time} at the latest.")
    st.info(literal(words.format(name=holder.name, time=show_time(holder.until))), icon=":material/support_agent:")


def draw_take_over_button(actor: Actor, company_id: int, holder: Holder) -> None:
    if actor.may(Permission.LIST_MANAGE):
        label = literal(_("Take over from {name}").format(name=holder.name))
        key = "ask-take-over"
        dialog_button(label, TAKE_OVER, company_id, holder.user_id, key=key, icon=":material/swap_horiz:")


def draw_take_over(card: CompanyCard, holder_id: int | None) -> None:
    """The question before it. A colleague who got it while this was open is named by the refusal."""
    current_actor(Permission.LIST_MANAGE)
    st.text(card.company.name)
    st.write(_("If your colleague is in a call, it ends without a result. What was written down in it is kept."))
    st.write(_("Your colleague gets a message."))
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Yes, take over"), type="primary", key="confirm-take-over"):
            done = _("You have this company now.")
            close_when(perform(done, take_over, card.company.id, holder_id=holder_id or 0), problem)
        draw_cancel()
