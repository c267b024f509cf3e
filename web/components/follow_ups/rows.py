"""Follow-ups in rows, with what one may do with each."""

from datetime import datetime
from itertools import groupby

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import local, now
from crm.core.i18n import _, ngettext, show_moment
from crm.desk.services import call_back
from crm.followups.models import CALLING_KINDS, FollowUp
from crm.followups.queries import AgendaItem
from crm.followups.rules import Group, may_change
from crm.followups.services import assign
from web import state
from web.actions import perform
from web.components.calls.button import call_button
from web.components.follow_ups.bulk import draw_pick
from web.components.follow_ups.opening import TEAM, Kind, open_dialog
from web.components.follow_ups.recall_reason import reason_text
from web.components.links import link
from web.components.text import literal, spoken

ICONS = {Group.OVERDUE: "warning", Group.TODAY: "today", Group.THIS_WEEK: "date_range", Group.LATER: "event"}

WIDTHS = (3, 7, 5)
WITH_OWNER = (3, 6, 3, 6)
LONGEST_NOTE = 160  # in a row; dialogs show all of it

Owners = dict[int, str]


def draw_groups(actor: Actor, items: list[AgendaItem], counts: dict[Group, int], owners: Owners | None = None) -> None:
    """One page of an agenda under its headings. With `owners`, work can be given to them."""
    for group, members in groupby(items, key=lambda item: item.group):
        st.subheader(f":material/{ICONS[group]}: {group.label} ({counts[group]})", anchor=False)
        for item in members:
            draw_row(actor, item, owners)


def draw_row(actor: Actor, item: AgendaItem, owners: Owners | None = None) -> None:
    with st.container(border=True, key=f"follow-up-{item.follow_up.id}"):
        when, what, *others = st.columns(WITH_OWNER if owners is not None else WIDTHS, vertical_alignment="center")
        with when.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            if owners is not None and actor.may(Permission.FOLLOWUP_TEAM):
                draw_pick(item)
            st.markdown(_when(item))
        with what.container(gap="xxsmall"):
            _draw_what(actor, item)
        if owners is not None:
            with others[0]:
                _choose_owner(item, owners)
        with others[-1].container(horizontal=True, gap="xsmall", horizontal_alignment="right"):
            _draw_actions(actor, item)


def _when(item: AgendaItem) -> str:
    due_at = item.follow_up.due_at
    late = _days_late(due_at) if item.group is Group.OVERDUE else 0
    words = ngettext("{n} day late", "{n} days late", late).format(n=late) if late else ""
    return f"**{literal(show_moment(due_at))}**" + (f"  \n{words}" if words else "")


def _days_late(due_at: datetime) -> int:
    return (local(now()).date() - local(due_at).date()).days


def _draw_what(actor: Actor, item: AgendaItem) -> None:
    st.markdown(f"**{item.follow_up.kind.label}**")
    if item.company:
        name = ", ".join(filter(None, (item.company.name, item.company.town)))
        link(actor, "companies", name, icon=":material/storefront:", company=item.company.id)
    if item.contact:
        st.caption(_("Speak to: {name}").format(name=literal(item.contact)))
    if why := reason_text(item.follow_up):
        st.caption(literal(why))
    if item.follow_up.note:
        st.text(_shortened(item.follow_up.note))
    if item.follow_up.moved_because:
        st.caption(_("Moved: {reason}").format(reason=literal(item.follow_up.moved_because)))


def _shortened(note: str) -> str:
    line = " ".join(note.split())
    return line if len(line) <= LONGEST_NOTE else f"{line[:LONGEST_NOTE].rstrip()} …"


def _choose_owner(item: AgendaItem, owners: Owners) -> None:
    follow_up = item.follow_up
    owner_id = follow_up.owner_id or TEAM
    # Somebody who left keeps old work, so is in no list of people to choose from.
    names = {TEAM: _("Team"), owner_id: item.owner or _("Team"), **owners}
    key = f"owner-{follow_up.id}-{follow_up.version}"  # after a change it shows what the database says
    st.selectbox(
        _("Who does this: {what}").format(what=spoken(item.name)),
        list(names),
        index=list(names).index(owner_id),
        format_func=names.__getitem__,
        key=key,
        on_change=_give,
        args=(follow_up.id, follow_up.version, key),
        label_visibility="collapsed",
    )


def _give(follow_up_id: int, version: int, key: str) -> None:
    perform(_("Handed over."), assign, follow_up_id, version=version, owner_id=state.value(key) or None)


def _draw_actions(actor: Actor, item: AgendaItem) -> None:
    follow_up = item.follow_up
    if not may_change(actor, follow_up.owner_id):
        st.button(
            _("I will do this"),
            icon=":material/front_hand:",
            key=f"take-{follow_up.id}",
            on_click=perform,
            args=(_("This one is yours now."), assign, follow_up.id),
            kwargs={"version": follow_up.version, "owner_id": actor.id},
        )
        return
    if follow_up.kind in CALLING_KINDS and item.company and actor.may(Permission.CALL_MAKE):
        call_button(_("Call now"), f"call-{follow_up.id}", call_back, follow_up.id)
    st.button(_("Done"), key=f"done-{follow_up.id}", on_click=open_dialog, args=("done", follow_up))
    st.button(_("Move"), key=f"move-{follow_up.id}", on_click=open_dialog, args=("move", follow_up))
    names: dict[str, Kind] = {_("Hand over"): "pass", _("Change"): "edit"}
    if item.company:
        names = {_("Postpone until a good moment"): "snooze", **names}
    key = f"more-{follow_up.id}"
    st.menu_button(
        _("More"), list(names), key=key, type="tertiary", on_click=_open_chosen, args=(key, names, follow_up)
    )


def _open_chosen(key: str, names: dict[str, Kind], follow_up: FollowUp) -> None:
    open_dialog(names[state.value(key)], follow_up)
