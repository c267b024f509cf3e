"""One work analysis, made to be filled in on a phone: large, below each other, each row and text kept by itself."""

from functools import partial
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.models import Company
from crm.core.clock import today
from crm.core.db import reading
from crm.core.i18n import _, show_date
from crm.pipeline.analyses.inputs import AnalysisInput, TextName
from crm.pipeline.analyses.models import AnalysisWay, WorkAnalysis, WorkTask
from crm.pipeline.analyses.paper import print_analysis, questions, split_off_in_words
from crm.pipeline.analyses.queries import AnalysisCard
from crm.pipeline.analyses.rules import to_split_off, usual_title
from crm.pipeline.analyses.services import begin_analysis, edit_analysis, split_off, write_text
from crm.pipeline.models import HiddenJob
from web import state
from web.actions import perform
from web.components.links import link, open_here
from web.components.text import literal
from web.components.versions import Compared, begin_form, draw_versions, go_on_with
from web.components.wording import draw_doubts
from web.components.work_analyses.task import draw_add_task, draw_task

ABOUT = tuple(AnalysisInput.model_fields)
EDITING = "editing-analysis"


def draw_new_analysis(actor: Actor, company: Company) -> None:
    about = f"new-analysis-{company.id}"
    link(actor, "companies", _("Back to the company"), icon=":material/arrow_back:", company=company.id)
    st.title(_("New work analysis"), anchor=False)
    st.markdown(" · ".join(literal(part) for part in (company.name, company.town) if part))
    begin_form(about, 0, {"held_on": today(), "way": AnalysisWay.VISIT, "spoken_with": ""})
    _about_fields(about)
    st.button(
        _("Begin"), type="primary", key="begin-analysis", width="stretch", on_click=_begin, args=(company.id, about)
    )


def _about_fields(about: str) -> None:
    st.date_input(_("Date"), format="DD-MM-YYYY", key=f"{about}-held_on", persist_state="page")
    st.segmented_control(
        _("How"),
        list(AnalysisWay),
        format_func=lambda way: way.label,
        required=True,
        key=f"{about}-way",
        persist_state="page",
    )
    st.text_input(_("Spoken with"), max_chars=120, key=f"{about}-spoken_with", persist_state="page")


def _given(about: str) -> AnalysisInput:
    """Raises ValidationError."""
    return AnalysisInput.model_validate({name: state.value(f"{about}-{name}") for name in ABOUT})


def _begin(company_id: int, about: str) -> None:
    def begin(session: Session, actor: Actor) -> WorkAnalysis:
        return begin_analysis(session, actor, company_id, _given(about))

    if analysis := perform(_("Begun. Each row is kept as soon as you add it."), begin):
        state.forget(*state.keys(f"{about}-"))
        st.query_params.from_dict({"analysis": str(analysis.id)})


def draw_heading(actor: Actor, card: AnalysisCard) -> None:
    open_here(_("All work analyses"), "to-analyses", icon=":material/arrow_back:")
    st.title(_("Work analysis"), anchor=False)
    link(actor, "companies", card.company.name, icon=":material/storefront:", company=card.company.id)


def draw_about(actor: Actor, card: AnalysisCard) -> None:
    analysis = card.analysis
    if state.value(EDITING) == analysis.id:
        _draw_edit_about(analysis)
        return
    with_whom = _("with {name}").format(name=analysis.spoken_with) if analysis.spoken_with else ""
    words = [show_date(analysis.held_on), analysis.way.label, with_whom, _("by {name}").format(name=card.made_by)]
    st.markdown(" · ".join(literal(word) for word in words if word))
    if actor.may(Permission.JOB_EDIT):
        st.button(
            _("Change date or person"),
            key="edit-analysis",
            type="tertiary",
            icon=":material/edit:",
            on_click=state.put,
            args=(EDITING, analysis.id),
        )


def _draw_edit_about(analysis: WorkAnalysis) -> None:
    about = f"analysis-{analysis.id}"
    version = begin_form(about, analysis.version, {name: getattr(analysis, name) for name in ABOUT})
    shown: dict[str, Any] = {"held_on": show_date, "way": lambda way: way.label}
    labels = {"held_on": _("Date"), "way": _("How"), "spoken_with": _("Spoken with")}
    compared = [
        Compared(labels[name], f"{about}-{name}", getattr(analysis, name), shown.get(name, str)) for name in ABOUT
    ]
    draw_versions(version, analysis, compared, partial(go_on_with, about))
    _about_fields(about)
    with st.container(horizontal=True):
        st.button(_("Save"), type="primary", key="save-analysis", on_click=_save, args=(analysis.id, about, version))
        st.button(_("Cancel"), key="cancel-analysis", on_click=_close, args=(about,))


