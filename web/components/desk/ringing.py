"""A quiet bar while somebody calls the caller's own line; answering opens who it is."""

import streamlit as st

from crm.access.actor import Actor
from crm.core.db import reading
from crm.core.i18n import _
from crm.core.settings import settings
from crm.desk.ringing import RingsNow, who_rings
from crm.telephony.numbers import show_number
from web import state
from web.components.calls.incoming import INCOMING, NUMBER
from web.components.desk.acting import all_changed, redraw_all_when_changed
from web.components.dialogs import open_dialog
from web.components.text import literal

LOOK_EVERY = 3  # seconds


def draw_ringing(actor: Actor) -> None:
    """Nothing asks for it where no telephone system tells of calls."""
    if settings().telephony_event_secret.get_secret_value():
        _draw(actor)


@st.fragment(run_every=LOOK_EVERY)
def _draw(actor: Actor) -> None:
    redraw_all_when_changed()
    with reading() as session:
        rings = who_rings(session, actor)
    with st.container():  # always there: what a part of a part no longer draws would stay on screen
        if rings:
            _draw_bar(rings)


def _draw_bar(rings: RingsNow) -> None:
    number = show_number(rings.call.e164) if rings.call.e164 else _("number withheld")
    name = rings.company.name if rings.company else _("Unknown number")
    with st.container(key="ringing", gap="xsmall"):
        st.markdown(f":material/ring_volume: **{_('You are being called')}** · {literal(number)}  \n{literal(name)}")
        st.button(_("Who is calling?"), key="who-rings", on_click=_ask_who, args=(rings.asked,))


def _ask_who(number: str) -> None:
    state.put(NUMBER, show_number(number))
    open_dialog(INCOMING)
    all_changed()
