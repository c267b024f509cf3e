"""How much work everybody has, and giving all that is of one person, or of nobody, to others."""

from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm.access.permissions import Permission, Role
from crm.core.db import reading
from crm.core.errors import CrmError
from crm.core.i18n import _, ngettext, show_day
from crm.core.spreadsheet import harmless
from crm.followups.load import Load, days_ahead
from crm.followups.services import Division, division, pass_on
from web import state
from web.actions import perform
from web.components.dialogs import close_when, dialog_button, draw_cancel, opened, show_dialog
from web.components.follow_ups.opening import TEAM
from web.components.text import literal
from web.session import current_actor

DIALOG = "pass-on"
SEEN = "pass-on-seen"  # the versions of what the dialog shows
ONE, OURS, SPREAD = "one", "team", "spread"

Targets = list[int | None]


def draw_loads(found: Sequence[Load]) -> None:
    st.subheader(_("Work per person"), anchor=False)
    st.dataframe(_table(found), hide_index=True, height="content", key="loads", column_config=_columns(found))
    days = days_ahead()
    words = _("The bars are the working days ahead, {first} to {last}.")
    st.caption(words.format(first=show_day(days[0]), last=show_day(days[-1])))
    if any(one.open for one in found):
        dialog_button(_("Hand work over"), DIALOG, icon=":material/forward:", key="open-pass-on")
    if opened()[0] == DIALOG:
        show_dialog(_("Hand work over"), lambda: _draw_dialog(found), width="medium")


def _table(found: Sequence[Load]) -> dict[str, list[object]]:
    return {
        _("Who"): [harmless(name_of(one)) for one in found],  # the table can be downloaded
        _("Late"): [one.late for one in found],
        _("Today"): [one.today for one in found],
        _("Ahead"): [list(one.ahead) for one in found],
        _("All open"): [one.open for one in found],
    }


def _columns(found: Sequence[Load]) -> dict[str, Any]:
    most = max((count for one in found for count in one.ahead), default=0)
    return {_("Ahead"): st.column_config.BarChartColumn(y_min=0, y_max=max(most, 1))}


def name_of(one: Load) -> str:
    if one.user_id is None:
        return _("Nobody's yet")
    return one.name if one.here else _("{name} (not here)").format(name=one.name)


def _draw_dialog(found: Sequence[Load]) -> None:
    current_actor(Permission.FOLLOWUP_TEAM)
    by_id = {one.user_id or TEAM: one for one in found}
    holder_id = st.selectbox(
        _("Whose work"),
        [key for key, one in by_id.items() if one.open],
        index=None,
        format_func=lambda key: f"{name_of(by_id[key])}: {by_id[key].open}",
        placeholder=_("Choose whose open work is handed over"),
        key="pass-on-holder",
    )
    if holder_id is not None:
        to = _ask_targets(by_id, holder_id)
        problem = st.container()
        if to:
            _draw_confirmation(by_id, holder_id, to, problem)
        else:
            st.caption(_("Choose who gets it. You see the result before anything happens."))
    draw_cancel()


def _ask_targets(by_id: dict[int, Load], holder_id: int) -> Targets:
    people = {key: name_of(one) for key, one in by_id.items() if one.role and key != holder_id}
    names = {SPREAD: _("Spread evenly"), ONE: _("To one person"), OURS: _("To the team")}
    if holder_id == TEAM:
        del names[OURS]
    way = st.segmented_control(
        _("To whom"), list(names), format_func=names.__getitem__, default=SPREAD, required=True, key="pass-on-way"
    )
    if way == OURS:
        return [None]
    if way == ONE:
        chosen = st.selectbox(
            _("To one person"),
            list(people),
            index=None,
            format_func=people.__getitem__,
            placeholder=_("Choose a colleague"),
            key="pass-on-one",
            label_visibility="collapsed",
        )
        return [chosen] if chosen else []
    role = by_id[holder_id].role or Role.CALLER
    several: Targets = st.multiselect(
        _("Over whom"),
        list(people),
        default=[key for key in people if by_id[key].role is role and by_id[key].here],
        format_func=people.__getitem__,
        key=f"pass-on-several-{holder_id}",
    )
    return several


def _draw_confirmation(by_id: dict[int, Load], holder_id: int, to: Targets, problem: DeltaGenerator) -> None:
    actor = current_actor(Permission.FOLLOWUP_TEAM)
    try:
        with reading() as session:
            planned = division(session, actor, holder_id or None, to)
    except CrmError as error:
        problem.error(str(error))
        return
    _draw_summary(by_id, planned)
    st.caption(_("This cannot be taken back with one click. Everybody who gets something has one message."))
    label = ngettext("Hand over {n} follow-up", "Hand over {n} follow-ups", planned.total).format(n=planned.total)
    seen = state.value(SEEN)  # a click draws the dialog again, and what came in between nobody has seen
    state.put(SEEN, planned.versions)
    if st.button(label, type="primary", icon=":material/check:", key="save-pass-on", disabled=not planned.total):
        given = perform(_("The work is handed over."), pass_on, holder_id or None, to, seen=seen)
        close_when(given, problem)


def _draw_summary(by_id: dict[int, Load], planned: Division) -> None:
    for user_id, count in sorted(planned.counts.items(), key=lambda pair: -pair[1]):
        name = name_of(by_id[user_id]) if user_id else _("The team")
        st.markdown(f"- {literal(name)}: **{count}**")
    if planned.counts.get(None) and len(planned.counts) > 1:
        st.caption(_("To the team goes what is due on a day on which none of them is here."))
    if planned.rest:
        words = ngettext("{n} stays for the next time.", "{n} stay for the next time.", planned.rest)
        st.caption(words.format(n=planned.rest))
