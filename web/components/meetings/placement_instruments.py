"""The schemes of one placement: what is asked, by whom and when, and what the employer owes."""

from collections.abc import Sequence
from datetime import date

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.core.clock import today
from crm.core.i18n import _, show_date
from crm.meetings.inputs import UseInput
from crm.meetings.instruments import attach, choosable, detach, is_open_to_schemes, note_state
from crm.meetings.models import Asker, InstrumentUse, MeetingStatus, UseState
from crm.meetings.queries import MeetingLine
from crm.reference.instruments import contract_term, for_employer, instruments
from web import state
from web.actions import perform
from web.components.links import link, open_here
from web.components.meetings.instrument_rows import draw_copy, draw_facts, draw_state
from web.components.text import literal


def _is_open(line: MeetingLine) -> bool:
    return is_open_to_schemes(line.introduction, met=line.meeting.status is MeetingStatus.HELD)


def draw_open_schemes(line: MeetingLine) -> None:
    """The way from a list of kopkoffies to what is asked for one."""
    if _is_open(line):
        which = line.meeting.id
        open_here(_("Schemes for this placement"), f"schemes-{which}", icon=":material/menu_book:", meeting=which)


def draw_placement(actor: Actor, line: MeetingLine, uses: Sequence[InstrumentUse], placed_on: date | None) -> None:
    """Nothing before both sides want to go on."""
    if not _is_open(line):
        return
    st.header(_("Schemes for this placement"), anchor=False)
    _draw_contract_term(line, placed_on)
    for use in uses:
        _draw_use(use)
    _draw_choice(actor, line.introduction.id, uses)
    if known := [instruments()[use.code] for use in uses if use.code in instruments()]:
        text = "\n\n".join(for_employer(one, today()) for one in known)
        draw_copy(_("All of this for the employer"), text, f"copy-placement-{line.introduction.id}")


def _draw_contract_term(line: MeetingLine, placed_on: date | None) -> None:
    if (term := contract_term(line.company.sbi_code)) is None:
        return
    warning = _(
        "In this trade somebody may be hired in through another company for {n} months at most. "
        "Look in the collective agreement, and agree in time how it goes on."
    ).format(n=term.months)
    if placed_on:
        ends = _("Counted from the placement, that is until {day}.").format(day=show_date(term.ends(placed_on)))
        warning = f"{warning} {ends}"
    st.warning(literal(warning), icon=":material/event_busy:")


def _draw_use(use: InstrumentUse) -> None:
    one = instruments().get(use.code)
    with st.container(border=True, gap="xsmall", key=f"use-{use.id}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{literal(one.name if one else use.code)}**", width="content")
            with st.container(horizontal=True, width="content"):
                st.badge(use.state.label, color="primary" if use.state is UseState.TO_ASK else "gray")
                if one and (one.has_ended or one.is_old(today())):
                    draw_state(one)
        if use.asked_by and use.asked_on:
            asked = _("Asked by: {who}, {day}").format(who=use.asked_by.label.lower(), day=show_date(use.asked_on))
            st.markdown(literal(asked))
        if one:
            draw_facts(one)
        _draw_changes(use)


def _draw_changes(use: InstrumentUse) -> None:
    form = f"use-{use.id}-{use.version}"
    with st.container(horizontal=True):
        with st.popover(_("How far is it?"), icon=":material/edit:", key=f"open-{form}"), st.form(form, border=False):
            _state_fields(form, use)
            st.form_submit_button(
                _("Save"), key=f"save-{form}", on_click=_save, args=(form, use.id), kwargs={"version": use.version}
            )
        if use.state is UseState.TO_ASK:
            st.button(
                _("Take off"),
                key=f"remove-{form}",
                icon=":material/delete:",
                on_click=perform,
                args=(_("Taken off the list."), detach, use.id),
                kwargs={"version": use.version},
            )


def _state_fields(form: str, use: InstrumentUse) -> None:
    st.selectbox(
        _("State"),
        list(UseState),
        index=list(UseState).index(use.state),
        format_func=lambda one: one.label,
        key=f"{form}-state",
    )
    st.selectbox(
        _("Who asked?"),
        list(Asker),
        index=list(Asker).index(use.asked_by) if use.asked_by else None,
        format_func=lambda one: one.label,
        placeholder=_("Choose"),
        key=f"{form}-by",
    )
    st.date_input(_("Asked on"), use.asked_on or today(), format="DD-MM-YYYY", key=f"{form}-on")


def _save(form: str, use_id: int, *, version: int) -> None:
    def note(session: Session, actor: Actor) -> InstrumentUse:
        given = UseInput(
            state=state.value(f"{form}-state"), asked_by=state.value(f"{form}-by"), asked_on=state.value(f"{form}-on")
        )
        return note_state(session, actor, use_id, given, version=version)

    perform(_("Written down."), note)


def _draw_choice(actor: Actor, introduction_id: int, uses: Sequence[InstrumentUse]) -> None:
    free = choosable(uses)
    names = {one.code: one.name for one in free}
    key = f"choose-instrument-{introduction_id}-{len(uses)}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Which scheme or method?"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=_("Choose"),
            key=key,
        )
        st.button(
            _("Put on the list"),
            key=f"attach-instrument-{introduction_id}",
            icon=":material/add:",
            on_click=_attach,
            args=(introduction_id, key),
        )
    link(actor, "instruments", _("To the catalogue"), icon=":material/menu_book:")


def _attach(introduction_id: int, key: str) -> None:
    if state.value(key) is None:
        state.tell("error", _("Choose a scheme or method first."))
        return
    perform(_("On the list: now somebody has to ask it."), attach, introduction_id, state.value(key))
