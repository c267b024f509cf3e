"""Templates of follow-ups: how each usually is, and what comes after it."""

import streamlit as st

from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _
from crm.followups.templates import templates
from web.components.follow_ups.template_form import draw_open_template, open_template
from web.components.follow_ups.template_rows import draw_templates
from web.session import current_actor

actor = current_actor(Permission.FOLLOWUP_TEAM)
with reading() as session:
    cards = templates(session, actor)

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.title(_("Templates of follow-ups"), anchor=False)
    st.button(_("New template"), icon=":material/add:", key="new-template", on_click=open_template)
st.text(_("What you change counts for follow-ups that are planned from now on."))
draw_templates(cards)
draw_open_template()
