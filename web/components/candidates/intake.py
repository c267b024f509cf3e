"""The intake of a job seeker: a step at a time, in any order, with what is to be asked."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.inputs import STEPS
from crm.candidates.intake import Intake, intake_of, save_step
from crm.candidates.models import Candidate, IntakeStep
from crm.candidates.queries import CandidateCard, coaches
from crm.candidates.rules import doubtful_words, texts_about
from crm.candidates.services import edit_candidate
from crm.core.db import reading
from crm.core.i18n import N_, _, show_moment
from web import state
from web.actions import perform
from web.components.address import in_address
from web.components.candidates.form import begin_with, compared, draw_fields, read_input
from web.components.links import open_here
from web.components.text import literal
from web.components.versions import begin_form, draw_versions, go_on_with, keep

STEP = "step"
QUESTIONS = {
    IntakeStep.PERSON: N_("What is your name, where do you live, and how do we reach you best?"),
    IntakeStep.PAST: N_("What work did you do, also at home or as a volunteer? What are you proud of?"),
    IntakeStep.SKILLS: N_("What do others ask you for? What goes by itself, and what would you like to learn?"),
    IntakeStep.WHEN: N_("On which days and at what times can you work? How far do you want to travel, and how?"),
    IntakeStep.BARRIERS: N_("What practical things have to be arranged before you can work?"),
    IntakeStep.WISHES: N_("What work would make you happy? And what would you rather not do?"),
    IntakeStep.AGREEMENTS: N_("What do we agree on: who is your coach, and what may we do with your details?"),
}


def draw_intake_badge(steps: int) -> None:
    """Nothing once the intake is finished."""
    if steps < len(IntakeStep):
        words = _("Intake {n} of {total}").format(n=steps, total=len(IntakeStep))
        st.badge(words, icon=":material/checklist:", color="orange" if steps else "gray")


def draw_intake(actor: Actor, card: CandidateCard) -> None:
    with reading() as session:
        intake = intake_of(session, actor, card.candidate.id)
        possible_coaches = coaches(session, actor)
    _draw_progress(intake)
    step = _choose_step(intake)
    st.subheader(f"“{_(QUESTIONS[step])}”", anchor=False)
    for warning in doubtful_words(texts_about(card.candidate)):
        st.warning(literal(warning), icon=":material/edit_note:")
    if step is IntakeStep.AGREEMENTS:
        _draw_way_to_consent(card.candidate)
    if actor.may(Permission.CANDIDATE_EDIT):
        _draw_step(card, step, intake, possible_coaches)


def _draw_progress(intake: Intake) -> None:
    done, total = len(intake.done), len(IntakeStep)
    words = _("{n} of {total} steps done").format(n=done, total=total)
    if intake.saved:
        last = intake.saved[0]
        left = _("Last saved: {step}, {moment}, by {name}.")
        left = left.format(step=last.step.label, moment=show_moment(last.at), name=last.by or _("nobody known"))
        words = f"{words}. {left}"
    st.progress(done / total, text=literal(words))


def _choose_step(intake: Intake) -> IntakeStep:
    """The one in the address; else where the intake was left."""
    chosen: IntakeStep = st.segmented_control(
        _("Step"),
        list(IntakeStep),
        required=True,
        format_func=lambda step: f":material/check: {step.label}" if step in intake.done else step.label,
        label_visibility="collapsed",
        **in_address(STEP, {step.value: step for step in IntakeStep}, intake.next_step or IntakeStep.PERSON),
    )
    return chosen


def _draw_way_to_consent(person: Candidate) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(_("What somebody agrees to, you ask on the part “Consent”."))
        open_here(_("To consent"), "to-consent", icon=":material/verified_user:", candidate=person.id, part="consent")


def _draw_step(card: CandidateCard, step: IntakeStep, intake: Intake, possible_coaches: dict[int, str]) -> None:
    """What is filled in is kept when a field is left; the button says that all of the step was asked."""
    person, form = card.candidate, f"intake-{card.candidate.id}-{step.value}"
    start = begin_with(card, STEPS[step].model_fields)
    version = begin_form(form, person.version, start)
    on_leave = partial(_keep, person.id, step, form)
    draw_versions(version, person, compared(form, start, possible_coaches), partial(_go_on, form, on_leave))
    with st.container(border=True):
        draw_fields(form, (step,), possible_coaches, on_leave)
        never = _("Do not write down age, health, benefits or a citizen service number (BSN).")
        st.caption(f"{never} {_('What you fill in is saved at once.')}")
        st.button(
            _("Save and go on"),
            key="save-step",
            type="primary",
            icon=":material/arrow_forward:",
            on_click=_save,
            args=(person.id, step, form, intake),
        )


def _keep(candidate_id: int, step: IntakeStep, form: str) -> None:
    def edit(session: Session, actor: Actor, version: int) -> Candidate:
        return edit_candidate(session, actor, candidate_id, read_input(form, STEPS[step]), version=version)

    keep(form, lambda version: perform("", edit, version))


def _go_on(form: str, on_leave: Callable[[], None], version: int) -> None:
    go_on_with(form, version)
    on_leave()


def _save(candidate_id: int, step: IntakeStep, form: str, intake: Intake) -> None:
    def save(session: Session, actor: Actor, version: int) -> Candidate:
        return save_step(session, actor, candidate_id, step, read_input(form, STEPS[step]), version=version)

    if keep(form, lambda version: perform("", save, version)):
        state.tell("success", _("Saved."))
        state.forget(*state.keys(f"{form}-"))
        following = [one for one in (*_after(step), *IntakeStep) if one not in intake.done and one is not step]
        st.query_params[STEP] = (following[0] if following else step).value


def _after(step: IntakeStep) -> list[IntakeStep]:
    steps = list(IntakeStep)
    return steps[steps.index(step) + 1 :]
