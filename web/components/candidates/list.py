"""The job seekers: found by name, trade, competence, town and status, a page at a time."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.inputs import CandidateFilters
from crm.candidates.models import Candidate, CandidateStatus
from crm.candidates.queries import candidates, towns
from crm.core.db import reading
from crm.core.i18n import _, ngettext
from crm.reference.queries import competences
from web import state
from web.components.candidates.intake import draw_intake_badge
from web.components.candidates.profile import draw_consent_badge
from web.components.links import open_here
from web.components.text import literal


def _choose_filters(known_towns: list[str]) -> CandidateFilters:
    text, competence, town, status, intake = st.columns([3, 3, 2, 2, 2], vertical_alignment="bottom")
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
    unfinished = intake.checkbox(_("Intake not finished"), key="candidate-unfinished")
    return CandidateFilters(
        text=words[:100], town=place or "", competence=code or "", status=looking, unfinished=unfinished
    )


def _draw_row(person: Candidate, steps: int) -> None:
    with st.container(border=True, key=f"row-{person.id}"):
        name, facts, consent = st.columns([3, 7, 3], vertical_alignment="center")
        with name:
            open_here(person.name, f"open-{person.id}", bold=True, candidate=person.id)
        hours = _("{least} to {most} hours").format(least=person.hours_min, most=person.hours_max)
        known = [person.town, hours, ", ".join(person.trades)]
        facts.markdown(" · ".join(literal(fact) for fact in known if fact))
        with consent.container(horizontal=True, gap="xsmall"):
            draw_consent_badge(person)
            draw_intake_badge(steps)


def draw_list(actor: Actor) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.title(_("Job seekers"), anchor=False)
        if actor.may(Permission.CANDIDATE_EDIT):
            open_here(_("New job seeker"), "new-candidate", icon=":material/person_add:", kind="primary", new=1)
    with reading() as session:
        known_towns = list(towns(session, actor))
    filters = _choose_filters(known_towns)
    with reading() as session:
        page = candidates(session, actor, filters, state.value("candidate-page", 1))
    st.caption(ngettext("{n} job seeker", "{n} job seekers", page.total).format(n=page.total))
    if not page.total:
        st.info(_("Nobody found. Search for something else, or add a job seeker."))
    with st.container(gap="xsmall"):
        for person in page.candidates:
            _draw_row(person, page.steps.get(person.id, 0))
    if page.pages > 1:
        st.pagination(page.pages, key="candidate-page")
