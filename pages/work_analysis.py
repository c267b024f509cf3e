"""Work analyses: the latest, one (`?analysis=5`), or a new one at a company (`?company=5`)."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.queries import company
from crm.core.db import reading
from crm.core.errors import NotFound
from crm.core.i18n import _
from crm.pipeline.analyses.queries import analysis_card, latest_analyses
from web.components.links import asked, draw_not_found
from web.components.work_analyses import form as view
from web.components.work_analyses.list import draw_empty_form, draw_lines
from web.session import current_actor


def show_latest(actor: Actor) -> None:
    st.title(_("Work analyses"), anchor=False)
    st.markdown(_("What tasks there are at a company, who does them, and what somebody else could do."))
    with reading() as session:
        lines = latest_analyses(session, actor)
    draw_empty_form(actor)
    if not lines:
        st.info(_("No work analysis yet. Open a company and begin one there."))
    draw_lines(actor, lines, with_company=True)


def show_analysis(actor: Actor, analysis_id: int) -> None:
    with reading() as session:
        card = analysis_card(session, actor, analysis_id)
    view.draw_heading(actor, card)
    view.draw_about(actor, card)
    view.draw_tasks(actor, card)
    view.draw_split_off(actor, card)
    view.draw_texts(actor, card)
    view.draw_print(actor, card)


actor = current_actor(Permission.COMPANY_VIEW)
try:
    if (analysis_id := asked("analysis")) is not None:
        show_analysis(actor, analysis_id)
    elif (company_id := asked("company")) is not None and actor.may(Permission.JOB_EDIT):
        with reading() as reader:
            where = company(reader, actor, company_id).company
        view.draw_new_analysis(actor, where)
    else:
        show_latest(actor)
except NotFound as error:
    draw_not_found(error, _("Back to the list"))
