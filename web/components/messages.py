"""What the last action had to say."""

from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from crm.core.i18n import _
from crm.core.settings import PROJECT_DIR
from web import state
from web.components.text import literal, unlinked

TO_MEND = "message-page"


def draw_messages() -> None:
    """Success passes by; a problem stays until the next action. A dialog calls this too, for a problem inside it."""
    _go_and_mend()
    messages = state.take_messages()
    for message in messages:
        if message.level == "success":
            st.toast(literal(message.text), icon=":material/check:")
    if lasting := [message for message in messages if message.level != "success"]:
        with st.container(key="problems", gap="small"):  # stays in sight, however far down somebody is
            for number, message in enumerate(lasting):
                _draw_lasting(number, message)


def _draw_lasting(number: int, message: state.Message) -> None:
    if message.level == "info":
        st.info(literal(message.text))  # may hold what somebody has to copy
    else:
        box = st.error if message.level == "error" else st.warning
        box(unlinked(literal(message.text)))
    if message.page:
        st.button(
            _("Fill this in"),
            key=f"mend-{number}",
            icon=":material/arrow_forward:",
            on_click=state.put,
            args=(TO_MEND, message.page),
        )


def _go_and_mend() -> None:
    """By then the message and its button are gone."""
    if page := state.take(TO_MEND):
        address = urlsplit(page)
        st.switch_page(PROJECT_DIR / "pages" / f"{address.path}.py", query_params=dict(parse_qsl(address.query)))
