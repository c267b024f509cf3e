"""A button that opens a call and goes to the desk."""

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.calling.models import Call
from crm.core.settings import PROJECT_DIR
from web.actions import perform

DESK = PROJECT_DIR / "pages" / "desk.py"


def call_button(label: str, key: str, service: Callable[[Session, Actor, int], Call], about: int) -> None:
    """`service` opens the call that `about` is the id for; when it may not, the page says why."""
    if st.button(label, key=key, type="primary", icon=":material/headset_mic:"):
        if perform("", service, about):
            st.switch_page(DESK)
        st.rerun()
