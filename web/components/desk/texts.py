"""Texts of the desk that save themselves, each group in a fragment of its own."""

from functools import partial

import streamlit as st

from crm.core.i18n import _, show_time
from crm.desk.fitting import ABOUT_WORK
from crm.desk.form import JOB_FIELDS
from crm.desk.queries import Talk
from crm.desk.services import write_texts
from web.actions import perform
from web.components.autosave import Bases, Saved, TextField, Texts, autosave
from web.components.desk.acting import redraw_what_changed
from web.components.desk.fits import FITS
from web.components.messages import draw_messages

NOTES, JOB = "notes", "job"
TEXTS = "desk-texts"
ABOUT_JOB = ABOUT_WORK | JOB_FIELDS | {"job_title"}


def draw_texts(talk: Talk, group: str, fields: list[TextField]) -> None:
    _draw(talk.call.id, group, fields, _scope(talk), _saved(talk) if group == NOTES else "")


@st.fragment(key=TEXTS)
def _draw(call_id: int, group: str, fields: list[TextField], scope: str, saved: str) -> None:
    redraw_what_changed()
    draw_messages()
    save = partial(_save, call_id)
    autosave(key_of(call_id, group), scope, fields, saved=saved, save=save, kept=_draw_what_follows)


def key_of(call_id: int, group: str) -> str:
    return f"texts-{call_id}-{group}"


def _scope(talk: Talk) -> str:
    """The moment makes it another call than one with the same number in a database that was made anew."""
    return f"{talk.call.id}-{talk.call.created_at.timestamp():.0f}"


def _saved(talk: Talk) -> str:
    return _("Saved at {time}").format(time=show_time(talk.saved_at)) if talk.saved_at else ""


def _save(call_id: int, texts: Texts, bases: Bases) -> Saved | None:
    """None when it was refused."""
    kept = perform("", write_texts, call_id, texts, bases)
    return Saved(_("Saved at {time}").format(time=show_time(kept.at)), kept.merged) if kept else None


def _draw_what_follows(texts: Texts) -> None:
    """What is written about the work may make somebody else fit."""
    if not ABOUT_JOB.isdisjoint(texts):
        st.rerun([TEXTS, FITS])
