"""Hidden jobs: the board, one job (`?job=5`), or a new one at a company (`?company=5`)."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.queries import company
from crm.core.db import reading
from crm.core.errors import NotFound
from crm.core.i18n import _
from crm.followups.next_steps import next_steps
from crm.matching.queries import introductions_for_job, suggestions
from crm.matching.services import CLOSED
from crm.pipeline.inputs import BoardFilters
from crm.pipeline.models import Stage
from crm.pipeline.queries import job_card, stage_board, towns
from web.components import introduction, job_board
from web.components import job_card as card_view
from web.components.links import asked, draw_not_found
from web.components.next_step import draw_step
from web.session import current_actor


def board_filters(known_towns: list[str]) -> BoardFilters:
    with st.container(horizontal=True, vertical_alignment="center", key="filters"):
        text = st.text_input(
            _("Search"), key="board-text", placeholder=_("Search work or company"), label_visibility="collapsed"
        )
        town = st.selectbox(
            _("Town"),
            known_towns,
            index=None,
            key="board-town",
            placeholder=_("All towns"),
            label_visibility="collapsed",
        )
        mine = st.toggle(_("Only mine"), key="board-mine")
        stale = st.toggle(_("Only what stands still"), key="board-stale")
    return BoardFilters(text=text[:100], town=town or "", mine=mine, stale=stale)


def show_board(actor: Actor) -> None:
    st.title(_("Hidden jobs"), anchor=False)
    with reading() as session:
        known_towns = list(towns(session, actor))
    filters = board_filters(known_towns)
    with reading() as session:
        columns = stage_board(session, actor, filters, limit=job_board.cards_per_stage())
        steps = next_steps(session, actor, {card.company_id for column in columns for card in column.cards})
    if not any(column.total for column in columns):
        st.info(
            _("No hidden jobs here yet. They come from calls: ask the questions of the script and write down the work.")
        )
        return
    job_board.draw_board(actor, columns, steps)
    job_board.draw_lost(next(column for column in columns if column.stage is Stage.LOST))


def show_job(actor: Actor, job_id: int) -> None:
    sees_people = actor.may(Permission.CANDIDATE_VIEW)
    with reading() as session:
        card = job_card(session, actor, job_id)
        step = next_steps(session, actor, [card.company.id]).get(card.company.id)
        introduced = introductions_for_job(session, actor, job_id) if sees_people else []
        wanted = sees_people and card.job.stage not in CLOSED
        fitting = suggestions(session, actor, job_id, limit=5) if wanted else []
    card_view.draw_heading(actor, card)
    if card_view.is_editing(job_id):
        card_view.draw_edit_form(card)
        return
    left, right = st.columns(2, gap="medium")
    with left:
        card_view.draw_moves(actor, card)
        with st.container(border=True, gap="xsmall"):
            card_view.draw_facts(card)
            draw_step(step)
            if actor.may(Permission.JOB_EDIT):
                card_view.draw_edit_button(card)
        card_view.draw_history(card)
    with right:
        introduction.draw_introductions(actor, introduced)
        if wanted:
            introduction.draw_suggestions(actor, job_id, fitting)


actor = current_actor(Permission.JOB_VIEW)
try:
    if (job_id := asked("job")) is not None:
        show_job(actor, job_id)
    elif (company_id := asked("company")) is not None:
        with reading() as reader:
            where = company(reader, actor, company_id).company
        card_view.draw_new_job(actor, where)
    else:
        show_board(actor)
except NotFound as error:
    draw_not_found(error, _("Back to the board"))
