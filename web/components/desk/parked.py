"""The call that is parked: one line that leads back to it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from crm.core.clock import local, today
from crm.core.i18n import _, show_moment, show_time
from crm.desk.queries import Parked
from web.components.text import literal


def draw_parked(parked: Parked | None, go_back: Callable[..., Any], *args: Any) -> None:
    if parked is None:
        return
    since = show_time(parked.since) if local(parked.since).date() == today() else show_moment(parked.since)
    words = _("Parked: {company}, since {time}").format(company=parked.company, time=since)
    st.button(
        literal(words),
        key=f"parked-{parked.since:%H%M%S%f}",  # going back parks another one
        icon=":material/phone_paused:",
        shortcut="P",
        width="stretch",
        on_click=go_back,
        args=args,
    )
