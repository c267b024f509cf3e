"""Somebody rings: who is it? From Today and from the desk, with one key."""

from typing import Any

import streamlit as st
from sqlmodel import Session
from streamlit.delta_generator import DeltaGenerator

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.models import Call
from crm.calling.queries import Holder
from crm.companies.inputs import LeadInput
from crm.companies.models import Company
from crm.companies.queries import FoundCompany
from crm.core.db import reading
from crm.core.i18n import _, show_time
from crm.desk.incoming import FEWEST_DIGITS, Ringing, ringing
from crm.desk.services import answer, answer_unknown
from crm.telephony.numbers import show_number
from web import state
from web.actions import perform
from web.components.calls.button import DESK
from web.components.companies.texts import what_they_do
from web.components.dialogs import close, dialog_button, draw_cancel, opened, show_dialog
from web.components.messages import draw_messages
from web.components.next_step import draw_step
from web.components.text import literal
from web.session import current_actor

INCOMING = "incoming"
NUMBER, NAME, TOWN = "incoming-number", "incoming-name", "incoming-town"


def draw_incoming_button(**look: Any) -> None:
    dialog_button(_("Who is calling?"), INCOMING, key="incoming", shortcut="F2", **look)


def draw_incoming_dialog() -> None:
    if opened()[0] == INCOMING:
        show_dialog(_("Who is calling?"), _draw_incoming)


def _draw_incoming() -> None:
    actor = current_actor(Permission.CALL_MAKE)
    number = st.text_input(
        _("Telephone number, or the last {n} digits").format(n=FEWEST_DIGITS),
        key=NUMBER,
        max_chars=40,
        live=True,
        persist_state="page",
    )
    with reading() as session:
        call = ringing(session, actor, number)
    problem = st.container()
    if call.left:
        st.caption(literal(_what_becomes_of(call.left, call.parked)))
    for row in call.found:
        _draw_found(call, row, problem)
    if call.more:
        st.caption(_("There are more. Type more digits."))
    if call.e164 and not call.found:
        _draw_unknown(call, problem)
    elif number.strip() and not call.found:
        st.caption(_what_to_type(number))
    draw_cancel()


def _what_to_type(number: str) -> str:
    if sum(map(str.isdigit, number)) < FEWEST_DIGITS:
        return _("Type at least {n} digits of the number.").format(n=FEWEST_DIGITS)
    return _(
        "We know no company with these digits. Check them, or type the whole number of a new company, "
        "with + and the country for one abroad."
    )


def _what_becomes_of(left: Company, parked: Company | None) -> str:
    """Of the call that is open, when another is answered."""
    if parked is None:
        return _("You have {company} open. If you answer, that call is parked until you go back to it.").format(
            company=left.name
        )
    words = _(
        "You have {company} open and {parked} parked. If you answer, {company} goes back to the list. "
        "What you wrote is kept."
    )
    return words.format(company=left.name, parked=parked.name)


def _draw_found(call: Ringing, row: FoundCompany, problem: DeltaGenerator) -> None:
    """Who is busy with it, or whether we may call them ourselves: answering is always allowed."""
    company = row.company
    holder = call.holders.get(company.id)
    words = [company.name, what_they_do(company), company.town]
    label = _("Answer: {company}").format(company=" · ".join(word for word in words if word))
    look: dict[str, Any] = {
        "width": "stretch",
        "wrap": True,
        "type": "primary" if len(call.found) == 1 else "secondary",
    }
    if st.button(literal(label), key=f"answer-company-{company.id}", disabled=holder is not None, **look):
        _go_on(perform("", answer, company.id, e164=call.e164), problem)
    if step := call.steps.get(company.id):
        draw_step(step)
    if holder:
        st.caption(literal(_busy(holder)))
    elif not row.verdict.allowed:
        st.caption(literal(_("Do not call them yourself: {reason}").format(reason=row.verdict.reason)))


def _busy(holder: Holder) -> str:
    words = _("{name} is busy with this company, until {time} at the latest.")
    return words.format(name=holder.name, time=show_time(holder.until))


def _draw_unknown(call: Ringing, problem: DeltaGenerator) -> None:
    st.write(_("We do not know this number yet: {number}").format(number=show_number(call.e164)))
    name = st.text_input(_("Name of the company"), key=NAME, max_chars=200, persist_state="page")
    town = st.text_input(_("Town"), key=TOWN, max_chars=80, persist_state="page")
    if st.button(_("Write down and answer"), key="answer-unknown", type="primary"):
        given = {"name": name, "town": town, "number": call.e164}
        _go_on(perform("", _answer_unknown, given), problem)


def _answer_unknown(session: Session, actor: Actor, given: dict[str, str]) -> Call:
    return answer_unknown(session, actor, LeadInput(**given))


def _go_on(call: Call | None, problem: DeltaGenerator) -> None:
    if call:
        close()
        state.forget(NUMBER, NAME, TOWN)
        st.switch_page(DESK)
    with problem:
        draw_messages()
