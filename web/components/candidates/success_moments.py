"""Moments of success: what went well, in somebody's own words. They are shared only with consent."""

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.log import CandidateLog, let_share, note_moment, remove_entry
from crm.candidates.log_inputs import MomentInput
from crm.candidates.models import SuccessMoment
from crm.candidates.rules import doubtful_words
from crm.core.clock import today
from crm.core.i18n import _, show_date
from web import state
from web.actions import perform
from web.components.meetings.instrument_rows import draw_copy
from web.components.text import literal
from web.components.versions import begin_form

FORM = "moment-new"


def draw_moments(actor: Actor, candidate_id: int, log: CandidateLog) -> None:
    st.subheader(_("Moments of success"), anchor=False)
    if not log.moments:
        st.caption(_("None yet. Ask what went well this week, however small."))
    may_write = actor.may(Permission.CANDIDATE_EDIT)
    for moment in log.moments:
        with st.container(border=True, gap="xsmall", key=f"moment-{moment.id}"):
            st.text(f"“{moment.words}”")
            st.caption(show_date(moment.day))
            for warning in doubtful_words(moment.words):
                st.warning(literal(warning), icon=":material/edit_note:")
            _draw_sharing(moment, log)
            if may_write:
                _draw_buttons(moment)
    if may_write:
        _draw_form(candidate_id)


def _draw_sharing(moment: SuccessMoment, log: CandidateLog) -> None:
    if log.may_be_shared(moment):
        st.badge(_("May be shared"), icon=":material/check:", color="green")
        draw_copy(_("Copy"), moment.words, f"copy-moment-{moment.id}")
    elif moment.may_share:
        st.badge(_("Consent to tell the story is missing"), icon=":material/front_hand:", color="orange")
    else:
        st.badge(_("Stays between us"), icon=":material/lock:", color="gray")


def _draw_buttons(moment: SuccessMoment) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Do not share after all") if moment.may_share else _("Wants to share this"),
            key=f"share-moment-{moment.id}",
            type="tertiary",
            on_click=perform,
            args=(_("Written down."), let_share, moment.id, not moment.may_share),
            kwargs={"version": moment.version},
        )
        with st.popover(_("Remove"), type="tertiary", key=f"ask-remove-moment-{moment.id}"):
            st.markdown(_("This cannot be undone."))
            st.button(
                _("Remove this"),
                key=f"remove-moment-{moment.id}",
                on_click=perform,
                args=(_("Removed."), remove_entry, SuccessMoment, moment.id),
            )


def _draw_form(candidate_id: int) -> None:
    begin_form(FORM, 0, {"words": "", "day": today(), "may_share": False})
    with st.form("moment-form"):
        st.text_area(_("What went well, in their own words"), key=f"{FORM}-words", max_chars=1000, height=90)
        st.date_input(_("Day"), format="DD-MM-YYYY", key=f"{FORM}-day")
        st.checkbox(_("Others may read this"), key=f"{FORM}-may_share")
        st.form_submit_button(_("Save"), key="moment-save", on_click=_save, args=(candidate_id,))


def _save(candidate_id: int) -> None:
    def save(session: Session, actor: Actor) -> SuccessMoment:
        given = MomentInput(**{name: state.value(f"{FORM}-{name}") for name in MomentInput.model_fields})
        return note_moment(session, actor, candidate_id, given)

    if perform(_("Written down."), save):
        state.forget(*state.keys(f"{FORM}-"))
