"""The telephone at the desk: dialling by a system, how the call goes, hanging up."""

import streamlit as st

from crm.core.db import reading
from crm.core.i18n import _
from crm.desk.queries import Talk
from crm.desk.services import ask_to_dial
from crm.telephony.models import DialledCall
from crm.telephony.placing import follow, hang_up, place
from crm.telephony.queries import last_dialled
from crm.telephony.rules import END
from web import state
from web.actions import perform
from web.components.desk.acting import all_changed

LOOK_EVERY = 2  # seconds


def dial(call_id: int, e164: str) -> None:
    """For a callback: note it, and when that is kept have the telephone system dial. A link has dialled by itself."""
    dialled = perform("", ask_to_dial, call_id, e164)
    if dialled:
        place(dialled)
        all_changed()


def draw_telephone(talk: Talk) -> None:
    dialled = talk.dialled
    if dialled is None:
        return
    if dialled.problem:
        st.caption(f":material/phone_disabled: {dialled.problem.label}")
        return
    under_way = dialled.state not in END
    st.fragment(_draw, run_every=LOOK_EVERY if under_way else None)(talk.call.id, dialled)


def _draw(call_id: int, shown: DialledCall) -> None:
    """A change redraws the whole desk: its clock and its form go by it too."""
    dialled = _read(call_id)
    if dialled is None or (dialled.id, dialled.state, dialled.cause) != (shown.id, shown.state, shown.cause):
        st.rerun()
    with st.container(key="telephone", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/call: **{dialled.state.label}**{_why(dialled)}", width="content")
        if dialled.state in END:
            return
        if dialled.reference:
            follow(dialled.id, dialled.system, dialled.reference)  # this process may not be the one that dialled
            st.button(_("Hang up"), key="hang-up", icon=":material/call_end:", on_click=_hang_up, args=(dialled,))


def _why(dialled: DialledCall) -> str:
    return f" · {dialled.cause.label}" if dialled.cause else ""


def _hang_up(dialled: DialledCall) -> None:
    if problem := hang_up(dialled):
        state.tell("warning", problem.label)


def _read(call_id: int) -> DialledCall | None:
    with reading() as session:
        return last_dialled(session, call_id)
