"""Job seekers: the list, one of them (`?candidate=5`), their week (`&week=1`), or a new one (`?new=1`)."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.queries import candidate, coaches
from crm.core.db import reading
from crm.core.errors import NotFound
from crm.core.i18n import _
from crm.matching.queries import introductions_of
from crm.matching.work import jobs_for, weeks_for
from web.components import candidate as view
from web.components.candidate_list import draw_list
from web.components.links import asked, draw_not_found
from web.components.work import draw_fitting_jobs, draw_weeks
from web.session import current_actor


def show_candidate(actor: Actor, candidate_id: int) -> None:
    with reading() as session:
        card = candidate(session, actor, candidate_id)
        introduced = introductions_of(session, actor, candidate_id)
        possible_coaches = coaches(session, actor)
        fitting = jobs_for(session, actor, candidate_id) if view.may_look(card.candidate) else []
    view.draw_heading(card)
    if view.is_editing(candidate_id):
        view.draw_edit_form(card, possible_coaches)
        return
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, gap="xsmall"):
        view.draw_facts(card)
        if actor.may(Permission.CANDIDATE_EDIT):
            view.draw_edit_button(card.candidate)
    with right:
        if actor.may(Permission.CANDIDATE_EDIT):
            view.draw_status(card.candidate)
        view.draw_consent(actor, card.candidate)
        view.draw_list_link(actor, card.candidate)
        view.draw_introduced(actor, introduced)
        if view.may_look(card.candidate):
            draw_fitting_jobs(actor, candidate_id, fitting)


def show_weeks(actor: Actor, candidate_id: int) -> None:
    with reading() as session:
        work = weeks_for(session, actor, candidate_id)
    draw_weeks(actor, work)


actor = current_actor(Permission.CANDIDATE_VIEW)
try:
    if (candidate_id := asked("candidate")) is not None:
        show = show_weeks if asked("week") is not None else show_candidate
        show(actor, candidate_id)
    elif asked("new") is not None and actor.may(Permission.CANDIDATE_EDIT):
        with reading() as reader:
            all_coaches = coaches(reader, actor)
        view.draw_new_candidate(actor, all_coaches)
    else:
        draw_list(actor)
except NotFound as error:
    draw_not_found(error, _("Back to the list"))
