"""E-mail: what waits to go out, what could not be delivered and why, and what went out."""

import streamlit as st

from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _
from crm.core.settings import settings
from crm.messaging.models import NoticeKind
from crm.messaging.outbox import MOST_COUNTED, OutboxFilters, OutboxState, outbox, outbox_counts
from web import state
from web.components.outbox_rows import draw_row, draw_send_all
from web.session import current_actor

PAGE = "outbox-page"

actor = current_actor(Permission.OUTBOX_MANAGE)


def start_again() -> None:
    state.put(PAGE, 1)


def count_in_words(item: OutboxState) -> str:
    count = counts[item]
    return f"{item.label}: {MOST_COUNTED}+" if count >= MOST_COUNTED else f"{item.label}: {count}"


st.title(_("E-mail"), anchor=False)
if not settings().smtp_host:
    st.info(_("No mail server is set: reminders are shown in the app alone"))
with reading() as session:
    counts = outbox_counts(session, actor)

where = st.segmented_control(
    _("Which e-mail"),
    list(OutboxState),
    default=OutboxState.GIVEN_UP if counts[OutboxState.GIVEN_UP] else OutboxState.WAITING,
    required=True,
    format_func=lambda item: item.label,
    key="outbox-state",
    on_change=start_again,
    label_visibility="collapsed",
)
st.caption(" · ".join(count_in_words(item) for item in OutboxState))
about, who = st.columns(2)
kind = about.selectbox(
    _("About what"),
    list(NoticeKind),
    index=None,
    format_func=lambda item: item.label,
    placeholder=_("Everything"),
    key="outbox-kind",
    on_change=start_again,
)
text = who.text_input(_("To whom"), key="outbox-text", max_chars=100, on_change=start_again)

filters = OutboxFilters(where, kind, text)
with reading() as session:
    shown = outbox(session, actor, filters, state.value(PAGE, 1))
if where is OutboxState.GIVEN_UP and shown.total:
    draw_send_all(filters, shown.total)
with st.container(gap="xsmall"):
    for row in shown.rows:
        draw_row(row, where)
if not shown.rows:
    st.info(_("There is no such e-mail."))
if shown.pages > 1:
    state.put(PAGE, shown.number)
    st.pagination(shown.pages, key=PAGE)
