"""How long employers wait for our answer."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from crm.core.i18n import _, ngettext
from crm.core.settings import settings
from crm.followups.response import Response

HOUR = timedelta(hours=1)


def draw_response_times(found: Sequence[Response]) -> None:
    st.subheader(_("How soon we answer"), anchor=False)
    if not found:
        st.text(_("No employer asked for anything in the last ninety days."))
        return
    st.dataframe(
        {
            _("What was asked"): [one.kind.label for one in found],
            _("Answered"): [one.answered for one in found],
            _("Half within"): [in_words(one.median) for one in found],
            _("Nine out of ten within"): [in_words(one.ninety_percent_within) for one in found],
            _("Still waiting"): [one.waiting for one in found],
            _("Waiting longest"): [in_words(one.longest) for one in found],
        },
        hide_index=True,
        key="response-times",
    )
    st.caption(_("Of what was asked in the last ninety days, and all that still waits. Only our working hours count."))


def in_words(time: timedelta | None) -> str:
    """In minutes, hours or working days, whichever reads best; empty for None."""
    if time is None:
        return ""
    if time < HOUR:
        minutes = round(time.total_seconds() / 60)
        return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    day = HOUR * (settings().call_until_hour - settings().call_from_hour)
    if time < day:
        hours = round(time / HOUR)
        return ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    days = round(time / day)
    return ngettext("{n} working day", "{n} working days", days).format(n=days)
