"""One task of a work analysis: shown, changed, or added as the next row."""

from functools import partial
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.core.i18n import _, show_amount
from crm.pipeline.analyses.inputs import TaskInput
from crm.pipeline.analyses.models import WorkTask
from crm.pipeline.analyses.services import add_task, edit_task, remove_task
from web import state
from web.actions import perform
from web.components.links import link
from web.components.text import literal
from web.components.versions import Compared, begin_form, draw_versions, go_on_with, yes_or_no
from web.components.wording import checked_line

FIELDS = tuple(TaskInput.model_fields)
EMPTY: dict[str, Any] = {name: field.default for name, field in TaskInput.model_fields.items()} | {"what": ""}
EDITING = "editing-task"


def draw_task(actor: Actor, task: WorkTask, job: str | None, *, may_edit: bool) -> None:
    """`job` is the title of the hidden job it became part of."""
    with st.container(border=True, gap="xsmall", key=f"task-{task.id}"):
        if may_edit and state.value(EDITING) == task.id and task.job_id is None:
            _draw_edit(task)
            return
        st.markdown(f"**{literal(task.what)}**")
        if details := _details(task):
            st.markdown(literal(" · ".join(details)))
        if task.split_off and task.job_id is None:
            st.badge(_("Could be split off"), icon=":material/call_split:", color="green")
        if task.job_id and job is not None:
            link(actor, "pipeline", job, icon=":material/work_history:", job=task.job_id)
        elif may_edit:
            st.button(_("Change"), key=f"edit-task-{task.id}", on_click=state.put, args=(EDITING, task.id))


def _details(task: WorkTask) -> list[str]:
    hours = _("{n} hours a week").format(n=show_amount(task.hours_per_week)) if task.hours_per_week else ""
    training = _("needs training") if task.needs_training else ""
    return [detail for detail in (task.done_by, task.how_often, hours, training) if detail]


def _draw_edit(task: WorkTask) -> None:
    about = f"task-{task.id}"
    version = begin_form(about, task.version, {name: getattr(task, name) for name in FIELDS})
    draw_versions(version, task, _compared(task, about), partial(go_on_with, about))
    _draw_fields(about)
    with st.container(horizontal=True):
        args = (task.id, about, version)
        st.button(_("Save"), type="primary", key=f"save-task-{task.id}", on_click=_save, args=args)
        st.button(_("Cancel"), key=f"cancel-task-{task.id}", on_click=_close, args=(about,))
        st.button(_("Remove"), key=f"remove-task-{task.id}", type="tertiary", on_click=_remove, args=args)


def _compared(task: WorkTask, about: str) -> list[Compared]:
    shown: dict[str, Any] = {"hours_per_week": show_amount, "split_off": yes_or_no, "needs_training": yes_or_no}
    labels = _labels()
    return [Compared(labels[name], f"{about}-{name}", getattr(task, name), shown.get(name, str)) for name in FIELDS]


def _labels() -> dict[str, str]:
    return {
        "what": _("Which task?"),
        "done_by": _("Who does it now? The function, not the name"),
        "how_often": _("How often and how long?"),
        "hours_per_week": _("Hours a week"),
        "split_off": _("Somebody else could do this"),
        "needs_training": _("Needs training first"),
    }


def _draw_fields(about: str) -> None:
    key, labels = f"{about}-{{}}".format, _labels()
    checked_line(labels["what"], key("what"), 200)
    checked_line(labels["done_by"], key("done_by"), 120, placeholder=_("for example: the owner"))
    checked_line(labels["how_often"], key("how_often"), 120, placeholder=_("for example: every morning, half an hour"))
    st.number_input(
        labels["hours_per_week"],
        value=None,
        step=0.5,
        format="%g",
        key=key("hours_per_week"),
        persist_state="page",
    )
    for name in ("split_off", "needs_training"):
        st.toggle(labels[name], key=key(name), persist_state="page")


def draw_add_task(analysis_id: int) -> None:
    about = f"new-task-{analysis_id}"
    begin_form(about, 0, EMPTY)
    with st.container(border=True, key="new-task"):
        st.subheader(_("Next task"), anchor=False)
        _draw_fields(about)
        st.button(
            _("Add this task"),
            key="add-task",
            type="primary",
            width="stretch",
            icon=":material/add:",
            on_click=_add,
            args=(analysis_id, about),
        )


def _given(about: str) -> TaskInput:
    """Raises ValidationError."""
    return TaskInput.model_validate({name: state.value(f"{about}-{name}") for name in FIELDS})


def _add(analysis_id: int, about: str) -> None:
    def add(session: Session, actor: Actor) -> WorkTask:
        return add_task(session, actor, analysis_id, _given(about))

    if perform(_("Saved."), add):
        state.forget(*state.keys(f"{about}-"))


def _save(task_id: int, about: str, version: int) -> None:
    def edit(session: Session, actor: Actor) -> WorkTask:
        return edit_task(session, actor, task_id, _given(about), version=version)

    if perform(_("Saved."), edit):
        _close(about)


def _remove(task_id: int, about: str, version: int) -> None:
    if perform(_("Removed."), remove_task, task_id, version=version):
        _close(about)


def _close(about: str) -> None:
    state.forget(EDITING, *state.keys(f"{about}-"))
