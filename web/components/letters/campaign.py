"""Campaigns: what reached many companies at once, written down for a whole choice."""

from functools import partial
from math import ceil

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.inputs import ListFilters
from crm.core.db import reading
from crm.core.i18n import _, show_date
from crm.outreach.inputs import CampaignInput
from crm.outreach.models import Campaign
from crm.outreach.touches import CampaignRow, campaigns, log_campaign, remove_campaign
from web import state
from web.actions import perform
from web.components.call_lists.about import companies_in
from web.components.companies.touch import draw_day, draw_kind
from web.components.dialogs import close_when, dialog_button, draw_cancel, opened, show_dialog
from web.components.place_choice import draw_place_choice
from web.components.text import literal
from web.session import current_actor

PAGE_SIZE = 8
PAGE = "campaign-page"
NAME, KIND, DAY = "campaign-name", "campaign-kind", "campaign-day"
NEW, REMOVE = "new-campaign", "remove-campaign"


def draw_campaigns(actor: Actor) -> None:
    dialog_button(_("New campaign"), NEW, key="ask-campaign", icon=":material/campaign:", type="primary")
    with reading() as session:
        rows, total = campaigns(session, actor, state.value(PAGE, 1), PAGE_SIZE)
    if not rows:
        st.info(_("No campaign yet. Write down an article or a post here, and see on the dashboard what it did."))
    for row in rows:
        _draw_campaign(row)
    if total > PAGE_SIZE:
        st.pagination(ceil(total / PAGE_SIZE), key=PAGE)
    if opened()[0] == NEW:
        show_dialog(_("New campaign"), _draw_new)


def _draw_campaign(row: CampaignRow) -> None:
    campaign = row.campaign
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"campaign-{campaign.id}"):
        words = [campaign.kind.label, show_date(campaign.on_day), companies_in(row.companies), row.person]
        st.markdown(f"**{literal(campaign.name)}**  \n{literal(' · '.join(words))}", width="stretch")
        dialog_button(_("Remove"), REMOVE, campaign.id, key=f"remove-{campaign.id}", type="tertiary")
    if opened() == (REMOVE, (campaign.id,)):
        show_dialog(_("Remove this campaign?"), partial(_draw_remove, row))


def _draw_new() -> None:
    actor = current_actor(Permission.LETTER_SEND)
    st.text_input(_("Name"), key=NAME, max_chars=120, placeholder=_("Article in De Stad"))
    left, right = st.columns(2)
    with left:
        kind = draw_kind(KIND)
    with right:
        day = draw_day(DAY)
    given = draw_place_choice(actor, "campaign")
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Save"), type="primary", key="save-campaign"):

            def keep(session: Session, actor: Actor) -> Campaign:
                about = {"name": state.value(NAME), "kind": kind, "on_day": day}
                filters = ListFilters.model_validate(given | {"large": True})
                return log_campaign(session, actor, CampaignInput.model_validate(about | {"filters": filters}))

            close_when(perform(_("Saved. It is in the history of these companies."), keep), problem)
        draw_cancel()


def _draw_remove(row: CampaignRow) -> None:
    current_actor(Permission.LETTER_SEND)
    st.text(row.campaign.name)
    gone = _("It is taken out of the history of {companies}. This cannot be undone.")
    st.write(gone.format(companies=companies_in(row.companies)))
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Yes, remove"), type="primary", key="confirm-remove-campaign"):
            close_when(perform(_("The campaign is removed."), _removed, row.campaign.id), problem)
        draw_cancel()


def _removed(session: Session, actor: Actor, campaign_id: int) -> bool:
    remove_campaign(session, actor, campaign_id)
    return True
