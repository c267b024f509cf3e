"""Why a hidden job is lost, and when we ask the employer again: asked in a dialog."""

from datetime import date
from functools import partial
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import today
from crm.core.i18n import _
from crm.followups.rules import usual_day
from crm.matching.services import move_job
from crm.pipeline.inputs import Lost
from crm.pipeline.models import HiddenJob, LostReason, Stage
from web import state
from web.actions import perform
from web.components.dialogs import close_when, dialog_button, draw_cancel, opened, show_dialog
from web.session import current_actor

LOSE = "lose-job"
_NOTES = "move-notes"  # how many were written
WORKING_DAYS = 65  # three months, the usual time until we ask again


def note_key() -> str:
    """Of the note with a move; another one after each, as a browser keeps what stands in a field that is forgotten."""
    return f"move-note-{state.value(_NOTES, 0)}"


def begin_note() -> None:
    state.put(_NOTES, state.value(_NOTES, 0) + 1)


def draw_lose_button(job: HiddenJob) -> None:
    dialog_button(_("Lost"), LOSE, job.id, job.version, key="lose", icon=":material/inventory_2:")


def draw_lose_dialog() -> None:
    """If it is open."""
    name, about = opened()
    if name == LOSE:
        job_id, version = about
        show_dialog(_("This job is lost"), partial(_draw, job_id, version))


def _draw(job_id: int, version: int) -> None:
    current_actor(Permission.JOB_MOVE)
    given = _ask(job_id)
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Save"), key="save-lost", type="primary", disabled=not given):
            done = _("Moved to “{stage}”.").format(stage=Stage.LOST.label)
            lost = perform(done, _lose, job_id, version, given)
            if lost:
                state.forget(*(_key(job_id, field) for field in ("reason", "again", "day")))
                begin_note()
            close_when(lost, problem)
        draw_cancel()


def _ask(job_id: int) -> dict[str, Any]:
    """The fields of a Lost; empty as long as something is to be chosen."""
    reason = st.selectbox(
        _("Why?"),
        list(LostReason),
        index=None,
        format_func=lambda reason: reason.label,
        key=_key(job_id, "reason"),
        persist_state="page",
    )
    words = {True: _("Yes, call them again"), False: _("No, never")}
    again = st.radio(
        _("Shall we ask again later?"),
        list(words),
        index=None,
        format_func=words.__getitem__,
        key=_key(job_id, "again"),
        persist_state="page",
    )
    day = _ask_day(job_id) if again else None
    known = reason is not None and (again is False or day is not None)
    return {"reason": reason, "ask_again_on": day} if known else {}


def _ask_day(job_id: int) -> date | None:
    proposed = usual_day(WORKING_DAYS, today())
    key = _key(job_id, "day")
    day: date | None = st.date_input(_("From when?"), proposed, format="DD-MM-YYYY", key=key, persist_state="page")
    return day


def _key(job_id: int, field: str) -> str:
    return f"{LOSE}-{job_id}-{field}"


def _lose(session: Session, actor: Actor, job_id: int, version: int, given: dict[str, Any]) -> HiddenJob:
    wanted, note = Lost.model_validate(given), state.value(note_key(), "")
    return move_job(session, actor, job_id, Stage.LOST, version=version, note=note, lost=wanted)
