"""Letters to many companies: choose them, see who gets none and why; make them, print them, say they are posted."""

from functools import partial
from math import ceil

import pandas as pd
import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.inputs import ListFilters
from crm.core.clock import local, today
from crm.core.db import reading
from crm.core.i18n import _, ngettext, show_date
from crm.outreach.inputs import MOST_LETTERS, MailingInput
from crm.outreach.mailings import (
    MailingPreview,
    MailingRow,
    letter_ids,
    mailings,
    make_letters,
    mark_mailing_sent,
    preview,
    start_mailing,
)
from crm.outreach.models import Mailing
from crm.outreach.sender import missing
from web import state
from web.actions import perform
from web.components.call_lists.about import companies_in, whole
from web.components.companies.letters import draw_download, draw_language
from web.components.dialogs import close_when, dialog_button, draw_cancel, opened, show_dialog
from web.components.letters.mailing_link import PREFIX
from web.components.links import open_here
from web.components.place_choice import draw_place_choice, read_filters
from web.components.text import literal
from web.session import current_actor

PAGE_SIZE = 8
PAGE = "mailing-page"
NAME, MOST, QUIET, LANGUAGE = "mailing-name", "mailing-most", "mailing-quiet", "mailing-language"
MAKING = "mailing-making"  # the mailing whose letters are being made while the page is drawn
SENT = "mailing-sent"
VIEW = "letters-view"
QUIET_CHOICES = (30, 90, 180, 365, 730)


def draw_new_mailing(actor: Actor) -> None:
    open_here(_("Back to the letters"), "back", icon=":material/arrow_back:")
    st.title(_("New mailing"), anchor=False)
    left, right = st.columns([5, 6], gap="medium")
    with left, st.container(border=True, gap="small"):
        given = _draw_choice(actor)
    with right:
        filters = read_filters(given)
        if filters is None:
            return
        with reading() as session, st.spinner(_("Counting …")):
            seen = preview(session, actor, filters, state.value(QUIET, QUIET_CHOICES[2]))
        _draw_preview(seen)
        if seen.ready and not missing():
            _draw_start(filters)


def _draw_choice(actor: Actor) -> dict[str, object]:
    st.subheader(_("Which companies?"), anchor=False)
    chosen = draw_place_choice(actor, PREFIX)
    st.selectbox(
        _("Not who got a letter from us in the last"),
        QUIET_CHOICES,
        index=2,
        format_func=lambda days: ngettext("{n} day", "{n} days", days).format(n=days),
        key=QUIET,
    )
    return chosen


def _draw_preview(seen: MailingPreview) -> None:
    with st.container(border=True, gap="small", key="mailing-preview"):
        total, ready = st.columns(2)
        total.metric(_("Companies found"), whole(seen.total))
        ready.metric(_("Can get a letter"), whole(seen.ready))
        if not seen.ready:
            st.info(_("Nobody of this choice can get a letter. Choose more widely."))
        if seen.left_out:
            st.markdown(f"**{_('Get no letter')}**")
            reasons = [(why.label, whole(n)) for why, n in seen.left_out]
            st.table(pd.DataFrame(reasons, columns=[_("Why not"), _("Companies")]).set_index(_("Why not")))


def _draw_start(filters: ListFilters) -> None:
    with st.container(border=True, gap="small"):
        st.text_input(_("Name of the mailing"), key=NAME, max_chars=120, placeholder=_("Bakers in Dordrecht"))
        st.number_input(
            _("At most how many letters?"), min_value=1, max_value=MOST_LETTERS, value=100, step=10, key=MOST
        )
        draw_language(LANGUAGE)
        st.button(_("Make the letters"), type="primary", key="start-mailing", on_click=_start, args=(filters,))


def _start(filters: ListFilters) -> None:
    def start(session: Session, actor: Actor) -> Mailing:
        given = {"name": state.value(NAME), "most": state.value(MOST), "quiet_days": state.value(QUIET)}
        return start_mailing(session, actor, MailingInput(**given, filters=filters, language=state.value(LANGUAGE)))

    if mailing := perform("", start):
        state.put(MAKING, mailing.id)
        state.put(VIEW, "mailings")
        st.query_params.clear()


def draw_mailings(actor: Actor) -> None:
    if mailing_id := state.value(MAKING):
        _make(mailing_id)
    if not missing():
        open_here(_("New mailing"), "new-mailing", icon=":material/stacked_email:", kind="primary", new=1)
    with reading() as session:
        rows, total = mailings(session, actor, state.value(PAGE, 1), PAGE_SIZE)
    if not rows:
        st.info(_("No mailing yet. With one you write to many companies that may not be called without consent."))
    for row in rows:
        _draw_mailing(actor, row)
    if total > PAGE_SIZE:
        st.pagination(ceil(total / PAGE_SIZE), key=PAGE)


def _make(mailing_id: int) -> None:
    """Some letters at a time, each time kept: who goes away in the middle goes on later where it stopped."""
    text = _("Making the letters …")
    bar, most = st.progress(0.0, text), 0
    while waiting := perform("", make_letters, mailing_id) or 0:
        most = max(most, waiting)
        bar.progress(1 - waiting / (most + 1), text)
    bar.empty()
    state.forget(MAKING)


def _draw_mailing(actor: Actor, row: MailingRow) -> None:
    mailing = row.mailing
    with st.container(border=True, gap="small", key=f"mailing-{mailing.id}"):
        st.markdown(f"**{literal(mailing.name)}**")
        st.caption(literal(" · ".join(_told(row))))
        with st.container(horizontal=True):
            if row.waiting:
                label = _("Make the other letters")
                st.button(label, key=f"go-on-{mailing.id}", on_click=state.put, args=(MAKING, mailing.id))
            elif row.made and not missing():
                with reading() as session:
                    ids = letter_ids(session, actor, mailing.id)
                draw_download(actor, ids, f"brieven-{mailing.id}.pdf", key=f"print-{mailing.id}")
                icon = ":material/send:"
                dialog_button(_("They are in the post"), SENT, mailing.id, key=f"sent-{mailing.id}", icon=icon)
    if opened() == (SENT, (mailing.id,)):
        show_dialog(_("When were they posted?"), partial(_draw_sent, mailing))


def _told(row: MailingRow) -> list[str]:
    mailing = row.mailing
    words = [_("Made on {day}").format(day=show_date(local(mailing.created_at).date()))]
    words.append(ngettext("{n} letter", "{n} letters", row.made).format(n=row.made))
    if row.waiting:
        words.append(_("{companies} still to do").format(companies=companies_in(row.waiting)))
    if row.left_out:
        words.append(_("{companies} dropped out meanwhile").format(companies=companies_in(row.left_out)))
    if mailing.sent_on:
        words.append(_("posted on {day}").format(day=show_date(mailing.sent_on)))
    words += [f"{answer.label}: {n}" for answer, n in row.answers.items()]
    return words


def _draw_sent(mailing: Mailing) -> None:
    current_actor(Permission.LETTER_SEND)
    st.text(mailing.name)
    day = st.date_input(_("Posted on"), today(), max_value=today(), format="DD-MM-YYYY", key="mailing-day")
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Save"), type="primary", key="confirm-mailing-sent"):
            close_when(perform(_("Saved."), mark_mailing_sent, mailing.id, day or today()), problem)
        draw_cancel()
