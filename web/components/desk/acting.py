"""Changing the conversation from a widget of the desk.

The browser may send a click together with text that was just typed. Such a click counts, but redraws only the
text fields: they draw the desk again when they find that something else was done.
"""

from collections.abc import Callable
from typing import Concatenate

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from web import state
from web.actions import Given, Result, perform
from web.components.dialogs import OPENED

_CHANGED = "desk-changed"
_ALL_CHANGED = "desk-all-changed"


def act(
    service: Callable[Concatenate[Session, Actor, Given], Result], *args: Given.args, **kwargs: Given.kwargs
) -> Result | None:
    changed()
    return perform("", service, *args, **kwargs)


def changed() -> None:
    state.put(_CHANGED, True)


def drawn() -> None:
    """The conversation is on screen as it is now."""
    state.forget(_CHANGED, OPENED)


def redraw_what_changed() -> None:
    if state.value(_CHANGED) or state.value(OPENED):
        st.rerun()


def all_changed() -> None:
    """For a callback inside a part of the desk that changes another part too."""
    state.put(_ALL_CHANGED, True)


def redraw_all_when_changed() -> None:
    """Draws the whole desk when only a part of it is being drawn."""
    if state.value(_ALL_CHANGED):
        state.forget(_ALL_CHANGED)
        st.rerun()


def all_drawn() -> None:
    state.forget(_ALL_CHANGED)
