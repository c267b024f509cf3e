"""Beside a field: words in it that shut people out, with better ones."""

import streamlit as st

from crm.pipeline.rules import doubtful_words
from web import state
from web.components.text import literal


def draw_doubts(text: str) -> None:
    """One line per doubtful word; nothing when there is none."""
    for warning in doubtful_words(text):
        st.markdown(f":orange[:material/edit_note:] {literal(warning)}")


def checked_line(label: str, key: str, longest: int, *, placeholder: str = "") -> None:
    """A line of text that tells of doubtful words as soon as somebody leaves it."""
    st.text_input(label, key=key, max_chars=longest, placeholder=placeholder, persist_state="page")
    draw_doubts(state.value(key, ""))


def checked_lines(label: str, key: str, longest: int, *, height: int = 110, placeholder: str = "") -> None:
    """The same for several lines."""
    st.text_area(label, key=key, max_chars=longest, height=height, placeholder=placeholder, persist_state="page")
    draw_doubts(state.value(key, ""))
