"""A quiet bar while somebody calls the caller's own line."""

import streamlit as st

from crm.access.actor import Actor
from crm.core.db import reading
from crm.core.i18n import _
from crm.core.settings import settings
from crm.desk.ringing import Ringing, who_rings
from crm.telephony.numbers import show_number
from web.components.links import link
from web.components.text import literal

LOOK_EVERY = 3  # seconds


def draw_ringing(actor: Actor) -> None:
    """Nothing asks for it where no telephone system tells of calls."""
    if settings().telephony_event_secret.get_secret_value():
        _draw(actor)


@st.fragment(run_every=LOOK_EVERY)
def _draw(actor: Actor) -> None:
    with reading() as session:
        ringing = who_rings(session, actor)
    with st.container():  # always there: what a part of a part no longer draws would stay on screen
        if ringing:
            _draw_bar(actor, ringing)


def _draw_bar(actor: Actor, ringing: Ringing) -> None:
    number = show_number(ringing.call.e164) if ringing.call.e164 else _("number withheld")
    with st.container(key="ringing", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/ring_volume: **{_('You are being called')}** · {literal(number)}")
        if ringing.company:
            link(actor, "companies", ringing.company.name, bold=True, company=ringing.company.id)
        else:
            link(actor, "companies", _("Unknown number: look it up"))
