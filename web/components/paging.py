"""Going through what was written down, from the newest to older."""

import streamlit as st

from crm.core.i18n import _
from web import state


def draw_older(before: str, older: int | None) -> None:
    """`before` is the key under which the page keeps where it is; `older` is where the next page begins."""
    with st.container(horizontal=True):
        st.button(
            _("Newest"),
            icon=":material/first_page:",
            on_click=state.forget,
            args=(before,),
            key="newest",
            disabled=not state.value(before),
        )
        st.button(
            _("Older"),
            icon=":material/chevron_right:",
            on_click=state.put,
            args=(before, older),
            key="older",
            disabled=older is None,
        )
