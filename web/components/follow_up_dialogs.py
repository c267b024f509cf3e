"""Questions about a follow-up: what came of it, to when does it move, and what is the new one."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.search import search
from crm.core.clock import at, local, now, today
from crm.core.db import reading
from crm.core.i18n import _
from crm.followups.inputs import FollowUpInput
from crm.followups.models import FollowUp, FollowUpKind
from crm.followups.queries import AgendaItem, possible_owners
from crm.followups.services import assign, complete, drop, move, plan
from crm.reference.calendar import add_working_days
from web import state
from web.actions import perform
from web.components.messages import draw_messages
from web.components.recall_reason import ask_recall_reason
from web.components.text import literal
from web.session import current_actor

OPEN = "follow-up-dialog"
NEW = "new-follow-up"
COMPANIES_SHOWN = 10
NOTE_LENGTH = 1000

TEAM = 0  # instead of None, which a select box takes for nothing chosen

Kind = Literal["done", "move", "new"]


def open_dialog(kind: Kind, follow_up: FollowUp | None = None) -> None:
    """For the callback of a button. The version is the one the reader looked at."""
    state.put(OPEN, (kind, follow_up.id, follow_up.version) if follow_up else (kind, 0, 0))


def draw_open_dialog(items: list[AgendaItem]) -> None:
    """Draw the dialog that is open, if it is about one of these. What was typed in it outlives a closing by mistake."""
    kind, follow_up_id, version = state.value(OPEN, (None, 0, 0))
    if kind == "new":
        st.dialog(_("New follow-up"), width="medium", on_dismiss=_close)(_draw_new)()
    item = next((item for item in items if item.follow_up.id == follow_up_id), None)
    if item and kind == "done":
        st.dialog(_("What came of it?"), on_dismiss=_close)(_draw_done)(item, version)
    elif item and kind == "move":
        st.dialog(_("Move to another moment"), on_dismiss=_close)(_draw_move)(item, version)


def _close() -> None:
    state.forget(OPEN)


# A dialog redraws on its own, without the page: so each asks first who is there, and in what language.


def _draw_done(item: AgendaItem, version: int) -> None:
    current_actor(Permission.FOLLOWUP_OWN)
    follow_up_id = item.follow_up.id
    _draw_subject(item)
    outcome = st.text_area(
        _("Outcome, in one or two sentences"),
        key=f"outcome-{follow_up_id}-{version}",
        max_chars=NOTE_LENGTH,
        height=110,
        persist_state="page",
    )
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Done"), type="primary", icon=":material/check:", key="save-done"):
            _close_when(perform(_("Done."), complete, follow_up_id, version=version, outcome=outcome), problem)
        if st.button(_("No longer needed"), key="save-dropped"):
            _close_when(perform(_("Taken off the list."), drop, follow_up_id, version=version, reason=outcome), problem)


def _draw_move(item: AgendaItem, version: int) -> None:
    actor = current_actor(Permission.FOLLOWUP_OWN)
    follow_up = item.follow_up
    key = f"move-{follow_up.id}-{version}"
    _draw_subject(item)
    day, hour = _ask_moment(key, _proposal(follow_up.due_at))
    reason = st.text_input(_("Reason"), key=f"{key}-reason", max_chars=NOTE_LENGTH, persist_state="page")
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Move"), type="primary", icon=":material/event_repeat:", key="save-move"):
            _close_when(_with_moment(day, hour, _move_to, follow_up.id, version, reason), problem)
        if follow_up.owner_id == actor.id and st.button(
            _("Give it to the team"), icon=":material/groups:", key="give-back"
        ):
            done = _("A colleague can take it now.")
            _close_when(perform(done, assign, follow_up.id, version=version, owner_id=None), problem)


def _move_to(due_at: datetime, follow_up_id: int, version: int, reason: str) -> object:
    return perform(_("Moved."), move, follow_up_id, version=version, due_at=due_at, reason=reason)


def _draw_new() -> None:
    actor = current_actor(Permission.FOLLOWUP_OWN)
    kind = st.selectbox(_("What"), list(FollowUpKind), format_func=lambda kind: kind.label, key=f"{NEW}-kind")
    company_id = _ask_company(actor)
    why: dict[str, Any] = ask_recall_reason(NEW, f"{NEW}-day") if kind is FollowUpKind.RECALL else {}
    day, hour = _ask_moment(NEW, datetime.combine(add_working_days(today(), 1), time(10)))
    owner_id = _ask_owner(actor)
    note = st.text_area(_("Note"), key=f"{NEW}-note", max_chars=NOTE_LENGTH, height=80, persist_state="page")
    asked = st.checkbox(
        _("The employer asked for this"), key=f"{NEW}-asked", help=_("Then we count how long it takes.")
    )
    problem = st.container()
    if st.button(_("Save"), type="primary", icon=":material/check:", key="save-new"):
        fields = {"kind": kind, "company_id": company_id, "owner_id": owner_id, "note": note} | why
        fields["asked_at"] = now() if asked else None
        _close_when(_with_moment(day, hour, _plan_at, fields), problem)


def _plan_at(due_at: datetime, fields: dict[str, Any]) -> object:
    return perform(
        _("Planned."), lambda session, by: plan(session, by, FollowUpInput.model_validate(fields | {"due_at": due_at}))
    )


def _draw_subject(item: AgendaItem) -> None:
    company = f" – {literal(item.company.name)}" if item.company else ""
    st.markdown(f"**{item.follow_up.kind.label}**{company}")
    if item.follow_up.note:
        st.text(item.follow_up.note)


def _proposal(due_at: datetime) -> datetime:
    """What it is now, or the same time on the next working day when that is over."""
    there = local(due_at)
    return there if due_at > now() else datetime.combine(add_working_days(today(), 1), there.time())


def _ask_moment(key: str, proposal: datetime) -> tuple[date | None, time | None]:
    with st.container(horizontal=True):
        for name, day in _usual_days().items():
            st.button(name, key=f"{key}-{day}", on_click=state.put, args=(f"{key}-day", day))
    left, right = st.columns(2)
    _propose(f"{key}-day", proposal.date())
    _propose(f"{key}-hour", proposal.time().replace(second=0, microsecond=0))
    day = left.date_input(_("Date"), key=f"{key}-day", format="DD-MM-YYYY", persist_state="page")
    hour = right.time_input(_("Time"), key=f"{key}-hour", persist_state="page")
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
    text = left.text_input(_("Find a company (may stay empty)"), key=f"{NEW}-company-text", max_chars=100)
    if not text.strip():
        return None
    with reading() as session:
        found = search(session, actor, text, page_size=COMPANIES_SHOWN).rows
    names = {row.company.id: ", ".join(filter(None, (row.company.name, row.company.town))) for row in found}
    chosen: int | None = right.selectbox(
        _("Company"),
        list(names),
        format_func=lambda company_id: names[company_id],
        key=f"{NEW}-company",
        placeholder=_("Nothing found. Try the start of the name."),
    )
    return chosen


def _ask_owner(actor: Actor) -> int | None:
    names = {actor.user_id: _("I do this myself"), TEAM: _("Somebody of the team")}
    if actor.may(Permission.FOLLOWUP_TEAM):
        with reading() as session:
            others = possible_owners(session, actor)
        names |= {owner_id: name for owner_id, name in others.items() if owner_id != actor.id}
    chosen: int = st.selectbox(_("Who does this"), list(names), format_func=names.__getitem__, key=f"{NEW}-owner")
    return chosen or None


def _close_when(result: object, problem: DeltaGenerator) -> None:
    """Close the dialog when it is kept; else say inside it what is wrong."""
    if result is not None:
        state.forget(OPEN, *state.keys(NEW))
        st.rerun()
    with problem:
        draw_messages()
