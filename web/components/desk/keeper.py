"""The part of the desk that lives in the browser: dialling, the clock, and where each zone is scrolled to."""

from functools import partial

import streamlit as st

from crm.calling.models import Call
from crm.calling.services import mark_dialled
from crm.core.clock import now
from web import state
from web.actions import perform
from web.components.desk.markup import HERE

_KEEPER = st.components.v2.component("desk", js=(HERE / "keeper.js").read_text("utf-8"))
KEY = "keeper"


def draw_keeper(call: Call, step: int) -> None:
    seconds = round((now() - call.dialled_at).total_seconds()) if call.dialled_at else None
    _KEEPER(
        key=KEY,
        data={"call": call.id, "step": step, "seconds": seconds},
        on_dialled_change=partial(_dialled, call.id),
    )


def _dialled(call_id: int) -> None:
    if e164 := state.value(KEY).dialled:
        perform("", mark_dialled, call_id, e164=e164)
