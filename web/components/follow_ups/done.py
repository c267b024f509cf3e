"""What came of a follow-up, what comes after it, and taking that back."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _, ngettext, show_moment
from crm.followups.models import FollowUp, FollowUpStatus
from crm.followups.queries import AgendaItem, ClosedItem
from crm.followups.services import Coming, coming_after, complete, drop, reopen
from crm.reference.queries import outcomes
from web import state
from web.actions import perform
from web.components.follow_ups.opening import NOTE_LENGTH, close_when, draw_subject
from web.components.text import literal
from web.session import current_actor

LAST = "follow-up-closed"


def draw_done(item: AgendaItem, version: int) -> None:
    actor = current_actor(Permission.FOLLOWUP_OWN)
    follow_up = item.follow_up
    draw_subject(item)
    code = _ask_outcome(follow_up, version)
    outcome = st.text_area(
        _("Outcome, in one or two sentences"),
        key=f"outcome-{follow_up.id}-{version}",
        max_chars=NOTE_LENGTH,
        height=110,
    )
    with reading() as session:
        coming = coming_after(session, actor, follow_up, code)
    without = _draw_coming(coming, f"coming-{follow_up.id}-{version}")
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Done"), type="primary", icon=":material/check:", key="save-done"):
            finish = partial(complete, outcome_code=code, without=without)
            _close(perform(_("Done."), finish, follow_up.id, version=version, outcome=outcome), problem)
        if st.button(_("No longer needed"), key="save-dropped"):
            _close(perform(_("Taken off the list."), drop, follow_up.id, version=version, reason=outcome), problem)


def _close(closed: FollowUp | None, problem: st.delta_generator.DeltaGenerator) -> None:
    if closed is not None:
        state.put(LAST, closed.id)
    close_when(closed, problem)


def _ask_outcome(follow_up: FollowUp, version: int) -> str | None:
    known = outcomes(follow_up.kind)
    if not known:
        return None
    chosen: str | None = st.pills(
        _("What came of it?"),
        list(known),
        format_func=lambda code: known[code].name,
        key=f"outcome-code-{follow_up.id}-{version}",
    )
    return chosen


def _draw_coming(coming: Sequence[Coming], key: str) -> set[int]:
    """What comes by itself, to be left out this time. Gives the templates that are left out."""
    if not coming:
        return set()
    st.markdown(f"**{_('After this comes')}**")
    without = set()
    for step in coming:
        words = f"{literal(show_moment(step.due_at))} · {literal(step.template.name)}"
        if step.obstacle:
            st.caption(f"{words}: {literal(step.obstacle)}")
        elif not st.checkbox(words, value=True, key=f"{key}-{step.template.id}", persist_state="page"):
            without.add(step.template.id)
    return without


def draw_closed(items: Sequence[ClosedItem]) -> None:
    """What was closed today, each with a way back; the one that was closed just now is in sight."""
    last = next((item for item in items if item.follow_up.id == state.value(LAST)), None)
    if last:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="closed-just-now"):
            st.markdown(f":material/check: {_line(last)}")
            _draw_undo(last, "undo-last")
    others = [item for item in items if item is not last]
    if others:
        with st.expander(ngettext("{n} done today", "{n} done today", len(items)).format(n=len(items))):
            for item in others:
                with st.container(horizontal=True, vertical_alignment="center", key=f"closed-{item.follow_up.id}"):
                    st.markdown(_line(item))
                    _draw_undo(item, f"undo-{item.follow_up.id}")


def _line(item: ClosedItem) -> str:
    dropped = item.follow_up.status is FollowUpStatus.DROPPED
    known = outcomes(item.follow_up.kind).get(item.follow_up.outcome_code or "")
    words = [item.follow_up.status.label if dropped else "", known.name if known else "", item.follow_up.outcome]
    return " · ".join([literal(item.name), *(literal(word) for word in words if word)])


def _draw_undo(item: ClosedItem, key: str) -> None:
    # Grey is what only a screen reader says: see app.css.
    st.button(
        f"{_('Undo')} :gray[{literal(item.name)}]",
        key=key,
        icon=":material/undo:",
        on_click=perform,
        args=(_("It is open again."), reopen, item.follow_up.id),
        kwargs={"version": item.follow_up.version},
    )
