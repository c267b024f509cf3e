"""What this employer says of us, and whether others may hear it."""

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.queries import CompanyCard
from crm.core.clock import local
from crm.core.db import reading
from crm.core.i18n import _, show_date
from crm.outreach.inputs import RecommendationInput
from crm.outreach.models import Recommendation
from crm.outreach.recommendations import recommend, recommendations_of, withdraw_recommendation
from web.actions import perform
from web.components.companies.touch import draw_day
from web.components.dialogs import close_when, dialog_button, draw_cancel
from web.components.text import literal
from web.session import current_actor

RECOMMEND = "recommend"


def draw_recommendations(actor: Actor, company_id: int) -> None:
    with reading() as session:
        said = recommendations_of(session, actor, company_id)
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(_("What they say of us"), anchor=False)
            if actor.may(Permission.COMPANY_EDIT):
                dialog_button(_("Add"), RECOMMEND, company_id, key="ask-recommend", icon=":material/add:")
        if not said:
            st.caption(_("Is this employer pleased with us? Ask whether others may hear that."))
        for one in said:
            _draw_one(actor, one)


def _draw_one(actor: Actor, one: Recommendation) -> None:
    with st.container(gap="xxsmall", key=f"recommendation-{one.id}"):
        st.text(f"“{one.words}”")
        st.caption(literal(" · ".join(_told(one))))
        if one.withdrawn_at is None and actor.may(Permission.COMPANY_EDIT):
            st.button(
                _("No longer to be told"),
                key=f"withdraw-recommendation-{one.id}",
                type="tertiary",
                on_click=perform,
                args=(_("Nobody hears it any more."), withdraw_recommendation, one.id),
            )


def _told(one: Recommendation) -> list[str]:
    told = [one.said_by] if one.said_by else []
    told.append(_("with the name of the company") if one.by_name else _("without a name"))
    told.append(_("agreed on {day}").format(day=show_date(one.agreed_on)))
    if one.withdrawn_at:
        told.append(_("taken back on {day}").format(day=show_date(local(one.withdrawn_at).date())))
    return told


def draw_recommend(card: CompanyCard, _of: int | None) -> None:
    current_actor(Permission.COMPANY_EDIT)
    st.text(card.company.name)
    given: dict[str, object] = {
        "words": st.text_area(_("What did the employer say?"), key="recommend-words", max_chars=400),
        "said_by": st.text_input(_("Who said it? (if you want)"), key="recommend-by", max_chars=120),
        "by_name": st.checkbox(_("We may say which company it is"), key="recommend-name"),
        "agreed_on": draw_day("recommend-day"),
    }
    st.caption(_("Only if the employer agreed that others hear it. Callers see it when somebody hesitates."))
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Save"), type="primary", key="save-recommend"):

            def keep(session: Session, actor: Actor) -> Recommendation:
                return recommend(session, actor, card.company.id, RecommendationInput.model_validate(given))

            close_when(perform(_("Saved."), keep), problem)
        draw_cancel()
