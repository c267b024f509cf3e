"""Kopkoffie: plan one (`?introduction=5`), look at one (`?meeting=5`), hear how it went, and look back."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.errors import NotFound
from crm.core.i18n import _
from crm.matching.queries import IntroductionLine, introduction, waiting_for_kopkoffie
from crm.meetings.instruments import placed_on, uses
from crm.meetings.queries import MeetingPage, meeting, past, planned_for, possible_hosts, to_ask, upcoming
from web import state
from web.components.links import asked, draw_not_found, open_here
from web.components.meetings.meeting import draw_meeting, draw_plan_form
from web.components.meetings.placement_instruments import draw_open_schemes, draw_placement
from web.components.text import literal
from web.session import current_actor


def draw_back() -> None:
    open_here(_("Back to all kopkoffies"), "to-all", icon=":material/arrow_back:")


def show_planning(actor: Actor, introduction_id: int) -> None:
    """The form; or the kopkoffie itself when it is planned already."""
    with reading() as session:
        line = introduction(session, actor, introduction_id)
        standing = planned_for(session, actor, introduction_id)
        hosts = possible_hosts(session, actor, line.company.id)
    draw_back()
    if standing:
        st.title(_("Kopkoffie"), anchor=False)
        draw_meeting(actor, standing)
    else:
        st.title(_("Plan a kopkoffie"), anchor=False)
        draw_plan_form(line, hosts)


def show_one(actor: Actor, meeting_id: int) -> None:
    with reading() as session:
        line = meeting(session, actor, meeting_id)
        asked_for = uses(session, actor, line.introduction.id)
        since = placed_on(session, actor, line.job.id)
    draw_back()
    st.title(_("Kopkoffie"), anchor=False)
    draw_meeting(actor, line)
    draw_placement(actor, line, asked_for, since)


def draw_waiting(lines: list[IntroductionLine]) -> None:
    if not lines:
        return
    st.header(_("To plan"), anchor=False)
    for line in lines:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            about = f"**{literal(line.candidate.name)}** · {literal(line.job.title)} · {literal(line.company.name)}"
            st.markdown(about, width="stretch")
            which = line.introduction.id
            open_here(_("Plan"), f"plan-{which}", icon=":material/coffee:", kind="secondary", introduction=which)


def draw_part(actor: Actor, title: str, page: MeetingPage, key: str) -> None:
    if not page.total:
        return
    st.header(title, anchor=False)
    for line in page.lines:
        draw_meeting(actor, line)
        draw_open_schemes(line)
    if page.pages > 1:
        st.pagination(page.pages, key=key)


def show_all(actor: Actor) -> None:
    st.title(_("Kopkoffie"), anchor=False)
    chosen = {key: state.value(key, 1) for key in ("page-ask", "page-coming", "page-past")}
    with reading() as session:
        asking = to_ask(session, actor, chosen["page-ask"])
        coming = upcoming(session, actor, chosen["page-coming"])
        waiting = waiting_for_kopkoffie(session, actor)
        been = past(session, actor, chosen["page-past"])
    if not (asking.total or coming.total or waiting or been.total):
        st.info(_("No kopkoffie yet. Open a hidden job, introduce somebody, and plan one."))
    draw_part(actor, _("How did it go?"), asking, "page-ask")
    draw_waiting(waiting)
    draw_part(actor, _("Coming"), coming, "page-coming")
    draw_part(actor, _("Past"), been, "page-past")


actor = current_actor(Permission.MEETING_PLAN)
try:
    if (introduction_id := asked("introduction")) is not None:
        show_planning(actor, introduction_id)
    elif (meeting_id := asked("meeting")) is not None:
        show_one(actor, meeting_id)
    else:
        show_all(actor)
except NotFound as error:
    draw_not_found(error, _("Back to all kopkoffies"))
