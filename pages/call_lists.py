"""Call lists: how far each is, and making a new one by a choice (`?new=1`,
for a job seeker `&candidate=5`) or from names (`?names=1`)."""

from math import ceil

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.lists import call_lists, callers
from crm.core.db import reading
from crm.core.errors import NotFound
from crm.core.i18n import _
from crm.pipeline.queries import jobs_found_by_list
from crm.scripts.queries import script
from web import state
from web.components.call_lists.form import draw_new_list
from web.components.call_lists.names import draw_names
from web.components.call_lists.rows import draw_list
from web.components.links import asked, draw_not_found
from web.session import current_actor

PAGE_SIZE = 8


def show_lists(actor: Actor) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(_("Call lists"), anchor=False)
        if actor.may(Permission.LIST_MANAGE):
            st.button(
                _("New call list"),
                key="new-list",
                type="primary",
                icon=":material/playlist_add:",
                on_click=st.query_params.from_dict,
                args=({"new": "1"},),
            )
    with reading() as session:
        page = call_lists(session, actor, state.value("list-page", 1), PAGE_SIZE)
        jobs = jobs_found_by_list(session, actor, [row.list.id for row in page.rows])
        titles = {row.list.script_version_id: "" for row in page.rows}
        titles = {version_id: script(session, version_id).title for version_id in titles}
        names = {user.id: user.name for user in callers(session, actor)} if actor.may(Permission.LIST_MANAGE) else {}
    if not page.total:
        st.info(_("There is no list yet. Choose “New call list” to say which companies are called, and by whom."))
    for row in page.rows:
        draw_list(actor, row, titles[row.list.script_version_id], names, jobs.get(row.list.id, 0))
    if page.total > PAGE_SIZE:
        st.pagination(ceil(page.total / PAGE_SIZE), key="list-page")


actor = current_actor(Permission.LIST_VIEW)
if asked("new") is not None and actor.may(Permission.LIST_MANAGE):
    try:
        draw_new_list(actor, asked("candidate"))
    except NotFound as error:
        draw_not_found(error, _("Back to the lists"))
elif asked("names") is not None and actor.may(Permission.LIST_MANAGE):
    draw_names(actor)
else:
    show_lists(actor)
