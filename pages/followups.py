"""Follow-ups: what was promised, overdue first; a coordinator divides the work."""

from math import ceil

import streamlit as st

from crm.access.permissions import Permission
from crm.core.clock import today
from crm.core.db import reading
from crm.core.i18n import _, ngettext
from crm.followups.inputs import AgendaFilters
from crm.followups.models import FollowUpKind
from crm.followups.queries import PAGE_SIZE, Scope, agenda, closed_today, counts, possible_owners
from crm.followups.rules import Group
from web import state
from web.components.follow_ups import week
from web.components.follow_ups.bulk import draw_bar
from web.components.follow_ups.dialogs import draw_open_dialog
from web.components.follow_ups.done import draw_closed
from web.components.follow_ups.opening import open_dialog
from web.components.follow_ups.rows import draw_groups
from web.components.links import link
from web.session import current_actor

actor = current_actor(Permission.FOLLOWUP_OWN)
leads = actor.may(Permission.FOLLOWUP_TEAM)


def choose_view() -> None:
    """The week is the one in the address."""
    names = {"list": _("As a list"), "week": _("As a week")}
    state.put("view", "week" if week.is_asked() else "list")
    st.segmented_control(
        _("How to show them"),
        list(names),
        required=True,
        format_func=names.__getitem__,
        key="view",
        label_visibility="collapsed",
        on_change=lambda: week.go_to(today() if state.value("view") == "week" else None),
    )


def choose_person(owners: dict[int, str]) -> int | None:
    chosen: int | None = st.selectbox(
        _("Whose week"),
        list(owners),
        index=None,
        format_func=owners.__getitem__,
        placeholder=_("My own"),
        key="person",
        bind="query-params",
    )
    return chosen


def choose_scope() -> Scope:
    names: dict[Scope, str] = {"mine": _("My own"), "unassigned": _("Nobody's yet")}
    if leads:
        names["team"] = _("The whole team")
    return st.segmented_control(
        _("Whose follow-ups"),
        list(names),
        default="mine",
        required=True,
        format_func=lambda scope: names[scope],
        key="scope",
        label_visibility="collapsed",
        bind="query-params",
    )


def choose_filters(owners: dict[int, str]) -> AgendaFilters:
    """What is chosen stands in the address too, so that it can be sent to somebody and kept."""
    when, kind, person = st.columns(3) if owners else (*st.columns(2), None)
    group = when.selectbox(
        _("When"),
        list(Group),
        index=None,
        format_func=lambda group: group.label,
        placeholder=_("Any time"),
        key="when",
        bind="query-params",
    )
    chosen = kind.selectbox(
        _("Kind"),
        list(FollowUpKind),
        index=None,
        format_func=lambda kind: kind.label,
        placeholder=_("All kinds"),
        key="kind",
        bind="query-params",
    )
    owner_id = person and person.selectbox(
        _("Person"),
        list(owners),
        index=None,
        format_func=lambda user_id: owners[user_id],
        placeholder=_("Everyone"),
        key="person",
        bind="query-params",
    )
    return AgendaFilters(group=group, kind=chosen, owner_id=owner_id)


def draw_nothing(scope: Scope, filters: AgendaFilters) -> None:
    words = {
        "mine": _("You have nothing open. What you promise in a call appears here by itself."),
        "unassigned": _("Everything has somebody who does it. Nothing is waiting for the team."),
        "team": _("Nothing is open for this choice."),
    }
    st.info(words["team"] if filters != AgendaFilters() else words[scope], icon=":material/coffee:")


def draw_totals(numbers: dict[Group, int]) -> None:
    total, late = sum(numbers.values()), numbers[Group.OVERDUE]
    parts = [f"{group.label} {numbers[group]}" for group in Group if numbers[group] and group is not Group.OVERDUE]
    words = ngettext("{n} open", "{n} open", total).format(n=total)
    overdue = ngettext("{n} of them overdue", "{n} of them overdue", late).format(n=late) if late else ""
    st.text(" · ".join(filter(None, (words + (f", {overdue}" if overdue else ""), *parts))))


st.title(_("Follow-ups"), anchor=False)
with reading() as session:
    owners = possible_owners(session, actor) if leads else {}

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        choose_view()
        scope = "mine" if week.is_asked() else choose_scope()
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        if leads:
            link(actor, "templates", _("Templates"), icon=":material/dashboard_customize:")
        st.button(_("New follow-up"), icon=":material/add:", key="new", on_click=open_dialog, args=("new",))
if week.is_asked():
    draw_open_dialog(week.draw_week(actor, choose_person(owners) if leads else None))
    st.stop()

filters = choose_filters(owners if scope == "team" else {})
with reading() as session:
    numbers = counts(session, actor, scope, filters)
    closed = closed_today(session, actor, "team" if scope == "team" else "mine")
total = sum(numbers.values())
draw_closed(closed)
if not total:
    draw_nothing(scope, filters)
    draw_open_dialog([])
    st.stop()

draw_totals(numbers)
above, rows = st.container(), st.container()
pages = ceil(total / PAGE_SIZE)
number = st.pagination(pages, key=f"page-{scope}", bind="query-params") if pages > 1 else 1
with reading() as session:
    items = agenda(session, actor, scope, filters, min(number, pages))
if leads and scope != "mine":
    with above:
        draw_bar(items)
with rows:
    draw_groups(actor, items, numbers, owners if scope != "mine" else None)
draw_open_dialog(items)
