"""Companies: find one, see one (`?company=5`), or write down a new one (`?new=1`)."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.calling.queries import holder_of
from crm.companies.gate import may_call
from crm.companies.queries import company, evidence_row
from crm.core.db import reading
from crm.core.errors import NotFound
from crm.core.i18n import _
from crm.desk.corrections import correctable
from crm.desk.referrals import told_by, told_of
from crm.desk.timeline import AT_FIRST, timeline
from crm.followups.queries import next_step
from crm.outreach.letters import obstacle_of
from crm.outreach.queries import letters_of
from crm.pipeline.queries import jobs_of_company
from web import state
from web.components.blocks.dialogs import draw_open_block
from web.components.calls.correct import draw_open_correction
from web.components.companies import card as view
from web.components.companies.consent import draw_consents
from web.components.companies.dialogs import draw_open_dialog
from web.components.companies.form import draw_edit_button, draw_edit_form, draw_new_company, is_editing
from web.components.companies.grounds import draw_grounds
from web.components.companies.history import draw_jobs, draw_next_step, draw_timeline, shown_key
from web.components.companies.letters import draw_letters
from web.components.companies.list import draw_search
from web.components.companies.people import draw_contacts
from web.components.companies.privacy import draw_privacy
from web.components.companies.recommendations import draw_recommendations
from web.components.companies.referrals import draw_referrals
from web.components.companies.touch import draw_touch_button
from web.components.links import asked, draw_not_found
from web.session import current_actor


def show_company(actor: Actor, company_id: int) -> None:
    with reading() as session:
        card = company(session, actor, company_id)
        verdict = may_call(session, company_id)
        evidence = evidence_row(session, actor, verdict)
        step = next_step(session, actor, company_id)
        owner = session.get(User, step.owner_id) if step and step.owner_id else None
        jobs = jobs_of_company(session, actor, company_id) if actor.may(Permission.JOB_VIEW) else None
        shown = state.value(shown_key(company_id), AT_FIRST)
        past = timeline(session, actor, company_id, shown)
        told = told_by(session, actor, company_id), told_of(session, actor, company_id)
        wrong = correctable(session, actor, company_id) if actor.may(Permission.COMPANY_EDIT) else set()
        holder = holder_of(session, company_id)
        letters = letters_of(session, actor, company_id)
        obstacle = obstacle_of(session, company_id)
    view.draw_heading(card.company)
    if is_editing(company_id):
        draw_edit_form(card.company)
        return
    view.draw_gate(actor, card, verdict, evidence, holder if holder and holder.user_id != actor.id else None)
    left, right = st.columns(2, gap="medium")
    with left:
        with st.container(border=True, gap="xsmall"):
            view.draw_numbers(actor, card, verdict)
        with st.container(border=True, gap="xsmall"):
            draw_contacts(actor, card)
        with st.container(border=True, gap="xsmall"):
            draw_consents(actor, card)
        with st.container(border=True, gap="xsmall"):
            draw_grounds(actor, card)
        draw_letters(actor, card, letters, obstacle)
    with right:
        with st.container(border=True, gap="xsmall"):
            draw_next_step(step, owner.name if owner else "")
            if jobs is not None:
                draw_jobs(actor, company_id, jobs)
        with st.container(border=True, gap="xsmall"):
            draw_timeline(company_id, past, shown, wrong)
            draw_touch_button(actor, company_id)
        draw_recommendations(actor, company_id)
        draw_referrals(actor, company_id, *told)
        with st.container(border=True, gap="xsmall"):
            st.subheader(_("Details"), anchor=False)
            view.draw_details(card.company)
            if actor.may(Permission.COMPANY_EDIT):
                draw_edit_button(card.company)
        draw_privacy(actor, card.company)
    draw_open_dialog(card)
    draw_open_correction()
    draw_open_block()


actor = current_actor(Permission.COMPANY_VIEW)
try:
    if (company_id := asked("company")) is not None:
        show_company(actor, company_id)
    elif asked("new") is not None and actor.may(Permission.COMPANY_EDIT):
        draw_new_company()
    else:
        draw_search(actor)
except NotFound as error:
    draw_not_found(error, _("Back to the list"))
