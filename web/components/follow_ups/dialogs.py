"""Questions about a follow-up: what came of it, to when does it move, and what is the new one."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.search import search
from crm.core.clock import at, local, now, today
from crm.core.db import reading
from crm.core.i18n import _
from crm.followups.inputs import FollowUpInput
from crm.followups.models import FollowUpKind, FollowUpTemplate
from crm.followups.queries import AgendaItem
from crm.followups.rules import usual_day
from crm.followups.services import move, plan
from crm.followups.templates import templates
from crm.reference.calendar import add_working_days
from web import state
from web.actions import perform
from web.components.follow_ups.bulk import draw_bulk
from web.components.follow_ups.done import draw_done
from web.components.follow_ups.editing import draw_edit
from web.components.follow_ups.opening import (
    NEW,
    NOTE_LENGTH,
    OPEN,
    ask_owner,
    close_dialog,
    close_when,
    draw_subject,
    leads,
)
from web.components.follow_ups.passing import draw_pass
from web.components.follow_ups.recall_reason import ask_recall_reason
from web.session import current_actor

COMPANIES_SHOWN = 10


def draw_open_dialog(items: Sequence[AgendaItem]) -> None:
    """Draw the dialog that is open, if it is about one of these. What was typed in it outlives a closing by mistake."""
    kind, follow_up_id, version = state.value(OPEN, (None, 0, 0))
    if kind == "new":
        st.dialog(_("New follow-up"), width="medium", on_dismiss=close_dialog)(_draw_new)()
    elif kind == "edit":
        st.dialog(_("Change this follow-up"), width="medium", on_dismiss=close_dialog)(draw_edit)(follow_up_id, version)
    elif kind == "bulk":
        st.dialog(_("The same for all that are chosen"), width="medium", on_dismiss=close_dialog)(draw_bulk)(items)
    titles = {"done": _("What came of it?"), "move": _("Move to another moment"), "pass": _("Hand over")}
    drawn = {"done": draw_done, "move": _draw_move, "pass": draw_pass}
    item = next((item for item in items if item.follow_up.id == follow_up_id), None)
    if item and kind in drawn:
        st.dialog(titles[kind], on_dismiss=close_dialog)(drawn[kind])(item, version)


# A dialog redraws on its own, without the page: so each asks first who is there, and in what language.


def _draw_move(item: AgendaItem, version: int) -> None:
    current_actor(Permission.FOLLOWUP_OWN)
    follow_up = item.follow_up
    key = f"move-{follow_up.id}-{version}"
    draw_subject(item)
    day, hour = _ask_moment(key, _proposal(follow_up.due_at))
    reason = st.text_input(_("Reason"), key=f"{key}-reason", max_chars=NOTE_LENGTH, persist_state="page")
    problem = st.container()
    if st.button(_("Move"), type="primary", icon=":material/event_repeat:", key="save-move"):
        close_when(_with_moment(day, hour, _move_to, follow_up.id, version, reason), problem)


def _move_to(due_at: datetime, follow_up_id: int, version: int, reason: str) -> object:
    return perform(_("Moved."), move, follow_up_id, version=version, due_at=due_at, reason=reason)


def _draw_new() -> None:
    actor = current_actor(Permission.FOLLOWUP_OWN)
    template = _ask_template(actor)
    kind = st.selectbox(_("What"), list(FollowUpKind), format_func=lambda kind: kind.label, key=f"{NEW}-kind")
    company_id = _ask_company(actor)
    why: dict[str, Any] = ask_recall_reason(NEW, f"{NEW}-day") if kind is FollowUpKind.RECALL else {}
    day, hour = _ask_moment(NEW, datetime.combine(add_working_days(today(), 1), time(10)))
    owner_id = ask_owner(actor, f"{NEW}-owner", everybody=leads(actor))
    note = st.text_area(_("Note"), key=f"{NEW}-note", max_chars=NOTE_LENGTH, height=80, persist_state="page")
    asked = st.checkbox(
        _("The employer asked for this"), key=f"{NEW}-asked", help=_("Then we count how long it takes.")
    )
    problem = st.container()
    if st.button(_("Save"), type="primary", icon=":material/check:", key="save-new"):
        fields = {"kind": kind, "company_id": company_id, "owner_id": owner_id, "note": note} | why
        fields["asked_at"] = now() if asked else None
        fields["template_id"] = template.id if template and template.kind is kind else None
        close_when(_with_moment(day, hour, _plan_at, fields), problem)


def _ask_template(actor: Actor) -> FollowUpTemplate | None:
    """How it usually is: fills in the rest, which may be changed."""
    with reading() as session:
        known = {card.template.id: card.template for card in templates(session, actor)}
    template_id = st.selectbox(
        _("As it usually is"),
        list(known),
        index=None,
        format_func=lambda template_id: known[template_id].name,
        placeholder=_("Choose a template, or fill in everything yourself"),
        key=f"{NEW}-template",
        on_change=_fill_in,
        args=(known,),
    )
    return known.get(template_id) if template_id else None


def _fill_in(known: dict[int, FollowUpTemplate]) -> None:
    template = known.get(state.value(f"{NEW}-template") or 0)
    if template:
        state.put(f"{NEW}-kind", template.kind)
        state.put(f"{NEW}-note", template.note)
        state.put(f"{NEW}-day", usual_day(max(template.working_days, 0), today()))


def _plan_at(due_at: datetime, fields: dict[str, Any]) -> object:
    return perform(
        _("Planned."), lambda session, by: plan(session, by, FollowUpInput.model_validate(fields | {"due_at": due_at}))
    )


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
