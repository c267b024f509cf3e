"""Making a call list: choose companies, see at once how many may be called and why others may not."""

from typing import Any

import pandas as pd
import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.calling.inputs import LARGE_FROM, ListFilters, ListInput
from crm.calling.lists import ListPreview, make_list, preview
from crm.calling.models import CallList
from crm.core.db import reading
from crm.core.i18n import _
from crm.matching.call_lists import list_for
from crm.matching.uncalled import tell_list_is_made
from crm.reference.queries import legal_forms, size_classes
from web import state
from web.actions import perform
from web.components.call_lists.about import NAME, SEARCHABLE, choices, draw_about, live_words, read_about, whole
from web.components.letters.mailing_link import draw_way_to_mailing
from web.components.links import open_here
from web.components.place_choice import draw_place_choice, read_filters
from web.components.text import literal

LIVE, SIZES, LARGE = "list-live", "list-sizes", "list-large"
TRADES, POSTCODES, NEVER = "list-trades", "list-postcodes", "list-never"


def draw_new_list(actor: Actor, candidate_id: int | None = None) -> None:
    """The choice begins empty, or with what fits a job seeker."""
    open_here(_("Back to the lists"), "back", icon=":material/arrow_back:")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(_("New call list"), anchor=False)
        open_here(_("From names instead"), "to-names", icon=":material/content_paste:", kind="secondary", names=1)
    if candidate_id is not None:
        _draw_suggestion(actor, candidate_id)
    left, right = st.columns([5, 6], gap="medium")
    with left, st.container(border=True, gap="small"):
        given = _draw_filters(actor)
    with right:
        filters = read_filters(given)
        if filters is None:
            return
        with reading() as session, st.spinner(_("Counting …")):
            seen = preview(session, actor, filters)
        _draw_preview(seen, filters)
        if seen.blocked:
            draw_way_to_mailing(actor, filters)
        _draw_making(actor, filters, candidate_id)


def _draw_suggestion(actor: Actor, candidate_id: int) -> None:
    """Fill the choice in once, and say why. Who changes it afterwards keeps the changes."""
    with reading() as session:
        found = list_for(session, actor, candidate_id)
    if state.value(TRADES) is None:
        state.put(TRADES, list(found.filters.trades))
        state.put(POSTCODES, found.filters.postcodes)
        state.put(NEVER, found.filters.never_called)
        state.put(NAME, found.name)
    with st.container(border=True, gap="xsmall", key="list-reasons"):
        st.markdown(f"**{_('Chosen for this job seeker. Change what you like.')}**")
        st.markdown("\n".join(f"- {literal(reason)}" for reason in found.reasons))
        st.caption(
            _("Nothing about the person comes on the list. Callers see the name of the list, so keep it neutral.")
        )


def _draw_filters(actor: Actor) -> dict[str, Any]:
    st.subheader(_("Which companies?"), anchor=False)
    return draw_place_choice(actor, "list") | {
        "sizes": st.pills(
            _("Size"),
            list(size_classes()),
            selection_mode="multi",
            format_func=lambda code: size_classes()[code].name,
            key=SIZES,
        ),
        "large": _draw_large(),
        "legal_forms": st.multiselect(
            _("Legal form"),
            list(legal_forms()),
            format_func=lambda code: legal_forms()[code].name,
            placeholder=_("All legal forms"),
            key="list-forms",
            **SEARCHABLE,
        ),
        "never_called": st.checkbox(_("Only companies that were never called"), key=NEVER),
        "leads": st.checkbox(_("Only companies that others told us of"), key="list-leads"),
        "skip_listed": st.checkbox(_("Not those on another open list"), value=True, key="list-skip"),
    }


def _draw_large() -> bool:
    """Large companies, and why mostly without them; said louder once a size is chosen that reaches so far."""
    chosen = st.checkbox(_("Also companies with more than {n} staff").format(n=LARGE_FROM - 1), key=LARGE)
    reason = _("Companies with more than {n} staff rarely fit: work and rules are fixed there.").format(
        n=LARGE_FROM - 1
    )
    sizes = [size_classes()[code] for code in state.value(SIZES) or ()]
    if chosen:
        st.warning(f"{reason} {_('Expect few jobs made to measure.')}", icon=":material/domain:")
    elif any(size.staff_max is None or size.staff_max >= LARGE_FROM for size in sizes):
        left_out = _("They are left out, also of the size that was chosen. Those of unknown size do come along.")
        st.info(f"{reason} {left_out}", icon=":material/domain:")
    else:
        st.caption(f"{reason} {_('Those of unknown size do come along.')}")
    return chosen


def _draw_preview(seen: ListPreview, filters: ListFilters) -> None:
    added = seen.callable - (seen.listed if filters.skip_listed else 0)
    with st.container(border=True, gap="small", key="list-preview"):
        total, may, on = st.columns(3)
        total.metric(_("Companies found"), whole(seen.total))
        may.metric(_("May be called"), whole(seen.callable))
        on.metric(_("On this list"), whole(added))
        if seen.listed:
            st.caption(_("{n} of them are on another open list.").format(n=whole(seen.listed)))
        if not seen.total:
            st.info(_("No company fits. Take something out of the choice."))
        if seen.blocked:
            st.markdown(f"**{_('May not be called, and so not on the list')}**")
            reasons = [(reason, whole(n)) for reason, n in seen.blocked]
            st.table(pd.DataFrame(reasons, columns=[_("Why not"), _("Companies")]).set_index(_("Why not")))


def _draw_making(actor: Actor, filters: ListFilters, candidate_id: int | None) -> None:
    people = choices(actor)
    if people is None:
        return
    with st.form("list-form"):
        draw_about(*people)
        st.radio(
            _("And later?"),
            [False, True],
            format_func={False: _("The list stays as it is now"), True: _("The list keeps itself up to date")}.get,
            captions=["", live_words()],
            key=LIVE,
        )
        chosen = (filters, candidate_id)
        st.form_submit_button(_("Make the list"), type="primary", key="make-list", on_click=_make, args=chosen)


def _make(filters: ListFilters, candidate_id: int | None) -> None:
    def make(session: Session, actor: Actor) -> CallList:
        if candidate_id is not None:
            tell_list_is_made(session, actor, candidate_id)
        return make_list(session, actor, ListInput(**read_about(), filters=filters, is_live=state.value(LIVE)))

    if perform(_("The list is made. The callers can start."), make):
        st.query_params.clear()