def _save(analysis_id: int, about: str, version: int) -> None:
    def edit(session: Session, actor: Actor) -> WorkAnalysis:
        return edit_analysis(session, actor, analysis_id, _given(about), version=version)

    if perform(_("Saved."), edit):
        _close(about)


def _close(about: str) -> None:
    state.forget(EDITING, *state.keys(f"{about}-"))


def draw_tasks(actor: Actor, card: AnalysisCard) -> None:
    st.header(_("Which tasks are done here?"), anchor=False)
    may_edit = actor.may(Permission.JOB_EDIT)
    if may_edit:
        with st.expander(_("Questions that help"), icon=":material/lightbulb:", key="questions"):
            st.markdown("\n".join(f"- {literal(question)}" for question in questions()))
    if not card.tasks:
        st.caption(_("No task yet. Add the first one below."))
    for task in card.tasks:
        draw_task(actor, task, card.jobs.get(task.job_id or 0), may_edit=may_edit)
    if may_edit:
        draw_add_task(card.analysis.id)


def draw_split_off(actor: Actor, card: AnalysisCard) -> None:
    """What could be done by somebody else, and the hidden job it makes."""
    chosen: list[WorkTask] = to_split_off(card.tasks)
    if not chosen:
        return
    with st.container(border=True, key="split-off"):
        st.subheader(_("What could be split off"), anchor=False)
        st.markdown(literal(split_off_in_words(chosen)))
        st.markdown("\n".join(f"- {literal(task.what)}" for task in chosen))
        if actor.may(Permission.JOB_EDIT):
            key = f"split-title-{card.analysis.id}"
            title = st.text_input(_("What is the work called?"), usual_title(chosen), key=key, max_chars=120)
            draw_doubts(title)
            st.button(
                _("Make a hidden job of this"),
                key="make-job",
                type="primary",
                width="stretch",
                icon=":material/call_split:",
                on_click=_split_off,
                args=(card.analysis.id, key),
            )


def _split_off(analysis_id: int, key: str) -> None:
    def make(session: Session, actor: Actor) -> HiddenJob:
        return split_off(session, actor, analysis_id, state.value(key))

    if perform(_("The hidden job is made. You find it below the tasks."), make):
        state.forget(key)


def draw_texts(actor: Actor, card: AnalysisCard) -> None:
    """Each text is kept when somebody leaves its field."""
    fields: dict[TextName, str] = {
        "left_undone": _("What is left undone?"),
        "circumstances": _("What is the work like here?"),
        "agreements": _("What did we agree?"),
    }
    for name, label in fields.items():
        known = getattr(card.analysis, name)
        if actor.may(Permission.JOB_EDIT):
            _draw_text(card.analysis.id, name, label, known)
        elif known:
            st.markdown(f"**{label}**")
            st.text(known)


def _draw_text(analysis_id: int, name: TextName, label: str, known: str) -> None:
    key = f"analysis-text-{analysis_id}-{name}"
    if state.value(key) is None:
        state.put(key, known)
    st.text_area(
        label,
        key=key,
        max_chars=4000,
        height=140,
        persist_state="page",
        on_change=_keep_text,
        args=(analysis_id, name, key, known),
    )
    draw_doubts(state.value(key, ""))


def _keep_text(analysis_id: int, name: TextName, key: str, before: str) -> None:
    def keep(session: Session, actor: Actor) -> WorkAnalysis:
        return write_text(session, actor, analysis_id, name, state.value(key), before=before)

    if analysis := perform(_("Saved."), keep):
        state.put(key, getattr(analysis, name))


def draw_print(actor: Actor, card: AnalysisCard) -> None:
    def content() -> bytes:
        with reading() as session:
            return print_analysis(session, actor, card.analysis.id)

    st.download_button(
        _("Download (PDF)"),
        content,
        file_name=f"werkanalyse-{card.analysis.id}.pdf",
        mime="application/pdf",
        key="print-analysis",
        icon=":material/print:",
        width="stretch",
        on_click="ignore",
    )
