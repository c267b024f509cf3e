"""The three zones and the bar, or what to do when there is nobody to call."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.queries import left_to_call
from crm.calling.services import resume, return_to_parked
from crm.core.db import reading
from crm.core.i18n import _, ngettext
from crm.desk.queries import DeskView, Talk, desk_view, talk
from crm.desk.services import next_company
from crm.desk.waiting import Waiting, waiting
from crm.pipeline.models import HiddenJob
from web.actions import perform
from web.components.calls.incoming import draw_incoming_button, draw_incoming_dialog
from web.components.calls.log import draw_log_call_at_desk, draw_log_call_at_desk_button
from web.components.desk.acting import all_drawn, drawn, redraw_all_when_changed
from web.components.desk.bar import draw_bar, left_in_words
from web.components.desk.fits import draw_fits
from web.components.desk.markup import draw
from web.components.desk.outcome import draw_form, draw_notes
from web.components.desk.parked import draw_parked
from web.components.desk.ringing import draw_ringing
from web.components.desk.say import draw_say
from web.components.desk.telephone import draw_telephone
from web.components.desk.who import draw_who, why_now
from web.components.messages import draw_messages
from web.session import current_actor

COLUMNS = (29, 40, 34)


class Zones(NamedTuple):
    """Where the conversation is drawn: what to say, what came of it, who of our people fits."""

    say: DeltaGenerator
    outcome: DeltaGenerator
    people: DeltaGenerator


@st.fragment
def draw_desk() -> None:
    """The next company redraws this, not the menu around it, which is half of the work of the browser."""
    actor = current_actor(Permission.CALL_MAKE)
    all_drawn()
    with reading() as session:
        view = desk_view(session, actor)
        if view is None:
            draw_ringing(actor)
            _draw_waiting(waiting(session, actor))
            return
        left = left_to_call(session, actor)
    if not view.held:
        perform("", resume)
    _draw_call(actor, view, left)


def _draw_call(actor: Actor, view: DeskView, left: int) -> None:
    with st.container(key="desk", gap=None):
        draw("strip.html", why=why_now(view), left=left_in_words(left))
        who, middle, right = st.columns(COLUMNS, gap="xsmall")
        with who, st.container(key="who"):
            draw_ringing(actor)
            draw_telephone(view.talk)
            draw_who(view)
            people = st.container()
        zones = Zones(middle.container(key="say"), right.container(key="outcome"), people)
        notes = zones.outcome.container()
        _draw_talk(actor, iter([view.talk]), view.jobs, zones)  # before the notes: it takes the messages
        with notes:
            draw_notes(view.talk)
        with right:
            draw_bar(view)


@st.fragment
def _draw_talk(actor: Actor, fresh: Iterator[Talk], jobs: Sequence[HiddenJob], zones: Zones) -> None:
    """An answer redraws the question and the form, not the company, the notes and the bar.

    `fresh` gives what the page has just read; when only this part is drawn again it is empty.
    """
    redraw_all_when_changed()
    here = next(fresh, None) or _read(actor)
    if here is None:
        st.rerun()
    drawn()
    draw_messages()
    with zones.say:
        draw_say(here)
    with zones.outcome:
        draw_form(here, jobs)
    with zones.people, st.container():  # its own: nothing written into a zone by a part of a part is ever taken away
        draw_fits(actor, iter([here]))


def _read(actor: Actor) -> Talk | None:
    with reading() as session:
        return talk(session, actor)


def _draw_waiting(now: Waiting) -> None:
    draw_messages()
    st.title(_("Call desk"))
    draw_incoming_dialog()
    draw_log_call_at_desk()
    if now.closed:
        st.info(now.closed)
    if now.callbacks:
        words = ngettext("{n} callback is due.", "{n} callbacks are due.", now.callbacks)
        st.text(words.format(n=now.callbacks))
    if now.refused:
        words = ngettext(
            "{n} callback may not be made now. It stays in your follow-ups.",
            "{n} callbacks may not be made now. They stay in your follow-ups.",
            now.refused,
        )
        st.text(words.format(n=now.refused))
    if now.full:
        words = _("These lists had all their attempts of today, and go on tomorrow: {names}.")
        st.text(words.format(names=", ".join(now.full)))
    draw_parked(now.parked, perform, "", return_to_parked)
    if now.can_start:
        st.text(left_in_words(now.left))
        st.button(
            _("Start calling"),
            key="start",
            type="primary",
            shortcut="Ctrl+Enter",
            on_click=perform,
            args=("", next_company),
        )
    elif not now.closed:
        st.info(_("Nobody is left to call. Look at your follow-ups, or ask for a new list."))
    draw_incoming_button()
    draw_log_call_at_desk_button()
