"""Below, always in sight: save and go on, or put back."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.calling.models import Call, CallWay
from crm.calling.queries import MOST_COUNTED
from crm.calling.services import return_to_parked
from crm.core.i18n import _, ngettext
from crm.desk.queries import DeskView
from crm.desk.services import put_back, refuse, wrap_up_and_next, write_texts
from web import state
from web.actions import perform
from web.components.autosave import Bases, Texts, unanswered
from web.components.desk.belonging import of_call
from web.components.desk.parked import draw_parked
from web.components.desk.skip import SKIP, draw_skip_dialog
from web.components.desk.texts import key_of
from web.components.dialogs import dialog_button


def draw_bar(view: DeskView) -> None:
    call_id = view.talk.call.id
    key = partial(of_call, call_id=call_id)
    draw_parked(view.parked, _finish, call_id, _to_parked)
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="small"):
        if not view.verdict.allowed and view.talk.call.way is not CallWay.INCOMING:
            st.button(_("Do not call, next company"), key=key("refuse"), on_click=perform, args=("", refuse, call_id))
        dialog_button(_("Skip"), SKIP, call_id, key=key("skip"), shortcut="S")
        st.button(_("Put back"), key=key("put-back"), on_click=_put_back, args=(call_id,))
        st.button(
            _("Save and next"),
            key=key("save"),
            type="primary",
            shortcut="Ctrl+Enter",
            on_click=_save,
            args=(call_id,),
        )
    draw_skip_dialog(call_id)


def left_in_words(left: int) -> str:
    if left >= MOST_COUNTED:
        return _("More than {n} companies left to call now").format(n=MOST_COUNTED)
    return ngettext("{n} company left to call now", "{n} companies left to call now", left).format(n=left)


def _save(call_id: int) -> None:
    _finish(call_id, wrap_up_and_next)


def _put_back(call_id: int) -> None:
    _finish(call_id, put_back)


def _to_parked(session: Session, actor: Actor, _call_id: int) -> Call:
    return return_to_parked(session, actor)


def _finish(call_id: int, service: Callable[[Session, Actor, int], Call | None]) -> None:
    """Keep what was typed in the last half second, which may come with this click, and then go on."""
    prefix = key_of(call_id, "")
    late: Texts = {}
    bases: Bases = {}
    for key in state.keys(prefix):
        texts, made_from = unanswered(key)
        late, bases = late | texts, bases | made_from
    if not late or perform("", write_texts, call_id, late, bases) is not None:
        perform("", service, call_id)
    if late:
        st.rerun()  # such a click comes as an update of the text fields, which would redraw only those
