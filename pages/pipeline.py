"""Hidden jobs: the board, one job (`?job=5`, its form with `&profile=1`), or a new one at a company (`?company=5`)."""

from functools import partial

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.queries import company
from crm.core.db import reading
from crm.core.errors import NotFound
from crm.core.i18n import _
from crm.followups.next_steps import next_steps
from crm.matching.board import job_board
from crm.matching.queries import introductions_for_job, suggestions
from crm.matching.services import CLOSED
from crm.matching.suggestion_log import suggested_for_job
from crm.pipeline.analyses.queries import source_of_job
from crm.pipeline.board import choices
from crm.pipeline.queries import job_card
from web.components.links import asked, draw_not_found
from web.components.next_step import draw_step
from web.components.pipeline import card as card_view
from web.components.pipeline import introduction
from web.components.pipeline.board import cards_shown, draw_board
from web.components.pipeline.filters import choose_filters, choose_pipeline, choose_view, draw_nothing
from web.components.pipeline.list import draw_list
from web.components.pipeline.profile import draw_missing
from web.components.pipeline.suggested import draw_log
from web.session import current_actor


def show_board(actor: Actor) -> None:
    st.title(_("Hidden jobs"), anchor=False)
    with reading() as session:
        possible = choices(session, actor)
    with st.container(horizontal=True, vertical_alignment="center"):
        view = choose_view()
        pipeline = choose_pipeline(possible.running)
    filters = choose_filters(actor, possible, pipeline)
    if view == "list":
        draw_list(actor, filters)
        return
    with reading() as session:
        board = job_board(session, actor, filters, cards_shown(pipeline))
    if not any(column.total for column in board.columns):
        draw_nothing(filters)
    draw_board(actor, board, pipeline)


def show_job(actor: Actor, job_id: int) -> None:
    sees_people = actor.may(Permission.CANDIDATE_VIEW)
    with reading() as session:
        card = job_card(session, actor, job_id)
        source = source_of_job(session, actor, job_id)
        step = next_steps(session, actor, [card.company.id]).get(card.company.id)
        introduced = introductions_for_job(session, actor, job_id) if sees_people else []
        wanted = sees_people and card.job.stage not in CLOSED
        fitting = suggestions(session, actor, job_id, limit=5) if wanted else []
    card_view.draw_heading(actor, card)
    if asked("profile") is not None and actor.may(Permission.JOB_EDIT):
        card_view.draw_edit_form(card)
        return
    draw_missing(actor, card)
    left, right = st.columns(2, gap="medium")
    with left:
        card_view.draw_moves(actor, card)
        with st.container(border=True, gap="xsmall"):
            card_view.draw_facts(card)
            card_view.draw_source(actor, source)
            draw_step(step)
            if actor.may(Permission.JOB_EDIT):
                card_view.draw_edit_button(card)
        card_view.draw_history(card)
    with right:
        introduction.draw_introductions(actor, introduced)
        if wanted:
            introduction.draw_suggestions(actor, job_id, fitting)
        if sees_people:
            draw_log(actor, partial(suggested_for_job, job_id=job_id), of_job=True)


actor = current_actor(Permission.JOB_VIEW)
try:
    if (job_id := asked("job")) is not None:
        current_actor(Permission.COMPANY_VIEW)
        show_job(actor, job_id)
    elif (company_id := asked("company")) is not None:
        current_actor(Permission.JOB_EDIT)
        with reading() as reader:
            where = company(reader, actor, company_id).company
        card_view.draw_new_job(actor, where)
    else:
        show_board(actor)
except NotFound as error:
    draw_not_found(error, _("Back to the board"))
