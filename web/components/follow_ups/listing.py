"""The follow-ups one chose as a list, a page at a time, with what was done today above them."""

import streamlit as st

from crm.access.actor import Actor
from crm.core.db import reading
from crm.core.i18n import _, ngettext
from crm.followups.inputs import AgendaFilters
from crm.followups.queries import AgendaItem, AgendaPage, Scope, agenda_page
from crm.followups.rules import Group
from web.components.address import asked_page, draw_pages
from web.components.follow_ups.bulk import draw_bar
from web.components.follow_ups.choices import choose_filters
from web.components.follow_ups.done import draw_closed
from web.components.follow_ups.opening import leads
from web.components.follow_ups.rows import Owners, draw_groups


def draw_list(actor: Actor, scope: Scope, owners: Owners) -> list[AgendaItem]:
    """Gives what is on the screen. `owners` are those who can be given work."""
    filters = choose_filters(owners if scope == "team" else {})
    with reading() as session:
        shown = agenda_page(session, actor, scope, filters, asked_page())
    draw_closed(shown.closed)
    if not shown.total:
        _draw_nothing(scope, filters)
        return []
    divides = leads(actor) and scope != "mine"
    _draw_totals(shown)
    if divides:
        draw_bar(shown.items)
    draw_groups(actor, shown.items, shown.counts, owners if divides else None)
    draw_pages(shown.pages, shown.number)
    return shown.items


def _draw_nothing(scope: Scope, filters: AgendaFilters) -> None:
    words = {
        "mine": _("You have nothing open. What you promise in a call appears here by itself."),
        "unassigned": _("Everything has somebody who does it. Nothing is waiting for the team."),
        "team": _("Nothing is open for this choice."),
    }
    st.info(words["team"] if filters != AgendaFilters() else words[scope], icon=":material/coffee:")


def _draw_totals(shown: AgendaPage) -> None:
    late = shown.counts[Group.OVERDUE]
    parts = [f"{group.label} {n}" for group, n in shown.counts.items() if n and group is not Group.OVERDUE]
    words = ngettext("{n} open", "{n} open", shown.total).format(n=shown.total)
    overdue = ngettext("{n} of them overdue", "{n} of them overdue", late).format(n=late) if late else ""
    st.text(" · ".join(filter(None, (words + (f", {overdue}" if overdue else ""), *parts))))
