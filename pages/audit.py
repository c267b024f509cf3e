"""The audit log: who did what to which record, and what changed."""

import streamlit as st

from crm.access.permissions import Permission
from crm.audit.queries import AuditFilters, entries, people
from crm.core.db import reading
from crm.core.i18n import _
from web import state
from web.components.audit import SUBJECTS, audit_table, subject_label
from web.components.paging import draw_older
from web.session import current_actor

BEFORE = "audit-before"

actor = current_actor(Permission.AUDIT_VIEW)


def start_again() -> None:
    state.forget(BEFORE)


st.title(_("Audit log"))
with reading() as session:
    names = people(session, actor)

kind, number, person = st.columns(3)
subject_type = kind.selectbox(
    _("Kind of record"),
    list(SUBJECTS),
    index=None,
    format_func=subject_label,
    placeholder=_("All kinds"),
    key="audit-subject",
    on_change=start_again,
)
subject_id = number.number_input(
    _("Number of the record"),
    min_value=1,
    value=None,
    placeholder=_("All records"),
    disabled=subject_type is None,
    key="audit-number",
    on_change=start_again,
)
actor_id = person.selectbox(
    _("Person"),
    list(names),
    index=None,
    format_func=lambda user_id: names[user_id],
    placeholder=_("Everyone"),
    key="audit-person",
    on_change=start_again,
)

filters = AuditFilters(subject_type, subject_id if subject_type else None, actor_id)
with reading() as session:
    page = entries(session, actor, filters, before=state.value(BEFORE))

if not page.rows:
    st.info(_("Nothing is written down for this choice."))
    st.stop()

st.table(audit_table(page.rows), hide_index=True, width="stretch")
draw_older(BEFORE, page.older)
