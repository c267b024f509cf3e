"""Follow-ups: what was promised, overdue first; a coordinator divides the work."""

from math import ceil

import streamlit as st

from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _, ngettext
from crm.followups.inputs import AgendaFilters
from crm.followups.models import FollowUpKind
from crm.followups.queries import PAGE_SIZE, Scope, agenda, counts, possible_owners
from crm.followups.rules import Group
from web.components.follow_up_dialogs import draw_open_dialog, open_dialog
from web.components.follow_up_rows import draw_groups
from web.session import current_actor

actor = current_actor(Permission.FOLLOWUP_OWN)
leads = actor.may(Permission.FOLLOWUP_TEAM)


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
    )


def choose_filters(owners: dict[int, str]) -> AgendaFilters:
    left, right = st.columns(2)
    kind = left.selectbox(
        _("Kind"),
        list(FollowUpKind),
        index=None,
        format_func=lambda kind: kind.label,
        placeholder=_("All kinds"),
        key="kind",
    )
    owner_id = right.selectbox(
        _("Person"),
        list(owners),
        index=None,
        format_func=lambda user_id: owners[user_id],
        placeholder=_("Everyone"),
        key="person",
    )
    return AgendaFilters(kind=kind, owner_id=owner_id)


def draw_nothing(scope: Scope) -> None:
    words = {
        "mine": _("You have nothing open. What you promise in a call appears here by itself."),
        "unassigned": _("Everything has somebody who does it. Nothing is waiting for the team."),
        "team": _("Nothing is open for this choice."),
    }
    st.info(words[scope], icon=":material/coffee:")


st.title(_("Follow-ups"), anchor=False)
with reading() as session:
    owners = possible_owners(session, actor) if leads else None

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    scope = choose_scope()
    st.button(_("New follow-up"), icon=":material/add:", key="new", on_click=open_dialog, args=("new",))
filters = choose_filters(owners) if owners and scope == "team" else AgendaFilters()
with reading() as session:
    numbers = counts(session, actor, scope, filters)
total = sum(numbers.values())
if not total:
    draw_nothing(scope)
    draw_open_dialog([])
    st.stop()

late = numbers[Group.OVERDUE]
st.text(
    ngettext("{n} open", "{n} open", total).format(n=total)
    + (", " + ngettext("{n} of them overdue", "{n} of them overdue", late).format(n=late) if late else "")
)
rows = st.container()
pages = ceil(total / PAGE_SIZE)
number = st.pagination(pages, key=f"page-{scope}") if pages > 1 else 1
with reading() as session:
    items = agenda(session, actor, scope, filters, min(number, pages))
with rows:
    draw_groups(actor, items, numbers, owners if scope != "mine" else None)
draw_open_dialog(items)
