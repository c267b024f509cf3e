"""What the last action had to say."""

import streamlit as st

from web import state
from web.components.text import literal, unlinked


def draw_messages() -> None:
    """Success passes by; a problem stays until the next action. A dialog calls this too, for a problem inside it."""
    boxes = {"error": st.error, "warning": st.warning}
    for message in state.take_messages():
        if message.level == "success":
            st.toast(literal(message.text), icon=":material/check:")
        elif message.level == "info":
            st.info(literal(message.text))  # may hold what somebody has to copy
        else:
            boxes[message.level](unlinked(literal(message.text)))
