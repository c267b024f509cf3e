"""Job seekers: the list, one of them (`?candidate=5`), their week (`&week=1`), or a new one (`?new=1`)."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.inputs import CandidateFilters
from crm.candidates.models import Candidate, CandidateStatus
from crm.candidates.queries import candidate, candidates, coaches, towns
from crm.core.db import reading
from crm.core.errors import NotFound
from crm.core.i18n import _, ngettext
from crm.matching.queries import introductions_of
from crm.matching.work import jobs_for, weeks_for
from crm.reference.queries import competences
from web import state
from web.components import candidate as view
from web.components.links import asked, draw_not_found, open_here
from web.components.text import literal
from web.components.work import draw_fitting_jobs, draw_weeks
from web.session import current_actor


def list_filters(known_towns: list[str]) -> CandidateFilters:
    text, competence, town, status = st.columns([3, 3, 2, 2])
    words = text.text_input(_("Search"), key="candidate-text", placeholder=_("Name, trade or talent"))
    code = competence.selectbox(
        _("Competence"),
        list(competences()),
        index=None,
        format_func=lambda code: competences()[code].name,
        placeholder=_("All competences"),
        key="candidate-competence",
    )
    place = town.selectbox(_("Town"), known_towns, index=None, placeholder=_("All towns"), key="candidate-town")
    looking = status.selectbox(
        _("Status"),
        [None, *CandidateStatus],
        index=1,
        format_func=lambda one: one.label if one else _("Everybody"),
        key="candidate-status",
    )
    return CandidateFilters(text=words[:100], town=place or "", competence=code or "", status=looking)


def draw_row(person: Candidate) -> None:
    with st.container(border=True, key=f"row-{person.id}"):
        name, facts, consent = st.columns([3, 7, 3], vertical_alignment="center")
        with name:
            open_here(person.name, f"open-{person.id}", bold=True, candidate=person.id)
        hours = _("{least} to {most} hours").format(least=person.hours_min, most=person.hours_max)
        known = [person.town, hours, ", ".join(person.trades)]
        facts.markdown(" · ".join(literal(fact) for fact in known if fact))
        with consent:
            view.draw_consent_badge(person)


def show_list(actor: Actor) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.title(_("Job seekers"), anchor=False)
        if actor.may(Permission.CANDIDATE_EDIT):
            open_here(_("New job seeker"), "new-candidate", icon=":material/person_add:", kind="primary", new=1)
    with reading() as session:
        known_towns = list(towns(session, actor))
    filters = list_filters(known_towns)
    with reading() as session:
        page = candidates(session, actor, filters, state.value("candidate-page", 1))
    st.caption(ngettext("{n} job seeker", "{n} job seekers", page.total).format(n=page.total))
    if not page.total:
        st.info(_("Nobody found. Search for something else, or add a job seeker."))
    with st.container(gap="xsmall"):
        for person in page.candidates:
            draw_row(person)
    if page.pages > 1:
        st.pagination(page.pages, key="candidate-page")


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
        show_list(actor)
except NotFound as error:
    draw_not_found(error, _("Back to the list"))
