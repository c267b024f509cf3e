"""The board of hidden jobs: a column per stage, a card per job, moved with the pointer or with the keys."""

from functools import partial
from typing import Any

import streamlit as st
from pydantic import ValidationError

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.errors import explain
from crm.core.i18n import _, ngettext, show_moment
from crm.matching.board import Board, Mark, look
from crm.matching.services import move_job
from crm.pipeline.board import CARDS_PER_STAGE, BoardColumn
from crm.pipeline.inputs import Put
from crm.pipeline.models import Pipeline, Stage
from crm.pipeline.queries import last_move
from crm.pipeline.stages import allowed, stage_name, stages
from web import state
from web.actions import perform
from web.components.browser import browser_component
from web.components.dialogs import open_dialog, opened
from web.components.pipeline.filters import open_job
from web.components.pipeline.lost import LOSE, draw_lose_dialog
from web.components.pipeline.words import card_words, jobs_counted
from web.session import current_actor

_BOARD = browser_component("job_board", __file__, "lasting", "elements", "dragging", "menu", "pipeline/drawing")
KEY, ANSWER, SHOWN = "job-board", "job-board-answer", "job-board-shown"
MORE = 24
LOOK_EVERY = 3  # seconds


def cards_shown(pipeline: Pipeline | None) -> dict[Stage, int]:
    """How many cards of each stage somebody asked for; of what is lost none at first."""
    asked = state.value(SHOWN) or {}
    return {Stage.LOST: 0} | {stage: number for (kind, stage), number in asked.items() if kind is pipeline}


def draw_board(actor: Actor, board: Board, pipeline: Pipeline | None) -> None:
    data = {
        "columns": [_column(column, board, pipeline) for column in board.columns],
        "kinds": {kind: _ways(kind) for kind in ([pipeline] if pipeline else Pipeline)},
        "moves": actor.may(Permission.JOB_MOVE),
        "opens": actor.may(Permission.COMPANY_VIEW),
        "lost": Stage.LOST,
        "answer": state.value(ANSWER),
        "words": _words(),
    }
    _BOARD(
        key=KEY,
        data=data,
        on_moved_change=_moved,
        on_opened_change=_opened,
        on_more_change=partial(_more, pipeline),
    )
    draw_lose_dialog()
    _watch(board.mark)


def _ways(kind: Pipeline) -> dict[Stage, Any]:
    """Of each stage what this kind of work calls it, and where a job may go from there."""
    return {stage: {"name": stage_name(kind, stage), "targets": allowed(kind, stage)} for stage in stages(kind)}


def _column(column: BoardColumn, board: Board, pipeline: Pipeline | None) -> dict[str, Any]:
    hidden, stale = column.total - len(column.cards), column.stale
    return {
        "stage": column.stage,
        "label": stage_name(pipeline, column.stage),
        "total": column.total,
        "counted": jobs_counted(column.total),
        "still": ngettext("{n} stands still", "{n} stand still", stale).format(n=stale) if stale else "",
        "more": ngettext("{n} more", "{n} more", min(hidden, MORE)).format(n=min(hidden, MORE)) if hidden else "",
        "cards": [card_words(board.cards[card.job.id], one_kind=pipeline is not None) for card in column.cards],
    }


def _words() -> dict[str, str]:
    return {
        "label": _("Hidden jobs by stage"),
        "hint": _("Drag a card to another column, use its menu (⋯), or use the keyboard."),
        "keys": _(
            "With Tab you go to the board. The arrows go from card to card, and O opens a job. Enter or the space bar "
            "picks a card up; then the arrows choose a column, Enter puts it down, and Escape leaves it where it was. "
            "With a finger: hold it on a card until the card comes loose, then drag."
        ),
        "empty": _("Nothing here"),
        "open": _("Open this job"),
        "menu": _("Move “{title}”, or open it"),
        "to": _("To “{stage}”"),
        "here": _("Put “{title}” down here"),
        "lifted": _(
            "“{title}” is picked up, from “{stage}”. The arrows choose a column, Enter puts it down, Escape stops."
        ),
        "may": _("“{stage}”: possible."),
        "own": _("“{stage}”: here it was."),
        "refused": _("“{title}” cannot go from “{before}” to “{after}”."),
        "cancelled": _("“{title}” stays where it was."),
        "sending": _("“{title}” goes to “{stage}”…"),
    }


def _moved() -> None:
    """The rules and a colleague may refuse; then the page says why and the card is back in its place."""
    try:
        put = Put.model_validate(state.value(KEY)["moved"])
    except ValidationError as error:
        _answer(explain(error), trouble=True)
        return
    if put.stage is Stage.LOST:  # for a reason, which is asked first
        open_dialog(LOSE, put.job_id, put.seen_version)
        return
    moved = perform("", move_job, put.job_id, put.stage, version=put.seen_version)
    words = _("“{title}” is now at “{stage}”.")
    if moved:
        _answer(words.format(title=moved.title, stage=stage_name(moved.pipeline, moved.stage)))
    else:
        _answer(_who_was_first(put) or _("Not moved. Look at the message on this page."), trouble=True)


def _who_was_first(put: Put) -> str:
    """When a colleague moved the job after this reader saw it."""
    with reading() as session:
        known = last_move(session, current_actor(), put.job_id)
    if known is None or known.job.version == put.seen_version:
        return ""
    job, moment = known.job, show_moment(known.at)
    words = _("{name} was first: “{title}” is at “{stage}” since {moment}. The card is there now, and nothing is lost.")
    return words.format(name=known.name, title=job.title, stage=stage_name(job.pipeline, job.stage), moment=moment)


def _answer(words: str, *, trouble: bool = False) -> None:
    number = (state.value(ANSWER) or {"number": 0})["number"] + 1
    state.put(ANSWER, {"number": number, "words": words, "trouble": trouble})


def _opened() -> None:
    open_job(int(state.value(KEY)["opened"]["job_id"]))


def _more(pipeline: Pipeline | None) -> None:
    stage = Stage(state.value(KEY)["more"]["stage"])
    shown = cards_shown(pipeline).get(stage, CARDS_PER_STAGE)
    state.put(SHOWN, (state.value(SHOWN) or {}) | {(pipeline, stage): shown + MORE})


@st.fragment(run_every=LOOK_EVERY)
def _watch(mark: Mark) -> None:
    """What a colleague did is on the screen within seconds; not behind a dialog, which would be drawn anew."""
    if opened()[0]:
        return
    with reading() as session:
        changed = look(session, mark.since) != mark
    if changed:
        st.rerun()
