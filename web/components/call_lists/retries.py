"""When companies of a list are tried again: what counts after each result, beside the default."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd
import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.inputs import RetryInput
from crm.calling.models import CallList, RetryRule
from crm.calling.retries import ListRetry, list_retries, reset_retry, set_retry
from crm.core.db import reading
from crm.core.i18n import _, ngettext
from crm.reference.models import Retry
from web import state
from web.actions import perform
from web.components.messages import draw_messages
from web.components.versions import Compared, draw_versions
from web.session import current_actor

MESSAGES = range(11)
HOURS, DAYS = "hours", "working_days"


@dataclass(frozen=True, slots=True)
class Began:
    """The version of a rule that somebody began to change, and the one they save on since they saw a colleague's."""

    version: int
    rule_id: int
    saves_on: int


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
    """The widgets belong to the rule as it was when somebody began with it, also when a colleague changes it."""
    about = f"retry-{list_id}-{item.result.code}"
    began = _began(about, item)
    key = f"{about}-{began.version}-{{}}".format
    if item.version != began.saves_on:
        _draw_versions(list_id, about, began, item, key)
    _draw_fields(item, key)
    st.caption(_("Default: {rule}").format(rule=retry_text(item.default)))
    with st.container(horizontal=True):
        how = (list_id, item.result.code, about)
        st.button(_("Save"), type="primary", key="save-retry", on_click=_save, args=(*how, key, began))
        st.button(
            _("Back to the default"), key="reset-retry", disabled=item.own is None, on_click=_reset, args=(*how, began)
        )


def _began(about: str, item: ListRetry) -> Began:
    known: Began | None = state.value(f"{about}-began")
    if known and state.value(f"{about}-{known.version}-unit") is not None:  # it is on the screen
        return known
    began = Began(item.version, item.rule_id, item.version)
    state.put(f"{about}-began", began)
    return began


def _draw_fields(item: ListRetry, key: Callable[[str], str]) -> None:
    retry = item.retry
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(_("Wait"), 1, 72, _wait(retry), key=key("wait"), width=130)
        st.segmented_control(
            _("Hours or working days"),
            list(_units()),
            format_func=_units().__getitem__,
            default=_unit(retry),
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


def _draw_versions(list_id: int, about: str, began: Began, item: ListRetry, key: Callable[[str], str]) -> None:
    """A rule that a colleague took away is known by what the log says of it."""
    retry = item.retry
    compared = [
        Compared(_("Wait"), key("wait"), _wait(retry)),
        Compared(_("Hours or working days"), key("unit"), _unit(retry), _units().__getitem__),
        Compared(_("Most attempts"), key("most"), retry.most_attempts),
    ]
    if retry.message_once_in is not None:
        label = _("How often may a message be left?")
        compared.append(Compared(label, key("message"), retry.message_once_in, message_text))
    theirs = RetryRule(
        id=item.rule_id or began.rule_id,
        version=item.version,
        list_id=list_id,
        disposition=item.result.code,
        most_attempts=retry.most_attempts,
    )
    draw_versions(began.saves_on, theirs, compared, partial(_go_on, about, began))


def _go_on(about: str, began: Began, version: int) -> None:
    state.put(f"{about}-began", replace(began, saves_on=version))


def _wait(retry: Retry) -> int:
    return retry.hours or retry.working_days or 1


def _unit(retry: Retry) -> str:
    return HOURS if retry.hours is not None else DAYS


def _units() -> dict[str, str]:
    return {HOURS: _("hours"), DAYS: _("working days")}


def _save(list_id: int, code: str, about: str, key: Callable[[str], str], began: Began) -> None:
    def save(session: Session, actor: Actor) -> bool:
        given = RetryInput(
            **{state.value(key("unit")): state.value(key("wait"))},
            most_attempts=state.value(key("most")),
            message_once_in=state.value(key("message")),
        )
        set_retry(session, actor, list_id, code, given, version=began.saves_on)
        return True

    if perform(_("Saved."), save):
        state.forget(f"{about}-began")


def _reset(list_id: int, code: str, about: str, began: Began) -> None:
    def reset(session: Session, actor: Actor) -> bool:
        reset_retry(session, actor, list_id, code, version=began.saves_on)
        return True

    if perform(_("The default counts again."), reset):
        state.forget(f"{about}-began")


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
