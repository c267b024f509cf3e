"""A dialog that stays open until it is answered, also when the page behind it is drawn again.

Who closes it by mistake finds everything again that was filled in: see `_put_away`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm.core.i18n import _
from web import state
from web.components.messages import draw_messages

OPEN = "open-dialog"
OPENED = "opened-dialog"  # until the page has drawn it, as a part of a page that is drawn alone does not
_FIELDS = "dialog-fields"  # the keys of what the open dialog has drawn
_PUT_AWAY = "dialogs-put-away"  # what stood in those that were closed without an answer


def dialog_button(label: str, name: str, *about: int, **look: Any) -> None:
    """A button that opens a dialog; `about` are the ids it is about."""
    st.button(label, on_click=open_dialog, args=(name, *about), **look)


def open_dialog(name: str, *about: int) -> None:
    state.put(OPEN, (name, *about))
    state.put(OPENED, True)
    for key, content in state.value(_PUT_AWAY, {}).pop((name, *about), {}).items():
        state.put(key, content)


def opened() -> tuple[str, tuple[int, ...]]:
    """The name of the open dialog and what it is about; an empty name for none."""
    name, *about = state.value(OPEN) or ("",)
    return name, tuple(about)


def show_dialog(title: str, draw: Callable[[], None], width: Literal["small", "medium"] = "small") -> None:
    st.dialog(title, width=width, on_dismiss=_put_away)(partial(_draw_fields, draw))()


def _draw_fields(draw: Callable[[], None]) -> None:
    before = set(state.keys())
    draw()
    state.put(_FIELDS, state.value(_FIELDS, set()) | set(state.keys()) - before)


def _put_away() -> None:
    """Escape, or a click beside it: what was filled in is there again when the same dialog is opened.

    Not a tick: that may be a confirmation, and no button can be given what it held.
    """
    filled_in = {key: state.value(key) for key in state.value(_FIELDS, ())}
    kept = {key: content for key, content in filled_in.items() if content is not None and not isinstance(content, bool)}
    state.put(_PUT_AWAY, state.value(_PUT_AWAY, {}) | {state.value(OPEN): kept})
    close()


def close() -> None:
    state.forget(OPEN, _FIELDS)


def draw_cancel(label: str = "") -> None:
    if st.button(label or _("Cancel"), key="cancel-dialog"):
        close()
        st.rerun()


def close_when(result: object, problem: DeltaGenerator) -> None:
    """Close the dialog when it is kept; else say in `problem` what is wrong."""
    if result is not None:
        close()
        st.rerun()
    with problem:
        draw_messages()
