"""The bell: how many messages wait, on every page, without loading it again."""

import streamlit as st

from crm.access.actor import Actor
from crm.core.i18n import _, ngettext, set_language
from crm.messaging.queries import MOST_COUNTED
from web.components.browser import browser_component
from web.navigation import SCREENS
from web.session import waiting_messages

_BELL = browser_component("bell", __file__, "lasting")
LOOK_EVERY = 15  # seconds


@st.fragment(run_every=LOOK_EVERY)
def draw_bell(actor: Actor) -> None:
    """One count, and nothing in the browser changes as long as it stays the same."""
    set_language(actor.language)
    count = waiting_messages()
    words = {"label": SCREENS["notices"].label, "words": in_words(count), "address": "/notices"}
    _BELL(key="bell", data={"count": _shown(count), **words})


def in_words(count: int) -> str:
    if count >= MOST_COUNTED:
        return _("More than {n} new messages").format(n=MOST_COUNTED - 1)
    return ngettext("{n} new message", "{n} new messages", count).format(n=count) if count else _("No new messages")


def _shown(count: int) -> str:
    if count >= MOST_COUNTED:
        return f"{MOST_COUNTED - 1}+"
    return str(count) if count else ""
