"""Questions about a follow-up: what came of it, to when does it move, and what is the new one."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.models import Company
from crm.companies.search import search
from crm.core.clock import at, local, now, today
from crm.core.db import reading
from crm.core.i18n import _, show_day
from crm.followups.inputs import FollowUpInput
from crm.followups.models import FollowUpKind, FollowUpTemplate
from crm.followups.queries import AgendaItem
from crm.followups.rules import USUAL_HOUR, usual_day
from crm.followups.services import move, plan
from crm.followups.templates import templates
from crm.reference.calendar import add_working_days
from crm.reference.trades import OTHER, trade_group
from web import state
from web.actions import perform
from web.components.dialogs import opened, show_dialog
from web.components.follow_ups.bulk import draw_bulk
from web.components.follow_ups.day import draw_day
from web.components.follow_ups.done import draw_done
from web.components.follow_ups.editing import draw_edit
from web.components.follow_ups.opening import (
    DIALOG,
    NEW,
    NOTE_LENGTH,
    ask_owner,
    close_when,
    draw_subject,
    leads,
)
from web.components.follow_ups.passing import draw_pass
from web.components.follow_ups.recall_reason import ask_recall_reason
from web.components.follow_ups.snooze import draw_snooze
from web.components.moment import ask_moment
from web.session import current_actor

COMPANIES_SHOWN = 10
FILLED_IN = f"{NEW}-filled-in"  # what a template put in the fields


def draw_open_dialog(items: Sequence[AgendaItem]) -> None:
    """Draw the dialog that is open, if it is about one of these."""
    name, about = opened()
    if not name.startswith(DIALOG):
        return
    kind, (follow_up_id, version) = name.removeprefix(DIALOG), about
    if kind == "new":
        show_dialog(_("New follow-up"), _draw_new, "medium")
    elif kind == "edit":
        show_dialog(_("Change this follow-up"), lambda: draw_edit(follow_up_id), "medium")
    elif kind == "bulk":
        show_dialog(_("The same for all that are chosen"), lambda: draw_bulk(items), "medium")
    elif kind == "day":
        show_dialog(show_day(date.fromordinal(follow_up_id)), lambda: draw_day(items, follow_up_id), "medium")
    elif item := next((item for item in items if item.follow_up.id == follow_up_id), None):
        _show_about(item, kind, version)


def _show_about(item: AgendaItem, kind: str, version: int) -> None:
    titles = {
        "done": _("What came of it?"),
        "move": _("Move to another moment"),
        "pass": _("Hand over"),
        "snooze": _("Postpone until a good moment"),
    }
    drawn = {"done": draw_done, "move": _draw_move, "pass": draw_pass, "snooze": draw_snooze}
    show_dialog(titles[kind], lambda: drawn[kind](item, version))


# A dialog redraws on its own, without the page: so each asks first who is there, and in what language.


def _draw_move(item: AgendaItem, version: int) -> None:
    current_actor(Permission.FOLLOWUP_OWN)
    follow_up = item.follow_up
    key = f"move-{follow_up.id}-{version}"
    draw_subject(item)
    due_at = ask_moment(key, _proposal(follow_up.due_at), owner_id=follow_up.owner_id, trade_group=_trade(item.company))
    reason = st.text_input(_("Reason"), key=f"{key}-reason", max_chars=NOTE_LENGTH)
    problem = st.container()
    if st.button(_("Move"), type="primary", icon=":material/event_repeat:", key="save-move"):
        close_when(_with_moment(due_at, _move_to, follow_up.id, version, reason), problem)


def _move_to(due_at: datetime, follow_up_id: int, version: int, reason: str) -> object:
    return perform(_("Moved."), move, follow_up_id, version=version, due_at=due_at, reason=reason)


def _draw_new() -> None:
    actor = current_actor(Permission.FOLLOWUP_OWN)
    template = _ask_template(actor)
    kind = st.selectbox(
        _("What"),
        list(FollowUpKind),
        format_func=lambda kind: kind.label,
        key=f"{NEW}-kind",
        persist_state="page",
    )
    company = _ask_company(actor)
    why: dict[str, Any] = ask_recall_reason(NEW, f"{NEW}-day") if kind is FollowUpKind.RECALL else {}
    owner_id = ask_owner(actor, f"{NEW}-owner", everybody=leads(actor))
    due_at = ask_moment(NEW, at(_tomorrow(), USUAL_HOUR), owner_id=owner_id, trade_group=_trade(company))
    note = st.text_area(_("Note"), key=f"{NEW}-note", max_chars=NOTE_LENGTH, height=80, persist_state="page")
    asked = st.checkbox(
        _("The employer asked for this"),
        key=f"{NEW}-asked",
        help=_("Then we count how long it takes."),
        persist_state="page",
    )
    problem = st.container()
    if st.button(_("Save"), type="primary", icon=":material/check:", key="save-new"):
        fields = {"kind": kind, "company_id": company and company.id, "owner_id": owner_id, "note": note} | why
        fields["asked_at"] = now() if asked else None
        fields["template_id"] = template.id if template and template.kind is kind else None
        close_when(_with_moment(due_at, _plan_at, fields), problem)


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
        persist_state="page",
    )
    return known.get(template_id) if template_id else None


def _fill_in(known: dict[int, FollowUpTemplate]) -> None:
    """The kind; and the rest as far as nobody filled that in but a template before it, or this form itself."""
    template = known.get(state.value(f"{NEW}-template") or 0)
    if template:
        state.put(f"{NEW}-kind", template.kind)
        usual = {"note": template.note, "day": usual_day(max(template.working_days, 0), today())}
        before = state.value(FILLED_IN, {"day": _tomorrow()})
        for name, content in usual.items():
            if state.value(f"{NEW}-{name}") in (None, "", before.get(name)):
                state.put(f"{NEW}-{name}", content)
        state.put(FILLED_IN, usual)


def _tomorrow() -> date:
    return add_working_days(today(), 1)


def _plan_at(due_at: datetime, fields: dict[str, Any]) -> object:
    return perform(
        _("Planned."), lambda session, by: plan(session, by, FollowUpInput.model_validate(fields | {"due_at": due_at}))
    )


def _proposal(due_at: datetime) -> datetime:
    """What it is now, or the same time on the next working day when that is over."""
    there = local(due_at)
    return due_at if due_at > now() else at(_tomorrow(), there.hour, there.minute)


def _trade(company: Company | None) -> str:
    return trade_group(company.sbi_code) if company else OTHER


def _with_moment(due_at: datetime | None, change: Callable[..., object], *args: object) -> object:
    if due_at is None:
        state.tell("error", _("Choose a date and a time."))
        return None
    return change(due_at, *args)


def _ask_company(actor: Actor) -> Company | None:
    left, right = st.columns(2, vertical_alignment="bottom")
    text = left.text_input(
        _("Find a company (may stay empty)"), key=f"{NEW}-company-text", max_chars=100, persist_state="page"
    )
    if not text.strip():
        return None
    with reading() as session:
        found = search(session, actor, text, page_size=COMPANIES_SHOWN).rows
    companies = {row.company.id: row.company for row in found}
    names = {company.id: ", ".join(filter(None, (company.name, company.town))) for company in companies.values()}
    chosen: int | None = right.selectbox(
        _("Company"),
        list(names),
        format_func=lambda company_id: names[company_id],
        key=f"{NEW}-company",
        placeholder=_("Nothing found. Try the start of the name."),
        persist_state="page",
    )
    return companies.get(chosen) if chosen else None
