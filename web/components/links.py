"""Ways from one screen to another, and what an address asks for."""

import streamlit as st

from crm.access.actor import Actor
from crm.core.settings import PROJECT_DIR
from web.components.text import literal
from web.navigation import SCREENS, may_see

LONGEST_ID = 9  # digits; more fits no database


def link(
    actor: Actor, screen: str, label: str, *, icon: str | None = None, bold: bool = False, **query: int | str
) -> None:
    """A link to a screen, or plain text for who may not see that screen."""
    text = f"**{literal(label)}**" if bold else literal(label)
    if not may_see(actor, SCREENS[screen]):
        st.markdown(text)
        return
    path = PROJECT_DIR / "pages" / f"{screen}.py"
    st.page_link(path, label=text, icon=icon, query_params={name: str(value) for name, value in query.items()})


def asked(name: str) -> int | None:
    """The number in `?name=5`; 0, which no record has, for anything that is no number."""
    text = st.query_params.get(name)
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else 0
