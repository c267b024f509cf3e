"""The letters to a company that may not be called without consent."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.queries import CompanyCard
from crm.core.clock import local, today
from crm.core.db import reading
from crm.core.i18n import LANGUAGES, _, show_date, show_moment
from crm.outreach.layout import last_day
from crm.outreach.letters import mark_sent, print_letters, write_letter
from crm.outreach.models import Letter, Obstacle, Tongue
from crm.outreach.sender import missing
from web.actions import perform
from web.components.dialogs import close_when, dialog_button, draw_cancel
from web.components.text import literal
from web.session import current_actor

SENT = "letter-sent"
WRITE = "write-letter"


def draw_letters(actor: Actor, card: CompanyCard, letters: list[Letter], obstacle: Obstacle | None) -> None:
    """Nothing for a company that needs no letter and never got one."""
    if not letters and obstacle is Obstacle.CALLABLE:
        return
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(_("Letters"), anchor=False)
            if actor.may(Permission.LETTER_SEND) and obstacle is None and not missing():
                icon = ":material/mail:"
                dialog_button(_("Make a letter"), WRITE, card.company.id, key="ask-letter", icon=icon)
        _draw_why(actor, letters, obstacle)
        for letter in letters:
            _draw_letter(actor, card, letter, obstacle)


def _draw_why(actor: Actor, letters: list[Letter], obstacle: Obstacle | None) -> None:
    if not letters and obstacle is None:
        st.caption(_("In a letter we can ask for consent. The owner answers with a code."))
    if obstacle and obstacle not in {Obstacle.CALLABLE, Obstacle.RECENT}:
        st.caption(_("No letter: {reason}.").format(reason=obstacle.label.lower()))
    if missing() and obstacle is None and actor.may(Permission.LETTER_SEND):
        st.caption(literal(sender_unknown()))


def sender_unknown() -> str:
    names = ", ".join(missing())
    return _("No letter can be made yet. Ask your administrator to set {names}.").format(names=names)


def _draw_letter(actor: Actor, card: CompanyCard, letter: Letter, obstacle: Obstacle | None) -> None:
    with st.container(gap="xxsmall", key=f"letter-{letter.id}"):
        st.markdown(literal(" · ".join(told(letter))))
        if not actor.may(Permission.LETTER_SEND):
            return
        with st.container(horizontal=True):
            if not missing() and obstacle in {None, Obstacle.RECENT, Obstacle.CALLABLE}:
                draw_download(actor, [letter.id], f"brief-{letter.id}.pdf", key=f"print-{letter.id}")
            if letter.sent_on is None:
                label = _("It is in the post")
                dialog_button(label, SENT, card.company.id, letter.id, key=f"sent-{letter.id}", icon=":material/send:")


def told(letter: Letter) -> list[str]:
    """What is known about a letter, in a few words each."""
    words = [_("Made on {day}").format(day=show_date(local(letter.created_at).date()))]
    if letter.sent_on:
        words.append(_("posted on {day}").format(day=show_date(letter.sent_on)))
    if letter.answer and letter.answered_at:
        answered = _("answer on {moment}: {answer}")
        words.append(answered.format(moment=show_moment(letter.answered_at), answer=letter.answer.label))
    else:
        words.append(_("the code works up to and including {day}").format(day=show_date(last_day(letter.expires_at))))
    return words


def draw_download(actor: Actor, letter_ids: list[int], file_name: str, *, key: str) -> None:
    """Printed when somebody asks for it, which is outside the page."""

    def content() -> bytes:
        with reading() as session:
            return print_letters(session, actor, letter_ids, file_name).pdf

    st.download_button(
        _("Download (PDF)"),
        content,
        file_name=file_name,
        mime="application/pdf",
        key=key,
        icon=":material/print:",
        on_click="ignore",
    )


def draw_write(card: CompanyCard, _of: int | None) -> None:
    current_actor(Permission.LETTER_SEND)
    st.text(card.company.name)
    st.write(
        _("The letter has a code of its own, with which the owner says yes or no. Print it, post it, and say so here.")
    )
    language = draw_language("letter-language")
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Make a letter"), type="primary", key="confirm-letter"):
            done = _("The letter is ready. Print it below.")
            close_when(perform(done, write_letter, card.company.id, language), problem)
        draw_cancel()


def draw_language(key: str) -> Tongue:
    chosen: Tongue = st.segmented_control(
        _("Language of the letter"),
        list(Tongue),
        default=Tongue.NL,
        format_func=LANGUAGES.__getitem__,
        required=True,
        key=key,
    )
    return chosen


def draw_sent(card: CompanyCard, letter_id: int | None) -> None:
    current_actor(Permission.LETTER_SEND)
    st.text(card.company.name)
    day = st.date_input(_("Posted on"), today(), max_value=today(), format="DD-MM-YYYY", key="letter-day")
    problem = st.container()
    with st.container(horizontal=True):
        if st.button(_("Save"), type="primary", key="confirm-sent"):
            close_when(perform(_("Saved."), mark_sent, letter_id or 0, day or today()), problem)
        draw_cancel()
