"""Questions about a follow-up: what came of it, to when does it move, and what is the new one."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.queries import search
from crm.core.clock import at, local, now, today
from crm.core.db import reading
from crm.core.i18n import _
from crm.followups.inputs import FollowUpInput
from crm.followups.models import FollowUpKind
from crm.followups.queries import AgendaItem, possible_owners
from crm.followups.services import assign, complete, drop, move, plan
from crm.reference.calendar import add_working_days
from web import state
from web.actions import perform
from web.components.messages import draw_messages
from web.components.text import literal
from web.session import current_actor

COMPANIES_SHOWN = 10
NOTE_LENGTH = 1000


def ask_done(item: AgendaItem) -> None:
    st.dialog(_("What came of it?"))(_draw_done)(item)


def ask_move(item: AgendaItem) -> None:
    st.dialog(_("Move to another moment"))(_draw_move)(item)


def ask_new() -> None:
    st.dialog(_("New follow-up"), width="medium")(_draw_new)()


# A dialog redraws on its own, without the page: so each asks first who is there, and in what language.


def _draw_done(item: AgendaItem) -> None:
    current_actor(Permission.FOLLOWUP_OWN)
    follow_up = item.follow_up
    _draw_subject(item)
    outcome = st.text_area(
        _("Outcome, in one or two sentences"), key=f"outcome-{follow_up.id}", max_chars=NOTE_LENGTH, height=110
    )
    with st.container(horizontal=True):
        if st.button(_("Done"), type="primary", icon=":material/check:", key="save-done"):
            _close_when(perform(_("Done."), complete, follow_up.id, version=follow_up.version, outcome=outcome))
        if st.button(_("No longer needed"), key="save-dropped"):
            done = _("Taken off the list.")
            _close_when(perform(done, drop, follow_up.id, version=follow_up.version, reason=outcome))


def _draw_move(item: AgendaItem) -> None:
    actor = current_actor(Permission.FOLLOWUP_OWN)
    follow_up = item.follow_up
    _draw_subject(item)
    day, hour = _ask_moment(f"move-{follow_up.id}", local(max(follow_up.due_at, now() - timedelta(days=1))))
    reason = st.text_input(_("Reason"), key=f"reason-{follow_up.id}", max_chars=NOTE_LENGTH)
    with st.container(horizontal=True):
        if st.button(_("Move"), type="primary", icon=":material/event_repeat:", key="save-move"):
            _close_when(_with_moment(day, hour, _move_to, item, reason))
        if follow_up.owner_id == actor.id and st.button(
            _("Give it to the team"), icon=":material/groups:", key="give-back"
        ):
            done = _("A colleague can take it now.")
            _close_when(perform(done, assign, follow_up.id, version=follow_up.version, owner_id=None))


def _move_to(due_at: datetime, item: AgendaItem, reason: str) -> object:
    follow_up = item.follow_up
    return perform(_("Moved."), move, follow_up.id, version=follow_up.version, due_at=due_at, reason=reason)


def _draw_new() -> None:
    actor = current_actor(Permission.FOLLOWUP_OWN)
    kind = st.selectbox(_("What"), list(FollowUpKind), format_func=lambda kind: kind.label, key="new-kind")
    company_id = _ask_company(actor)
    day, hour = _ask_moment("new", datetime.combine(add_working_days(today(), 1), time(10)))
    owner_id = _ask_owner(actor)
    note = st.text_area(_("Note"), key="new-note", max_chars=NOTE_LENGTH, height=80)
    if st.button(_("Save"), type="primary", icon=":material/check:", key="save-new"):
        fields = {"kind": kind, "company_id": company_id, "owner_id": owner_id, "note": note}
        _close_when(_with_moment(day, hour, _plan_at, fields))


def _plan_at(due_at: datetime, fields: dict[str, Any]) -> object:
    return perform(
        _("Planned."), lambda session, by: plan(session, by, FollowUpInput.model_validate(fields | {"due_at": due_at}))
    )


def _draw_subject(item: AgendaItem) -> None:
    company = f" – {literal(item.company.name)}" if item.company else ""
    st.markdown(f"**{item.follow_up.kind.label}**{company}")
    if item.follow_up.note:
        st.text(item.follow_up.note)


def _ask_moment(key: str, proposal: datetime) -> tuple[date | None, time | None]:
    with st.container(horizontal=True):
        for name, day in _usual_days().items():
            st.button(name, key=f"{key}-{day}", on_click=state.put, args=(f"{key}-day", day))
    left, right = st.columns(2)
    _propose(f"{key}-day", max(proposal.date(), today()))
    _propose(f"{key}-hour", proposal.time().replace(second=0, microsecond=0))
    day = left.date_input(_("Date"), key=f"{key}-day", format="DD-MM-YYYY")
    hour = right.time_input(_("Time"), key=f"{key}-hour")
    return day, hour


def _propose(key: str, content: date | time) -> None:
    """Only when nothing was chosen yet; an emptied field stays empty."""
    if key not in state.keys(key):
        state.put(key, content)


def _usual_days() -> dict[str, date]:
    return {
        _("Next working day"): add_working_days(today(), 1),
        _("In a week"): add_working_days(today() + timedelta(days=7), 0),
        _("In two weeks"): add_working_days(today() + timedelta(days=14), 0),
    }


def _with_moment(day: date | None, hour: time | None, change: Callable[..., object], *args: object) -> object:
    if day is None or hour is None:
        state.tell("error", _("Choose a date and a time."))
        return None
    return change(at(day, hour.hour, hour.minute), *args)


def _ask_company(actor: Actor) -> int | None:
    left, right = st.columns(2, vertical_alignment="bottom")
    text = left.text_input(_("Find a company (may stay empty)"), key="new-company-text", max_chars=100)
    if not text.strip():
        return None
    with reading() as session:
        found = search(session, actor, text, page_size=COMPANIES_SHOWN).rows
    names = {row.company.id: ", ".join(filter(None, (row.company.name, row.company.town))) for row in found}
    chosen: int | None = right.selectbox(
        _("Company"),
        list(names),
        format_func=lambda company_id: names[company_id],
        key="new-company",
        placeholder=_("Nothing found. Try the start of the name."),
    )
    return chosen


def _ask_owner(actor: Actor) -> int | None:
    names: dict[int | None, str] = {actor.id: _("I do this myself"), None: _("Somebody of the team")}
    if actor.may(Permission.FOLLOWUP_TEAM):
        with reading() as session:
            names = names | {key: name for key, name in possible_owners(session, actor).items() if key != actor.id}
    chosen: int | None = st.selectbox(
        _("Who does this"), list(names), format_func=lambda owner_id: names[owner_id], key="new-owner"
    )
    return chosen


def _close_when(result: object) -> None:
    """Close the dialog when it is kept; else say inside it what is wrong."""
    if result is not None:
        st.rerun()
    draw_messages()
