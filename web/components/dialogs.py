"""A dialog that stays open until it is answered, also when the page behind it is drawn again."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm.core.i18n import _
from web import state
from web.components.messages import draw_messages

OPEN = "open-dialog"
OPENED = "opened-dialog"  # until the page has drawn it, as a part of a page that is drawn alone does not


def dialog_button(label: str, name: str, *about: int, **look: Any) -> None:
    """A button that opens a dialog; `about` are the ids it is about."""
    st.button(label, on_click=open_dialog, args=(name, *about), **look)


def open_dialog(name: str, *about: int) -> None:
    state.put(OPEN, (name, *about))
    state.put(OPENED, True)


def opened() -> tuple[str, tuple[int, ...]]:
    """The name of the open dialog and what it is about; an empty name for none."""
    name, *about = state.value(OPEN) or ("",)
    return name, tuple(about)


def show_dialog(title: str, draw: Callable[[], None], width: Literal["small", "medium"] = "small") -> None:
    st.dialog(title, width=width, on_dismiss=close)(draw)()


def close() -> None:
    state.forget(OPEN)


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
