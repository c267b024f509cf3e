"""When companies of a list are tried again: what counts after each result, beside the default."""

from collections.abc import Callable

import pandas as pd
import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.inputs import RetryInput
from crm.calling.models import CallList
from crm.calling.retries import ListRetry, list_retries, reset_retry, set_retry
from crm.core.db import reading
from crm.core.i18n import _, ngettext
from crm.reference.models import Retry
from web import state
from web.actions import perform
from web.components.messages import draw_messages
from web.session import current_actor

MESSAGES = range(11)
HOURS, DAYS = "hours", "working_days"


def draw_retries(call_list: CallList) -> None:
    actor = current_actor(Permission.LIST_MANAGE)
    with reading() as session:
        found = {item.result.code: item for item in list_retries(session, actor, call_list.id)}
    st.text(call_list.name)
    draw_messages()
    _draw_overview(list(found.values()))
    code = st.selectbox(
        _("After which result?"), list(found), format_func=lambda code: found[code].result.name, key="retry-result"
    )
    _draw_rule(call_list.id, found[code])
    st.caption(_("After working days it is in another part of the day: morning, midday and afternoon in turn."))
    st.caption(_("What you change counts for calls from now on. Who is already waiting keeps the moment that was set."))


def _draw_overview(rules: list[ListRetry]) -> None:
    rows = [
        (
            item.result.name,
            f"**{retry_text(item.own)}**" if item.own else _("Default"),
            retry_text(item.default),
        )
        for item in rules
    ]
    columns = [_("Result"), _("On this list"), _("Default")]
    st.table(pd.DataFrame(rows, columns=columns).set_index(columns[0]))


def _draw_rule(list_id: int, item: ListRetry) -> None:
    key = f"retry-{list_id}-{item.result.code}-{item.version}-{{}}".format
    retry = item.retry
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(_("Wait"), 1, 72, retry.hours or retry.working_days, key=key("wait"), width=130)
        words = {HOURS: _("hours"), DAYS: _("working days")}
        unit = HOURS if retry.hours is not None else DAYS
        st.segmented_control(
            _("Hours or working days"),
            list(words),
            format_func=words.__getitem__,
            default=unit,
            required=True,
            key=key("unit"),
        )
        st.number_input(_("Most attempts"), 1, 20, retry.most_attempts, key=key("most"), width=210)
    if retry.message_once_in is not None:
        st.selectbox(
            _("How often may a message be left?"),
            MESSAGES,
            index=retry.message_once_in,
            format_func=message_text,
            key=key("message"),
        )
    st.caption(_("Default: {rule}").format(rule=retry_text(item.default)))
    _draw_buttons(list_id, item, key)


def _draw_buttons(list_id: int, item: ListRetry, key: Callable[[str], str]) -> None:
    with st.container(horizontal=True):
        st.button(_("Save"), type="primary", key="save-retry", on_click=_save, args=(list_id, item, key))
        st.button(
            _("Back to the default"),
            key="reset-retry",
            disabled=item.own is None,
            on_click=perform,
            args=(_("The default counts again."), reset_retry, list_id, item.result.code),
            kwargs={"version": item.version},
        )


def _save(list_id: int, item: ListRetry, key: Callable[[str], str]) -> None:
    def save(session: Session, actor: Actor) -> None:
        given = RetryInput(
            **{state.value(key("unit")): state.value(key("wait"))},
            most_attempts=state.value(key("most")),
            message_once_in=state.value(key("message")),
        )
        set_retry(session, actor, list_id, item.result.code, given, version=item.version)

    perform(_("Saved."), save)


def retry_text(retry: Retry) -> str:
    """`after 2 working days, at most 3 attempts`"""
    most = ngettext("one attempt", "at most {n} attempts", retry.most_attempts)
    parts = [wait_text(retry), most.format(n=retry.most_attempts)]
    if retry.message_once_in is not None:
        parts.append(message_text(retry.message_once_in))
    return ", ".join(parts)


def wait_text(retry: Retry) -> str:
    if retry.hours is not None:
        return ngettext("after an hour", "after {n} hours", retry.hours).format(n=retry.hours)
    days = retry.working_days or 1
    return ngettext("the next working day", "after {n} working days", days).format(n=days)


def message_text(once_in: int) -> str:
    if not once_in:
        return _("never a message")
    return ngettext("a message every time", "one message in {n} attempts", once_in).format(n=once_in)
