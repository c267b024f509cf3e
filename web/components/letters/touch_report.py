"""What letters, articles and posts do: calls to companies that had heard of us beside the others."""

import pandas as pd
import streamlit as st

from crm.access.actor import Actor
from crm.core.db import reading
from crm.core.i18n import _, ngettext
from crm.outreach.models import TouchKind
from crm.reporting.models import Period
from crm.reporting.touches import ENOUGH, CallResults, touch_effect

WEEKS = (2, 4, 8, 13, 26)


def draw_touch_effect(actor: Actor, period: Period) -> None:
    st.subheader(_("Did it help that they had heard of us?"), anchor=False)
    left, right = st.columns(2)
    kinds = [None, *TouchKind]
    kind = left.selectbox(_("Of what?"), kinds, format_func=_kind, key="touch-effect-kind")
    weeks = right.selectbox(
        _("How long before the call?"), WEEKS, index=1, format_func=_weeks, key="touch-effect-weeks"
    )
    with reading() as session:
        effect = touch_effect(session, actor, period, kind, weeks)
    rows = {_("Had heard of us"): effect.touched, _("Had not"): effect.untouched}
    st.table(pd.DataFrame([_row(name, results) for name, results in rows.items()]).set_index(_("Companies called")))
    if effect.is_small:
        st.caption(_("Fewer than {n} calls on one side: a difference may well be chance.").format(n=ENOUGH))
    st.caption(_("Other things differ too, such as trade and place. It is a hint, no proof."))


def _row(name: str, results: CallResults) -> dict[str, object]:
    return {
        _("Companies called"): name,
        _("Called"): results.calls,
        _("Spoken"): _share(results.spoken, results.calls),
        _("Work found"): _share(results.with_job, results.calls),
    }


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%} ({part})" if whole else "–"


def _kind(kind: TouchKind | None) -> str:
    return kind.label if kind else _("Letter, article, post, e-mail or visit")


def _weeks(weeks: int) -> str:
    return ngettext("{n} week", "{n} weeks", weeks).format(n=weeks)
