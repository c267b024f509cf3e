"""The form for a call that was not made at the desk."""

from functools import partial
from typing import Any

import streamlit as st
from sqlmodel import Session
from streamlit.delta_generator import DeltaGenerator

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.models import CallWay
from crm.companies.search import search
from crm.core.clock import local, now, today
from crm.core.db import reading
from crm.core.i18n import _, show_moment, show_time
from crm.desk.inputs import LoggedCallInput
from crm.desk.queries import ElsewhereForm, elsewhere_form
from crm.desk.rules import needs, possible_results
from crm.desk.services import LoggedCall, log_call
from crm.reference.models import Disposition
from crm.telephony.numbers import show_number
from web import state
from web.actions import perform
from web.components.calls.result import Given, ask_by_result, moment, moment_chosen
from web.components.companies.texts import what_they_do
from web.components.dialogs import close, dialog_button, draw_cancel, open_dialog, opened, show_dialog
from web.components.messages import draw_messages
from web.components.text import literal
from web.session import current_actor

LOG_CALL = "log-call"
ASKED = "log-call-which"
FEWEST_LETTERS, MOST_FOUND = 2, 6
WAYS = (CallWay.OWN_PHONE, CallWay.VISIT, CallWay.INCOMING)


def draw_log_call_button(actor: Actor, company_id: int, *, key: str = "ask-log-call") -> None:
    if actor.may(Permission.COMPANY_EDIT):
        dialog_button(_("Write down a call"), LOG_CALL, company_id, key=key, icon=":material/edit_note:")


def draw_log_call_at_desk_button(**look: Any) -> None:
    """Of a company that is still to be chosen."""
    if current_actor().may(Permission.COMPANY_EDIT):
        dialog_button(_("Write down a call"), LOG_CALL, key="log-call", shortcut="G", **look)


def draw_log_call_at_desk() -> None:
    if opened()[0] == LOG_CALL:
        show_dialog(_("Write down a call"), _draw_at_desk)


def _draw_at_desk() -> None:
    """Asks itself what is chosen: only the dialog is drawn again when that changes."""
    _name, about = opened()
    if about:
        draw_log_call(*about)
    else:
        _choose_company()


def _choose_company() -> None:
    actor = current_actor(Permission.COMPANY_EDIT)
    text = st.text_input(
        _("Which company was it? Name or number"), key=ASKED, max_chars=100, live=True, persist_state="page"
    ).strip()
    found = []
    if len(text) >= FEWEST_LETTERS:
        with reading() as session:
            found = search(session, actor, text, page_size=MOST_FOUND).rows
        if not found:
            st.caption(_("No company is found with this. Type only a part of the name, or another number."))
    for row in found:
        words = [row.company.name, what_they_do(row.company), row.company.town]
        st.button(
            literal(" · ".join(word for word in words if word)),
            key=f"log-call-with-{row.company.id}",
            width="stretch",
            wrap=True,
            on_click=open_dialog,
            args=(LOG_CALL, row.company.id),
        )
    draw_cancel()


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
        key = partial(_key, company_id)
        given |= ask_by_result(
            key, needs(result), given["way"], owner_id=actor.user_id, company=form.company, jobs=form.jobs
        )
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
    return {"way": way, "at": moment(day, clock)}


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


def _ask_about_colleague(form: ElsewhereForm) -> Given:
    if form.holder is None:
        return {}
    words = _("{name} is busy with this company, until {time} at the latest.")
    st.warning(literal(words.format(name=form.holder.name, time=show_time(form.holder.until))))
    knows = st.checkbox(
        _("I know. What I write down here is another call."),
        key=_key(form.company.id, f"knows-{form.holder.user_id}"),
        persist_state="page",
    )
    return {"holder_id": form.holder.user_id if knows else None}


def _save(company_id: int, given: Given) -> LoggedCall | None:
    if given["at"] is None or not moment_chosen(given):
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
    state.forget(ASKED, *state.keys(f"{LOG_CALL}-{company_id}-"))
    close()
    st.rerun()
