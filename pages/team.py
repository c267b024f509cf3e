"""The team: how much work everybody has, who is not here and how soon we answer, for who divides the work."""

import streamlit as st

from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _
from crm.followups.load import loads
from crm.followups.queries import possible_owners
from crm.followups.response import response_times
from web.components.absences import draw_absences
from web.components.follow_ups.load import draw_loads
from web.components.follow_ups.response import draw_response_times
from web.session import current_actor

actor = current_actor(Permission.FOLLOWUP_TEAM)
with reading() as session:
    people = possible_owners(session, actor)
    work = loads(session, actor)
    answers = response_times(session, actor)

st.title(_("Team"), anchor=False)
draw_loads(work)
draw_absences(people)
draw_response_times(answers)
