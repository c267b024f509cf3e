"""Which follow-ups to show: whose, when, of what kind, and as a list or as a week. All of it stands in the address."""

import streamlit as st

from crm.access.actor import Actor
from crm.core.clock import today
from crm.core.i18n import _
from crm.followups.inputs import AgendaFilters
from crm.followups.models import FollowUpKind
from crm.followups.queries import Scope
from crm.followups.rules import Group
from web import state
from web.components.address import in_address
from web.components.follow_ups import week
from web.components.follow_ups.opening import leads

PERSON = "person"


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


def choose_scope(actor: Actor) -> Scope:
    names: dict[Scope, str] = {"mine": _("My own"), "unassigned": _("Nobody's yet")}
    if leads(actor):
        names["team"] = _("The whole team")
    chosen: Scope = st.segmented_control(
        _("Whose follow-ups"),
        list(names),
        required=True,
        format_func=names.__getitem__,
        label_visibility="collapsed",
        **in_address("scope", {scope: scope for scope in names}, "mine"),
    )
    return chosen


def choose_person(owners: dict[int, str]) -> int | None:
    return _ask_person(_("Whose week"), _("My own"), owners)


def choose_filters(owners: dict[int, str]) -> AgendaFilters:
    """Without `owners`, not by person."""
    when, kind, *person = st.columns(3 if owners else 2)
    group: Group | None = when.selectbox(
        _("When"),
        list(Group),
        index=None,
        format_func=lambda group: group.label,
        placeholder=_("Any time"),
        **in_address("when", {group.value: group for group in Group}),
    )
    chosen: FollowUpKind | None = kind.selectbox(
        _("Kind"),
        list(FollowUpKind),
        index=None,
        format_func=lambda kind: kind.label,
        placeholder=_("All kinds"),
        **in_address("kind", {kind.value: kind for kind in FollowUpKind}),
    )
    if not person:
        return AgendaFilters(group=group, kind=chosen)
    with person[0]:
        return AgendaFilters(group=group, kind=chosen, owner_id=_ask_person(_("Person"), _("Everyone"), owners))


def _ask_person(label: str, nobody: str, owners: dict[int, str]) -> int | None:
    chosen: int | None = st.selectbox(
        label,
        list(owners),
        index=None,
        format_func=owners.__getitem__,
        placeholder=nobody,
        **in_address(PERSON, {str(user_id): user_id for user_id in owners}),
    )
    return chosen
