"""Work for one job seeker: a call list, what fits, and where they were introduced."""

from functools import partial

import streamlit as st

from crm.access.actor import Actor
from crm.candidates.queries import CandidateCard
from crm.core.db import reading
from crm.core.i18n import _
from crm.matching.queries import IntroductionLine, introductions_of
from crm.matching.suggestion_log import suggested_to
from crm.matching.work import jobs_for
from web.components.candidates.benefit_question import draw_benefit_question
from web.components.candidates.fitting_work import draw_fitting_jobs
from web.components.candidates.profile import may_look
from web.components.candidates.uncalled import draw_uncalled
from web.components.links import link
from web.components.pipeline.suggested import draw_log
from web.components.text import literal


def draw_work(actor: Actor, card: CandidateCard) -> None:
    person, looking = card.candidate, may_look(card.candidate)
    with reading() as session:
        introduced = introductions_of(session, actor, person.id)
        fitting = jobs_for(session, actor, person.id) if looking else []
    left, right = st.columns(2, gap="medium")
    with left:
        if looking:
            draw_fitting_jobs(actor, person.id, fitting)
        else:
            st.info(_("Work is looked for once this job seeker is looking for work and has agreed to it."))
    with right:
        draw_uncalled(actor, person)
        _draw_introduced(actor, introduced)
        draw_log(actor, partial(suggested_to, candidate_id=person.id), of_job=False)
        draw_benefit_question(actor, person, introduced)


def _draw_introduced(actor: Actor, lines: list[IntroductionLine]) -> None:
    st.subheader(_("Introduced for"), anchor=False)
    if not lines:
        st.caption(_("Not introduced yet. Open a hidden job to see who fits."))
    for line in lines:
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                link(actor, "pipeline", line.job.title, job=line.job.id)
                st.badge(line.introduction.status.label, color="gray")
            st.caption(literal(f"{line.company.name} · {line.company.town}"))
            if line.introduction.decline_reason:
                st.text(_("Reason: {reason}").format(reason=line.introduction.decline_reason))
