"""Not this company, and why: asked in a dialog."""

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.inputs import SkipInput
from crm.calling.models import Call, SkipReason
from crm.calling.rules import skipped_until
from crm.core.clock import now
from crm.core.i18n import _, show_moment
from crm.desk.services import skip_company
from web.actions import perform
from web.components.desk.belonging import of_call
from web.components.dialogs import close, draw_cancel, opened, show_dialog
from web.components.messages import draw_messages
from web.session import current_actor

SKIP = "desk-skip"


def draw_skip_dialog(call_id: int) -> None:
    if opened() == (SKIP, (call_id,)):
        show_dialog(_("Why do you skip this company?"), lambda: _draw(call_id))


def _draw(call_id: int) -> None:
    current_actor(Permission.CALL_MAKE)
    reasons = {reason: reason.label for reason in SkipReason}
    reason = st.radio(
        _("Reason"),
        list(reasons),
        index=None,
        format_func=reasons.__getitem__,
        captions=[_what_follows(reason) for reason in reasons],
        key=of_call("skip-reason", call_id),
    )
    note = st.text_input(_("In a few words"), key=of_call("skip-note", call_id), max_chars=200)
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Skip and next"), key=of_call("confirm-skip", call_id), type="primary", disabled=reason is None):
            _skip(call_id, {"reason": reason, "note": note})
            with problem:
                draw_messages()
        draw_cancel()


def _what_follows(reason: SkipReason) -> str:
    if reason is SkipReason.KNOWN:
        return _("A colleague may call them; you do not get them from a list any more.")
    return _("Its turn again: {moment}").format(moment=show_moment(skipped_until(reason, now())))


def _skip(call_id: int, given: dict[str, object]) -> None:
    """Closes the dialog when it is done; the next call may be none."""
    done = []

    def skip(session: Session, actor: Actor) -> Call | None:
        following = skip_company(session, actor, call_id, SkipInput.model_validate(given))
        done.append(True)
        return following

    perform("", skip)
    if done:
        close()
        st.rerun()
