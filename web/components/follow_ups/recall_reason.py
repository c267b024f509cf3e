"""Why a company is called again later, and the day that fits it."""

from datetime import date
from typing import Any

import streamlit as st
from babel.dates import get_month_names

from crm.core.clock import today
from crm.core.i18n import _, language, show_date
from crm.followups.models import FollowUp
from crm.followups.rules import next_month, recall_day
from crm.reference.models import Needs, RecallReason
from crm.reference.queries import recall_reasons
from web import state


def reason_text(follow_up: FollowUp) -> str:
    """`Vóór de drukke maand: juni 2027`; empty without a reason."""
    reason = recall_reasons().get(follow_up.recall_reason or "")
    if reason is None or follow_up.recall_on is None:
        return reason.name if reason else ""
    about = follow_up.recall_on
    when = f"{_month_name(about.month)} {about.year}" if reason.needs is Needs.MONTH else show_date(about)
    return f"{reason.name}: {when}"


def reason_fields(follow_up: FollowUp) -> dict[str, Any]:
    """What the widgets hold for this follow-up."""
    month = follow_up.recall_on.month if follow_up.recall_on else None
    return {"reason": follow_up.recall_reason, "month": month, "on": follow_up.recall_on}


def ask_recall_reason(key: str, day_key: str = "") -> dict[str, Any]:
    """The fields of the follow-up that say why. A choice sets the date widget `day_key`, if there is one."""
    reasons = recall_reasons()
    code = st.selectbox(
        _("Why later"),
        list(reasons),
        index=None,
        format_func=lambda code: reasons[code].name,
        placeholder=_("Choose why, and the date follows"),
        key=f"{key}-reason",
        persist_state="page",
        on_change=_propose_day,
        args=(key, day_key),
    )
    if code is None:
        return {}
    if reasons[code].needs:
        _ask_about(key, day_key, reasons[code])
    return {"recall_reason": code, "recall_on": _about(key, reasons[code])}


def _ask_about(key: str, day_key: str, reason: RecallReason) -> None:
    changed: dict[str, Any] = {"on_change": _propose_day, "args": (key, day_key), "persist_state": "page"}
    if reason.needs is Needs.MONTH:
        st.selectbox(
            _("Which month"),
            range(1, 13),
            index=None,
            format_func=_month_name,
            placeholder=_("Choose the month"),
            key=f"{key}-month",
            **changed,
        )
    else:
        st.date_input(_("On which day is that"), value=None, format="DD-MM-YYYY", key=f"{key}-on", **changed)


def _about(key: str, reason: RecallReason) -> date | None:
    if reason.needs is Needs.MONTH:
        month = state.value(f"{key}-month")
        return next_month(month, today()) if month else None
    about: date | None = state.value(f"{key}-on") if reason.needs else None
    return about


def _propose_day(key: str, day_key: str) -> None:
    reason = recall_reasons().get(state.value(f"{key}-reason") or "")
    if reason and day_key:
        state.put(day_key, recall_day(reason, today(), _about(key, reason)))


def _month_name(month: int) -> str:
    name: str = get_month_names("wide", locale=language())[month]
    return name
