"""A company heard of us in another way than by a call: an article, a post, a visit."""

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.queries import CompanyCard
from crm.core.clock import today
from crm.core.i18n import _
from crm.outreach.inputs import TouchInput
from crm.outreach.models import Touch, TouchKind
from crm.outreach.touches import log_touch
from web.actions import perform
from web.components.dialogs import close_when, dialog_button, draw_cancel
from web.session import current_actor

TOUCH = "touch"


def draw_touch_button(actor: Actor, company_id: int) -> None:
    if actor.may(Permission.COMPANY_EDIT):
        icon = ":material/campaign:"
        dialog_button(_("Heard of us otherwise"), TOUCH, company_id, key="ask-touch", icon=icon, type="tertiary")


def draw_touch(card: CompanyCard, _of: int | None) -> None:
    current_actor(Permission.COMPANY_EDIT)
    st.text(card.company.name)
    given = {"kind": draw_kind("touch-kind"), "on_day": draw_day("touch-day")}
    note = st.text_input(_("What was it? (if you want)"), key="touch-note", max_chars=300)
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Save"), type="primary", key="save-touch"):

            def keep(session: Session, actor: Actor) -> Touch:
                return log_touch(session, actor, card.company.id, TouchInput.model_validate(given | {"note": note}))

            close_when(perform(_("Saved."), keep), problem)
        draw_cancel()


def draw_kind(key: str) -> TouchKind:
    kinds = list(TouchKind)
    chosen: TouchKind = st.selectbox(
        _("How?"), kinds, index=kinds.index(TouchKind.ARTICLE), format_func=lambda kind: kind.label, key=key
    )
    return chosen


def draw_day(key: str) -> object:
    return st.date_input(_("On which day?"), today(), max_value=today(), format="DD-MM-YYYY", key=key)
