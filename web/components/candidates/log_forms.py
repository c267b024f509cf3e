"""What is written in the log of a job seeker: a step, and what came of it."""

from collections.abc import Sequence

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.candidates.log import add_step, edit_step, record_outcome
from crm.candidates.log_inputs import OutcomeInput, ServiceStepInput
from crm.candidates.models import CandidateOutcome, CoachingForm, OutcomeKind, ServiceStep, Tile
from crm.core.clock import today
from crm.core.i18n import _
from web import state
from web.actions import perform
from web.components.versions import begin_form

EDITED_STEP = "edited-step"
NEW = "new-step"
FIELDS = ("tile", "form", "day", "done", "note")
OUTCOME = "outcome"


def suggest_tile(tile: Tile) -> None:
    state.forget(EDITED_STEP)
    state.put(f"{NEW}-tile", tile)


def draw_step_form(candidate_id: int, steps: Sequence[ServiceStep]) -> None:
    edited = state.value(EDITED_STEP)
    step = next((step for step in steps if step.id == edited), None)
    form = f"step-{step.id}" if step else NEW
    start = {name: getattr(step, name) for name in FIELDS} if step else _new_step()
    version = begin_form(form, step.version if step else 0, start)
    with st.form(f"write-{form}"):
        st.markdown(f"**{_('Change this step') if step else _('Write down a step')}**")
        _step_fields(form)
        with st.container(horizontal=True):
            save = (form, step.id, version) if step else (form, candidate_id, None)
            st.form_submit_button(_("Save"), type="primary", key=f"{form}-save", on_click=_save_step, args=save)
            if step:
                st.form_submit_button(_("Cancel"), key="cancel-step", on_click=_close, args=(form,))


def _new_step() -> dict[str, object]:
    return {"tile": None, "form": None, "day": today(), "done": True, "note": ""}


def _step_fields(form: str) -> None:
    which, how = st.columns(2)
    which.selectbox(
        _("Which part?"),
        list(Tile),
        index=None,
        format_func=lambda one: one.label,
        placeholder=_("Choose"),
        key=f"{form}-tile",
    )
    how.selectbox(
        _("In what form?"),
        list(CoachingForm),
        index=None,
        format_func=lambda one: one.label,
        placeholder=_("No coaching"),
        key=f"{form}-form",
    )
    when, done = st.columns(2, vertical_alignment="bottom")
    when.date_input(_("Day"), format="DD-MM-YYYY", key=f"{form}-day")
    done.radio(
        _("Done or planned?"),
        [True, False],
        format_func=lambda one: _("Done") if one else _("Planned"),
        horizontal=True,
        key=f"{form}-done",
    )
    st.text_input(_("Short note"), key=f"{form}-note", max_chars=300)
    st.caption(_("Only what helps to find work: no health, no age, no benefits."))


def _save_step(form: str, about: int, version: int | None) -> None:
    """`about` is the job seeker for a new step, else the step itself."""

    def save(session: Session, actor: Actor) -> ServiceStep:
        given = ServiceStepInput(**{name: state.value(f"{form}-{name}") for name in FIELDS})
        if version is None:
            return add_step(session, actor, about, given)
        return edit_step(session, actor, about, given, version=version)

    if perform(_("Written down."), save):
        _close(form)


def _close(form: str) -> None:
    """`begin_form` begins it anew: a browser keeps what stands in a field that is only forgotten here."""
    state.forget(EDITED_STEP, *state.keys(f"{form}-"))


def draw_outcome_form(candidate_id: int) -> None:
    begin_form(OUTCOME, 0, {"kind": None, "day": today(), "note": ""})
    with st.form("write-outcome"):
        st.selectbox(
            _("What came of it?"),
            list(OutcomeKind),
            index=None,
            format_func=lambda one: one.label,
            placeholder=_("Choose"),
            key="outcome-kind",
        )
        st.date_input(_("Day"), format="DD-MM-YYYY", key="outcome-day")
        st.text_input(_("Short note"), key="outcome-note", max_chars=300)
        st.caption(_("Everything counts. The status of this job seeker changes with it."))
        st.form_submit_button(_("Save"), key="outcome-save", on_click=_save_outcome, args=(candidate_id,))


def _save_outcome(candidate_id: int) -> None:
    def save(session: Session, actor: Actor) -> CandidateOutcome:
        given = OutcomeInput(**{name: state.value(f"{OUTCOME}-{name}") for name in ("kind", "day", "note")})
        return record_outcome(session, actor, candidate_id, given)

    if perform(_("Written down, and the status has changed with it."), save):
        state.forget(*state.keys(f"{OUTCOME}-"))
