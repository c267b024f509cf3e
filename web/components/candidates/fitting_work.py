"""Work for one job seeker: the jobs that fit."""

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.i18n import _
from crm.matching.services import introduce
from crm.matching.suggesting import Shown
from crm.matching.work import FittingJob
from web.actions import perform
from web.components.links import link, open_here
from web.components.pipeline.introduction import draw_how_we_reckon, draw_reasons, draw_score
from web.components.pipeline.suggested import draw_refusal, note
from web.components.text import literal


def draw_fitting_jobs(actor: Actor, candidate_id: int, found: list[FittingJob]) -> None:
    st.subheader(_("Which work fits?"), anchor=False)
    if not found:
        st.caption(_("No open hidden jobs at the moment."))
        return
    draw_how_we_reckon()
    for one in found:
        label = f"**{literal(one.job.title)}** · {literal(f'{one.score.total} · {one.score.short}')}"
        with st.expander(label, key=f"fits-{one.job.id}"):
            draw_job(actor, one)
            with st.container(horizontal=True, vertical_alignment="center"):
                _draw_introduce(actor, candidate_id, one)
                draw_refusal(actor, one.job.id, candidate_id)
    note(actor, [Shown(one.job.id, candidate_id, one.score) for one in found])
    open_here(_("Put small jobs together"), "to-weeks", icon=":material/stacks:", candidate=candidate_id, week=1)


def draw_job(actor: Actor, one: FittingJob) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        link(actor, "pipeline", one.job.title, bold=True, job=one.job.id)
        draw_score(one.score.total)
    st.caption(literal(" · ".join(part for part in (one.company.name, one.company.town) if part)))
    if one.other_trade:
        other = _("Another trade: {trade}").format(trade=one.other_trade)
        st.badge(literal(other), icon=":material/explore:", color="violet")
    draw_reasons([part.as_kept() for part in one.score.parts])


def _draw_introduce(actor: Actor, candidate_id: int, one: FittingJob) -> None:
    if actor.may(Permission.INTRODUCE):
        st.button(
            _("Introduce"),
            key=f"introduce-for-{one.job.id}",
            icon=":material/handshake:",
            on_click=perform,
            args=(_("Introduced for “{title}”.").format(title=one.job.title), introduce, one.job.id, candidate_id),
        )
