"""The form for a call that was not made at the desk."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import streamlit as st
from sqlmodel import Session
from streamlit.delta_generator import DeltaGenerator

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.models import CallWay, ObjectionRight
from crm.core.clock import at, local, now, today
from crm.core.db import reading
from crm.core.i18n import _, show_moment, show_time
from crm.desk.drafts import NO_STEP
from crm.desk.inputs import LoggedCallInput
from crm.desk.queries import ElsewhereForm, elsewhere_form
from crm.desk.rules import Needs, needs, possible_results, proposed_moment
from crm.desk.services import LoggedCall, log_call
from crm.followups.models import FollowUpKind
from crm.reference.models import Disposition
from crm.reference.queries import legal_forms, reasons
from crm.telephony.numbers import show_number
from web import state
from web.actions import perform
from web.components.dialogs import close, dialog_button, draw_cancel
from web.components.messages import draw_messages
from web.components.text import literal
from web.session import current_actor

LOG_CALL = "log-call"
WAYS = (CallWay.OWN_PHONE, CallWay.VISIT, CallWay.INCOMING)
NEW_JOB = 0

Given = dict[str, Any]


def draw_log_call_button(actor: Actor, company_id: int, *, key: str = "ask-log-call") -> None:
    if actor.may(Permission.COMPANY_EDIT):
        dialog_button(_("Write down a call"), LOG_CALL, company_id, key=key, icon=":material/edit_note:")


def draw_log_call(company_id: int) -> None:
    """The inside of the dialog. What was typed outlives a closing by mistake."""
    actor = current_actor(Permission.COMPANY_EDIT)
    with reading() as session:
        form = elsewhere_form(session, actor, company_id)
    st.text(form.company.name)
    given = _ask_when(company_id)
    result: Disposition | None = st.selectbox(
        _("Result"),
        possible_results(given["way"]),
        index=None,
        format_func=lambda result: result.name,
        placeholder=_("Choose the result of the call."),
        key=_key(company_id, "result"),
        persist_state="page",
    )
    given |= _ask_person(form) | {"disposition": result.code if result else ""}
    if result:
        given |= _ask_by_result(form, actor, needs(result), given["way"])
    given |= _ask_about_colleague(form)
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Save"), type="primary", key="save-log-call"):
            _finish(company_id, _save(company_id, given), problem)
        draw_cancel()


def _key(company_id: int, name: str) -> str:
    return f"{LOG_CALL}-{company_id}-{name}"


def _ask_when(company_id: int) -> Given:
    way = st.segmented_control(
        _("How"),
        WAYS,
        default=WAYS[0],
        required=True,
        format_func=lambda way: way.label,
        key=_key(company_id, "way"),
        persist_state="page",
    )
    left, right = st.columns(2)
    day = left.date_input(
        _("Date"), today(), max_value=today(), format="DD-MM-YYYY", key=_key(company_id, "day"), persist_state="page"
    )
    this_moment = local(now()).time().replace(second=0, microsecond=0)
    clock = right.time_input(_("Time"), this_moment, step=300, key=_key(company_id, "time"), persist_state="page")
    return {"way": way, "at": _moment(day, clock)}


def _moment(day: date | None, clock: time | None) -> datetime | None:
    return at(day, clock.hour, clock.minute) if day and clock else None


def _ask_person(form: ElsewhereForm) -> Given:
    company_id = form.company.id
    left, right = st.columns(2)
    name = left.selectbox(
        _("Spoken with"),
        [contact.name for contact in form.reach.contacts],
        index=None,
        accept_new_options=True,
        placeholder=_("Choose, or type a name"),
        key=_key(company_id, "person"),
        persist_state="page",
    )
    number = right.selectbox(
        _("Number"),
        [number.e164 for number in form.reach.numbers],
        index=None,
        format_func=show_number,
        placeholder=_("If you know it"),
        key=_key(company_id, "number"),
        persist_state="page",
    )
    summary = st.text_input(_("In one sentence"), max_chars=500, key=_key(company_id, "summary"), persist_state="page")
    notes = st.text_area(_("Notes"), max_chars=20_000, height=80, key=_key(company_id, "notes"), persist_state="page")
    return {"contact_name": name or "", "e164": number or "", "summary": summary, "notes": notes} | _ask_planned(form)


def _ask_planned(form: ElsewhereForm) -> Given:
    """Which promise this was, so that nobody is called twice for it."""
    names = {step.id: f"{step.kind.label}: {show_moment(step.due_at)}" for step in form.planned}
    if not names:
        return {}
    chosen = st.pills(
        _("Was this a planned call?"),
        list(names),
        format_func=names.__getitem__,
        key=_key(form.company.id, "planned"),
        persist_state="page",
    )
    return {"follow_up_id": chosen}


def _ask_by_result(form: ElsewhereForm, actor: Actor, wanted: Needs, way: CallWay) -> Given:
    given: Given = {}
    if len(wanted.objection_right) > 1 and way.is_ours:
        given |= _ask_objection_right(form.company.id, wanted.objection_right)
    if wanted.legal_form:
        given |= _ask_legal_form(form.company.id)
    if wanted.job_allowed:
        given |= _ask_job(form, wanted)
    if wanted.steps:
        given |= _ask_next_step(form.company.id, actor, wanted)
    return given


def _ask_objection_right(company_id: int, choices: Sequence[ObjectionRight]) -> Given:
    words = {
        ObjectionRight.OFFERED: _("Yes"),
        ObjectionRight.NOT_OFFERED: _("No"),
        ObjectionRight.NO_CONTACT: _("Nobody spoken"),
    }
    chosen = st.segmented_control(
        _("Did you say: “you can ask us not to call again”?"),
        choices,
        format_func=words.__getitem__,
        key=_key(company_id, "objection-right"),
        persist_state="page",
    )
    return {"objection_right": chosen}


def _ask_legal_form(company_id: int) -> Given:
    names = {code: form.name for code, form in legal_forms().items() if form.group in {"natural_person", "partnership"}}
    chosen = st.pills(
        _("What is it then?"), list(names), format_func=names.__getitem__, key=_key(company_id, "legal-form")
    )
    return {"legal_form": chosen}


def _ask_job(form: ElsewhereForm, wanted: Needs) -> Given:
    company_id = form.company.id
    found = wanted.job or st.toggle(_("Hidden job found"), key=_key(company_id, "has-job"), persist_state="page")
    if not found:
        return {}
    names = {NEW_JOB: _("A new one")} | {job.id: job.title for job in form.jobs}
    chosen = NEW_JOB
    if form.jobs:
        chosen = st.selectbox(
            _("Hidden job"),
            list(names),
            format_func=names.__getitem__,
            key=_key(company_id, "known-job"),
            persist_state="page",
        )
    return {"known_job_id": chosen} if chosen != NEW_JOB else _ask_new_job(company_id)


def _ask_new_job(company_id: int) -> Given:
    left, right = st.columns(2)
    names = {code: reason.name for code, reason in reasons().items()}
    title = left.text_input(
        _("What is the work called?"), max_chars=120, key=_key(company_id, "job-title"), persist_state="page"
    )
    reason = right.selectbox(
        _("Why is there work?"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder="",
        key=_key(company_id, "job-reason"),
        persist_state="page",
    )
    return {"job": {"title": title, "reason": reason or ""}} if title.strip() else {}


def _ask_next_step(company_id: int, actor: Actor, wanted: Needs) -> Given:
    kinds: dict[str, str] = {kind.value: kind.label for kind in wanted.steps}
    if not wanted.next_step:
        kinds = {NO_STEP: _("No next step")} | kinds
    kind = st.selectbox(
        _("Next step"),
        list(kinds),
        format_func=kinds.__getitem__,
        key=_key(company_id, f"step-{'-'.join(kinds)}"),
        persist_state="page",
    )
    if kind == NO_STEP:
        return {}
    proposal = local(proposed_moment(now(), 1))
    day, clock, team = st.columns([9, 7, 6], vertical_alignment="bottom")
    on = day.date_input(
        _("Date of the next step"), proposal.date(), format="DD-MM-YYYY", key=_key(company_id, "due-day")
    )
    due = clock.time_input(_("Time of the next step"), proposal.time(), key=_key(company_id, "due-time"))
    for_team = team.checkbox(_("For the team"), key=_key(company_id, "due-team"))
    owner = None if for_team else actor.id
    return {"next_step": {"kind": FollowUpKind(kind), "due_at": _moment(on, due), "owner_id": owner}}


def _ask_about_colleague(form: ElsewhereForm) -> Given:
    if form.holder is None:
        return {}
    words = _("{name} is busy with this company, until {time} at the latest.")
    st.warning(literal(words.format(name=form.holder.name, time=show_time(form.holder.until))))
    knows = st.checkbox(
        _("I know. What I write down here is another call."), key=_key(form.company.id, f"knows-{form.holder.user_id}")
    )
    return {"holder_id": form.holder.user_id if knows else None}


def _save(company_id: int, given: Given) -> LoggedCall | None:
    if given["at"] is None or given.get("next_step", {}).get("due_at", now()) is None:
        state.tell("error", _("Choose a date and a time."))
        return None

    def keep(session: Session, actor: Actor) -> LoggedCall:
        return log_call(session, actor, company_id, LoggedCallInput.model_validate(given))

    return perform(_("The call is written down."), keep)


def _finish(company_id: int, kept: LoggedCall | None, problem: DeltaGenerator) -> None:
    if kept is None:
        with problem:
            draw_messages()
        return
    if kept.refusal:
        words = _("By the rules this call was not allowed: {reason} Your coordinator has been told.")
        state.tell("warning", words.format(reason=kept.refusal))
    state.forget(*state.keys(f"{LOG_CALL}-{company_id}-"))
    close()
    st.rerun()
