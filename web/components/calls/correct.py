"""The form that puts the result of a call right, on the day it was written down."""

from collections.abc import Sequence
from functools import partial

import streamlit as st
from sqlmodel import Session
from streamlit.delta_generator import DeltaGenerator

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.models import ObjectionRight
from crm.core.clock import local
from crm.core.db import reading
from crm.core.i18n import _, show_moment, show_time
from crm.desk.corrections import CorrectionForm, TodaysCall, correction_form
from crm.desk.drafts import NO_STEP
from crm.desk.inputs import CorrectionInput
from crm.desk.rules import BLOCKING, needs, possible_results
from crm.desk.services import Corrected, correct
from crm.reference.queries import dispositions
from web import state
from web.actions import perform
from web.components.calls.result import Given, ask_by_result, moment_chosen, step_name
from web.components.dialogs import close, dialog_button, draw_cancel, opened, show_dialog
from web.components.links import link
from web.components.messages import draw_messages
from web.components.text import literal
from web.components.versions import Compared, begin_form, draw_versions, go_on_with
from web.session import current_actor

CORRECT = "correct-call"


def draw_correct_button(call_id: int) -> None:
    dialog_button(_("Change the result"), CORRECT, call_id, key=f"correct-{call_id}", type="tertiary")


def draw_open_correction() -> None:
    """The dialog, if it is open."""
    name, about = opened()
    if name == CORRECT:
        show_dialog(_("Change the result"), partial(_draw, about[0]))


def _draw(call_id: int) -> None:
    actor = current_actor(Permission.COMPANY_EDIT)
    with reading() as session:
        form = correction_form(session, actor, call_id)
    call, about = form.call, _about(call_id)
    key = f"{about}-{{}}".format
    version = begin_form(about, call.version, _fields_of(form))
    draw_versions(version, call, _compared(form), partial(go_on_with, about))
    st.text(f"{form.company.name}, {show_moment(call.ended_at or call.created_at)}")
    codes = [result.code for result in possible_results(call.way)]
    code = st.selectbox(
        _("Result"), codes, format_func=lambda code: dispositions()[code].name, key=key("result"), persist_state="page"
    )
    result = dispositions()[code]
    given: Given = {
        "disposition": code,
        "contact_name": form.contact,
        "summary": st.text_input(_("In one sentence"), max_chars=500, key=key("summary"), persist_state="page"),
        "notes": st.text_area(_("Notes"), max_chars=20_000, height=80, key=key("notes"), persist_state="page"),
    }
    given |= ask_by_result(key, needs(result), call.way, owner_id=call.caller_id, company=form.company, jobs=form.jobs)
    given |= _ask_reason(form, code)
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Save"), type="primary", key="save-correction"):
            _finish(call_id, _save(form, given, version), problem)
        draw_cancel()


def _compared(form: CorrectionForm) -> list[Compared]:
    about, saved = _about(form.call.id), form.call.result
    code = saved.code if saved else None
    return [
        Compared(_("Result"), f"{about}-result", code, lambda code: dispositions()[code].name),
        Compared(_("In one sentence"), f"{about}-summary", form.summary),
        Compared(_("Notes"), f"{about}-notes", form.call.notes),
    ]


def _about(call_id: int) -> str:
    return f"{CORRECT}-{call_id}"


def _fields_of(form: CorrectionForm) -> Given:
    """What was saved."""
    call, step, saved = form.call, form.step, form.call.result
    wanted = needs(saved) if saved else None
    content: Given = {"result": saved.code if saved else None, "summary": form.summary, "notes": call.notes}
    if wanted and call.objection_right in wanted.objection_right:
        content["objection-right"] = ObjectionRight(call.objection_right)
    if form.own_job_id is not None:
        content |= {"known-job": form.own_job_id, "has-job": True}
    if wanted and step:
        due = local(step.due_at)
        content |= {
            step_name(wanted): step.kind.value,
            "due-day": due.date(),
            "due-hour": due.time(),
            "due-note": step.note,
        }
        content["due-team"] = step.owner_id is None
    elif wanted and wanted.steps:
        content[step_name(wanted)] = NO_STEP
    return content


def _ask_reason(form: CorrectionForm, code: str) -> Given:
    """What blocked the company is taken back by a coordinator, who says why."""
    saved = form.call.result
    if saved is None or saved.code not in BLOCKING or code == saved.code:
        return {}
    st.warning(_("Then this company may be called again. Only a coordinator can do this."))
    return {
        "reason": st.text_input(_("Why?"), max_chars=300, key=f"{_about(form.call.id)}-reason", persist_state="page")
    }


def _save(form: CorrectionForm, given: Given, version: int) -> Corrected | None:
    if not moment_chosen(given):
        state.tell("error", _("Choose a date and a time."))
        return None

    def keep(session: Session, actor: Actor) -> Corrected:
        wanted = CorrectionInput.model_validate(given)
        return correct(session, actor, form.call.id, wanted, version=version)

    return perform(_("The result was changed."), keep)


def _finish(call_id: int, done: Corrected | None, problem: DeltaGenerator) -> None:
    if done is None:
        with problem:
            draw_messages()
        return
    for words in done.told:
        state.tell("warning", literal(words))
    state.forget(*state.keys(f"{_about(call_id)}-"))
    close()
    st.rerun()


def draw_calls_of_today(actor: Actor, calls: Sequence[TodaysCall]) -> None:
    """The latest first; folded away, as it is needed only when something went wrong."""
    with st.expander(_("My latest calls"), icon=":material/history:"):
        for todays in calls:
            with st.container(horizontal=True, vertical_alignment="center", key=f"todays-{todays.call.id}"):
                st.markdown(show_time(todays.call.ended_at or todays.call.created_at))
                link(actor, "companies", todays.company.name, company=todays.company.id)
                if todays.call.result:
                    st.markdown(literal(todays.call.result.name))
                draw_correct_button(todays.call.id)
