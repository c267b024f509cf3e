"""Changing what a follow-up is about. Who does so while a colleague did the same sees both versions."""

from functools import partial
from typing import Any

import streamlit as st

from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _
from crm.followups.inputs import FollowUpEdit
from crm.followups.models import FollowUp, FollowUpKind, FollowUpStatus
from crm.followups.queries import AgendaItem, agenda_item
from crm.followups.services import edit
from crm.reference.queries import recall_reasons
from web import state
from web.actions import perform
from web.components.follow_ups.opening import NOTE_LENGTH, close_when, draw_subject
from web.components.follow_ups.recall_reason import ask_recall_reason, reason_fields
from web.components.versions import Compared, begin_form, draw_versions, go_on_with
from web.session import current_actor


def draw_edit(follow_up_id: int) -> None:
    """Read anew, as a colleague may have given it to somebody else meanwhile."""
    actor = current_actor(Permission.FOLLOWUP_OWN)
    with reading() as session:
        item = agenda_item(session, actor, follow_up_id)
    follow_up, key = item.follow_up, f"edit-{follow_up_id}"
    draw_subject(item)
    if follow_up.status is not FollowUpStatus.OPEN:
        st.info(_("This follow-up is already done or no longer needed."))
        return
    version = begin_form(key, follow_up.version, _fields_of(follow_up))
    draw_versions(version, follow_up, _compared(follow_up, key), partial(go_on_with, key))
    given = _draw_fields(key)
    problem = st.container()
    if st.button(_("Save"), type="primary", icon=":material/check:", key="save-edit"):
        close_when(_save(item, version, given, key), problem)


def _save(item: AgendaItem, version: int, given: dict[str, Any], key: str) -> FollowUp | None:
    saved = perform(
        _("Saved."),
        lambda session, by: edit(session, by, item.follow_up.id, FollowUpEdit.model_validate(given), version=version),
    )
    if saved is not None:
        state.forget(*state.keys(f"{key}-"))
    return saved


def _fields_of(follow_up: FollowUp) -> dict[str, Any]:
    return {"kind": follow_up.kind, "note": follow_up.note, **reason_fields(follow_up)}


def _draw_fields(key: str) -> dict[str, Any]:
    kind = st.selectbox(
        _("What"),
        list(FollowUpKind),
        format_func=lambda kind: kind.label,
        key=f"{key}-kind",
        persist_state="page",
    )
    why: dict[str, Any] = ask_recall_reason(key) if kind is FollowUpKind.RECALL else {}
    note = st.text_area(_("Note"), key=f"{key}-note", max_chars=NOTE_LENGTH, height=110, persist_state="page")
    return {"kind": kind, "note": note, **why}


def _compared(follow_up: FollowUp, key: str) -> list[Compared]:
    reasons = recall_reasons()
    return [
        Compared(_("What"), f"{key}-kind", follow_up.kind, lambda kind: kind.label),
        Compared(_("Why later"), f"{key}-reason", follow_up.recall_reason, lambda code: reasons[code].name),
        Compared(_("Note"), f"{key}-note", follow_up.note),
    ]
