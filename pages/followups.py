"""Follow-ups: what was promised, overdue first; a coordinator divides the work."""

import streamlit as st

from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _
from crm.followups.queries import Scope, possible_owners
from web.components.follow_ups import week
from web.components.follow_ups.choices import choose_person, choose_scope, choose_view
from web.components.follow_ups.dialogs import draw_open_dialog
from web.components.follow_ups.listing import draw_list
from web.components.follow_ups.opening import leads, open_dialog
from web.components.links import link
from web.session import current_actor

actor = current_actor(Permission.FOLLOWUP_OWN)
scope: Scope = "mine"
with reading() as session:
    owners = possible_owners(session, actor) if leads(actor) else {}

st.title(_("Follow-ups"), anchor=False)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        choose_view()
        if not week.is_asked():
            scope = choose_scope(actor)
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        if leads(actor):
            link(actor, "templates", _("Templates"), icon=":material/dashboard_customize:")
        st.button(_("New follow-up"), icon=":material/add:", key="new", on_click=open_dialog, args=("new",))

if week.is_asked():
    shown = week.draw_week(actor, choose_person(owners) if leads(actor) else None)
else:
    shown = draw_list(actor, scope, owners)
draw_open_dialog(shown)
