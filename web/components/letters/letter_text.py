"""The text of the letter: change it, look at it, and see who wrote which version."""

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.core.db import reading
from crm.core.i18n import _, show_moment
from crm.outreach.inputs import LetterTextInput
from crm.outreach.models import LetterText, Tongue
from crm.outreach.texts import current_text, preview, save_text, versions
from crm.outreach.wording import PLACEHOLDERS
from web import state
from web.actions import perform
from web.components.companies.letters import draw_language
from web.components.text import literal

PICTURE = "letter-picture"


def draw_text(actor: Actor) -> None:
    language = draw_language("text-language")
    with reading() as session:
        text = current_text(session, language)
        history = versions(session, actor, language)
    left, right = st.columns(2, gap="medium")
    with left:
        _draw_form(language, text)
        st.markdown(_("In the text you may use:"))
        st.markdown("\n".join(f"- `{{{name}}}` {_(meaning)}" for name, meaning in PLACEHOLDERS.items()))
    with right:
        if picture := state.value(PICTURE):
            st.image(picture, caption=_("This is how the letter is printed."))
        for version in history:
            who = version.writer or _("came with the program")
            st.caption(literal(f"{show_moment(version.text.created_at)} · {who} · {version.text.subject}"))


def _draw_form(language: Tongue, text: LetterText) -> None:
    key = f"text-{language.value}-{text.id or 0}"
    st.text_input(_("Subject"), text.subject, key=f"{key}-subject", max_chars=160)
    st.text_area(_("Letter"), text.body, key=f"{key}-body", max_chars=4000, height=420)
    st.text_area(
        _("What somebody agrees to by saying yes"),
        text.consent,
        key=f"{key}-consent",
        max_chars=1000,
        height=140,
        help=_("These words are on the page behind the code. Exactly these words are kept as evidence."),
    )
    with st.container(horizontal=True):
        about = (language, key)
        st.button(_("Look at it"), key="preview-text", icon=":material/visibility:", on_click=_look, args=about)
        st.button(_("Save"), type="primary", key="save-text", on_click=_save, args=about)


def _given(language: Tongue, key: str) -> LetterTextInput:
    fields = {name: state.value(f"{key}-{name}", "") for name in ("subject", "body", "consent")}
    return LetterTextInput.model_validate({"language": language} | fields)


def _look(language: Tongue, key: str) -> None:
    def look(session: Session, actor: Actor) -> bytes:
        return preview(session, actor, _given(language, key))

    state.put(PICTURE, perform("", look))


def _save(language: Tongue, key: str) -> None:
    def save(session: Session, actor: Actor) -> LetterText:
        return save_text(session, actor, _given(language, key))

    if perform(_("Saved. New letters have this text."), save):
        state.forget(PICTURE)
