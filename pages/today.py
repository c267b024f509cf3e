"""Today: what to do now, what was promised, what is new, and how the day goes."""

from typing import Literal

import streamlit as st

from crm.access.permissions import Permission
from crm.calling.queries import left_to_call, my_open_call
from crm.core.clock import day_bounds, local, now, today
from crm.core.db import reading
from crm.core.i18n import _, ngettext
from crm.core.settings import PROJECT_DIR
from crm.desk.corrections import my_calls_today
from crm.desk.services import next_company
from crm.followups.inputs import AgendaFilters
from crm.followups.models import CALLING_KINDS
from crm.followups.queries import AgendaItem, agenda, counts
from crm.followups.rules import Group
from crm.messaging.queries import unread, unread_count
from crm.reporting.models import Funnel
from crm.reporting.queries import my_day
from web.actions import perform
from web.components.calls.correct import draw_calls_of_today, draw_open_correction
from web.components.calls.incoming import draw_incoming_button, draw_incoming_dialog
from web.components.follow_ups.dialogs import draw_open_dialog
from web.components.follow_ups.rows import draw_row
from web.components.links import link
from web.components.notices import draw_notices
from web.components.text import literal
from web.session import current_actor

actor = current_actor(Permission.FOLLOWUP_OWN)
calls, leads = actor.may(Permission.CALL_MAKE), actor.may(Permission.FOLLOWUP_TEAM)


def greeting() -> str:
    hour = local(now()).hour
    if hour < 12:
        return _("Good morning, {name}")
    return _("Good afternoon, {name}") if hour < 18 else _("Good evening, {name}")


def draw_start(in_call: bool, waiting: int) -> None:
    label = _("Go on with your call") if in_call else _("Start calling")
    kind: Literal["primary", "secondary"] = "primary" if in_call or waiting or not leads else "secondary"
    if st.button(label, type=kind, icon=":material/headset_mic:", key="start", width="stretch"):
        if not in_call:
            perform("", next_company)  # when there is nobody to call, the desk says why
        st.switch_page(PROJECT_DIR / "pages" / "desk.py")
    if in_call:
        st.caption(_("Your last call is still open. Everything you wrote down is there."))
    elif waiting:
        words = ngettext("{n} company is waiting on your lists.", "{n} companies are waiting on your lists.", waiting)
        st.caption(f"{words.format(n=waiting)} {_('Callbacks that are due come first.')}")
    else:
        advice = _("Make a call list, or put yourself on one.") if leads else _("Ask your coordinator for a call list.")
        st.caption(f"{_('Your lists are empty.')} {advice}")
        if leads:
            link(actor, "call_lists", _("To the call lists"), icon=":material/checklist:")


def draw_day(figures: Funnel) -> None:
    parts = {_("Called today"): figures.called, _("Spoken"): figures.spoken, _("Work found"): figures.found}
    with st.container(horizontal=True, gap="small"):
        for name, count in parts.items():
            st.metric(name, count, border=True)


def draw_due(title: str, items: list[AgendaItem], nothing: str) -> None:
    st.subheader(f"{title} ({len(items)})" if items else title, anchor=False)
    for item in items:
        draw_row(actor, item)
    if not items:
        st.text(nothing)


with reading() as session:
    due = agenda(session, actor, "mine", AgendaFilters(due_before=day_bounds(today())[1]))
    open_in_all = sum(counts(session, actor).values())
    late_in_team = counts(session, actor, "team")[Group.OVERDUE] if leads else 0
    notices, news = unread(session, actor, limit=5), unread_count(session, actor)
    figures = my_day(session, actor)
    made = my_calls_today(session, actor) if calls else []
    call, waiting = (my_open_call(session, actor), left_to_call(session, actor)) if calls else (None, 0)

st.title(greeting().format(name=literal(actor.name.split()[0])), anchor=False)
if calls:
    start, day = st.columns([2, 3], gap="large", vertical_alignment="top")
    with start:
        draw_start(call is not None, waiting)
        draw_incoming_button()
    with day:
        draw_day(figures)

work, messages = st.columns([3, 1], gap="medium")
with work:
    if calls:
        callbacks = [item for item in due if item.follow_up.kind in CALLING_KINDS]
        draw_due(_("Call back today"), callbacks, _("Nobody expects a call from you today."))
    others = [item for item in due if not calls or item.follow_up.kind not in CALLING_KINDS]
    nothing = _("Nothing else was promised for today.") if calls else _("Nothing was promised for today.")
    draw_due(_("Do today"), others, nothing)
    if open_in_all > len(due):
        text = ngettext("{n} follow-up is open in all", "{n} follow-ups are open in all", open_in_all)
        link(actor, "followups", text.format(n=open_in_all), icon=":material/event_upcoming:")
    if made:
        draw_calls_of_today(actor, made)
    if late_in_team:
        text = ngettext("{n} of the team is overdue", "{n} of the team are overdue", late_in_team)
        link(actor, "followups", text.format(n=late_in_team), icon=":material/warning:", scope="team", when="overdue")
with messages:
    st.subheader(f"{_('Messages')} ({news})" if news else _("Messages"), anchor=False)
    draw_notices(actor, notices, news)
    if not news:
        st.text(_("No new messages."))
    link(actor, "notices", _("All messages"), icon=":material/notifications:")
draw_open_dialog(due)
draw_open_correction()
draw_incoming_dialog()
