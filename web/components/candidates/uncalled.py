"""Companies not called yet that could have work for one job seeker, and asking for a call list with them."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.models import Candidate, CandidateStatus
from crm.core.db import reading
from crm.core.i18n import _, ngettext, show_moment
from crm.matching.uncalled import ListStep, NearCompany, Uncalled, ask_for_list, uncalled_for
from web.actions import perform
from web.components.call_lists.about import whole
from web.components.links import link
from web.components.text import literal


def draw_uncalled(actor: Actor, person: Candidate) -> None:
    """Counted only when somebody opens it: it looks at all companies within reach."""
    if person.status is not CandidateStatus.ACTIVE or not actor.may(Permission.COMPANY_VIEW):
        return
    box = st.expander(_("Companies not called yet"), icon=":material/playlist_add:", key="uncalled", on_change="rerun")
    if not box.open:
        return
    with box:
        with reading() as session, st.spinner(_("Counting …")):
            found = uncalled_for(session, actor, person.id)
        if found.number:
            _draw_found(actor, person, found)
        else:
            st.caption(_("No company is left that fits. More trades or a longer way to travel give more."))


def _draw_found(actor: Actor, person: Candidate, found: Uncalled) -> None:
    words = ngettext(
        "**{n} company** could have work for this job seeker. It may be called and is on no list.",
        "**{n} companies** could have work for this job seeker. They may be called and are on no list.",
        found.number,
    )
    st.markdown(words.format(n=whole(found.number)))
    st.markdown("\n".join(f"- {literal(trade)}: {whole(n)}" for trade, n in found.trades))
    st.caption(_("Some of them, the nearest first:"))
    for near in found.nearest:
        _draw_near(actor, near)
    st.caption(_("Why these?"))
    st.markdown("\n".join(f"- {literal(reason)}" for reason in found.reasons))
    if found.last:
        st.caption(literal(_told(found.last)))
    _draw_list_button(actor, person)


def _draw_near(actor: Actor, near: NearCompany) -> None:
    company = near.company
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        link(actor, "companies", company.name, company=company.id)
        away = _("{km} km").format(km=near.km) if near.km is not None else ""
        st.caption(literal(" · ".join(part for part in (company.town, away) if part)), width="content")


def _told(last: ListStep) -> str:
    words = _("{name} made a call list, {moment}.") if last.made else _("{name} asked for a call list, {moment}.")
    return words.format(name=last.person, moment=show_moment(last.at))


def _draw_list_button(actor: Actor, person: Candidate) -> None:
    if actor.may(Permission.LIST_MANAGE):
        label = _("Call list for this job seeker")
        link(actor, "call_lists", label, icon=":material/playlist_add:", new=1, candidate=person.id)
    elif actor.may(Permission.CANDIDATE_EDIT):
        st.button(
            _("Ask for this call list"),
            key="ask-for-list",
            icon=":material/campaign:",
            help=_("The coordinators get a message with this choice. Nothing about the person comes on the list."),
            on_click=perform,
            args=(_("Asked. The coordinators have a message with this choice."), ask_for_list, person.id),
        )
