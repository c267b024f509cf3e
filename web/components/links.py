"""Ways from one screen to another, and what an address asks for."""

from typing import Literal

import streamlit as st

from crm.access.actor import Actor
from crm.core.errors import NotFound
from crm.core.settings import PROJECT_DIR
from web.components.text import literal
from web.navigation import SCREENS, may_see

Kind = Literal["primary", "secondary", "tertiary"]

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


def open_here(
    label: str, key: str, *, icon: str | None = None, bold: bool = False, kind: Kind = "tertiary", **query: int | str
) -> None:
    """Open something else on the same screen. A link would leave the address bar as it was; this keeps it right."""
    wanted = {name: str(value) for name, value in query.items()}
    text = f"**{literal(label)}**" if bold else literal(label)
    st.button(text, key=key, icon=icon, type=kind, on_click=st.query_params.from_dict, args=(wanted,))


def draw_not_found(error: NotFound, back: str) -> None:
    """Say so, with the way back to what this screen shows without a question."""
    open_here(back, "back-from-nowhere", icon=":material/arrow_back:")
    st.error(str(error))


def asked(name: str) -> int | None:
    """The number in `?name=5`; 0, which no record has, for anything that is no number."""
    text = st.query_params.get(name)
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else 0
