"""A question about the benefit of a job seeker, on paper."""

from collections.abc import Sequence

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.candidates.models import Candidate
from crm.core.db import reading
from crm.core.i18n import _
from crm.matching.benefit_question import Authority, benefit_question, work_to_ask_about
from crm.matching.queries import IntroductionLine
from web.components.text import literal


def draw_benefit_question(actor: Actor, person: Candidate, introduced: Sequence[IntroductionLine]) -> None:
    """For work that somebody was introduced for; without any there is nothing to ask yet."""
    lines = work_to_ask_about(introduced)
    if not (lines and actor.may(Permission.CANDIDATE_EDIT)):
        return
    with st.expander(_("Afraid to lose a benefit? Ask it on paper"), icon=":material/mark_email_unread:"):
        st.caption(
            _("A letter from {name} with the right questions. UWV or the municipality answers.").format(
                name=literal(person.name)
            )
        )
        authority: Authority = st.segmented_control(
            _("To whom?"),
            list(Authority),
            required=True,
            default=Authority.UWV,
            format_func=lambda one: one.label,
            key=f"benefit-authority-{person.id}",
        )
        titles = {line.job.id: line.job.title for line in lines}
        chosen = st.multiselect(
            _("About which work?"),
            list(titles),
            list(titles),
            format_func=titles.__getitem__,
            key=f"benefit-work-{person.id}",
        )
        if chosen:
            _draw_download(actor, person.id, authority, chosen)
        else:
            st.caption(_("Choose the work that the question is about."))


def _draw_download(actor: Actor, candidate_id: int, authority: Authority, job_ids: Sequence[int]) -> None:
    def content() -> bytes:
        with reading() as session:
            return benefit_question(session, actor, candidate_id, authority, job_ids)

    st.download_button(
        _("Download the letter (PDF)"),
        content,
        file_name="vraag-over-uitkering.pdf",
        mime="application/pdf",
        key=f"benefit-question-{candidate_id}",
        icon=":material/print:",
        on_click="ignore",
    )
