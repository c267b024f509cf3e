"""What happened with a company and what will: next step, hidden jobs, and the line of all events."""

from collections.abc import Collection, Sequence

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.i18n import _, show_moment
from crm.desk.timeline import Event, Kind, Timeline
from crm.followups.models import FollowUp
from crm.pipeline.models import HiddenJob
from crm.pipeline.stages import stage_name
from web import state
from web.components.calls.correct import draw_correct_button
from web.components.links import link
from web.components.text import literal
from web.components.work_analyses.list import draw_of_company

ICONS = {
    Kind.CALL: ":material/call:",
    Kind.FOLLOW_UP: ":material/event:",
    Kind.JOB: ":material/work_history:",
    Kind.TOUCH: ":material/campaign:",
    Kind.SKIPPED: ":material/skip_next:",
    Kind.REFERRAL: ":material/forum:",
    Kind.TIP: ":material/tips_and_updates:",
}


def draw_next_step(step: FollowUp | None, owner: str) -> None:
    st.subheader(_("Next step"), anchor=False)
    if step is None:
        st.caption(_("Nothing is planned."))
        return
    st.markdown(f"**{step.kind.label}** · {literal(show_moment(step.due_at))} · {literal(owner or _('the team'))}")
    if step.note:
        st.text(step.note)


def draw_jobs(actor: Actor, company_id: int, jobs: Sequence[HiddenJob]) -> None:
    """What was found here, and the work analyses."""
    st.subheader(_("Hidden jobs"), anchor=False)
    if not jobs:
        st.caption(_("No hidden job found here yet."))
    for job in jobs:
        with st.container(horizontal=True, vertical_alignment="center", key=f"job-{job.id}"):
            link(actor, "pipeline", job.title, icon=":material/work_history:", job=job.id)
            st.badge(stage_name(job.pipeline, job.stage), color="gray")
    if actor.may(Permission.JOB_EDIT):
        link(actor, "pipeline", _("Write down a hidden job"), icon=":material/add:", company=company_id)
    draw_of_company(actor, company_id)


def draw_timeline(company_id: int, found: Timeline, shown: int, correctable: Collection[int]) -> None:
    """`shown` is how many events were asked for, `correctable` the calls whose result can be changed."""
    st.subheader(_("What happened before"), anchor=False)
    if not found.events:
        st.caption(_("Never called before."))
    for event in found.events:
        _draw_event(event, may_correct=event.kind is Kind.CALL and event.record_id in correctable)
    if found.more:
        key = f"more-{company_id}"
        st.button(_("Show more"), key=key, type="tertiary", on_click=state.put, args=(shown_key(company_id), shown * 3))


def shown_key(company_id: int) -> str:
    """Where the session keeps how much of the history somebody asked for."""
    return f"history-{company_id}"


def _draw_event(event: Event, *, may_correct: bool) -> None:
    planned = _("planned") if event.planned else ""
    words = [event.when, planned, event.what, event.how, event.who]
    with st.container(gap="xxsmall", key=f"event-{event.kind.name}-{event.record_id}"):
        line = " · ".join(literal(word) for word in words if word)
        st.markdown(f"{ICONS[event.kind]} {line}")
        if event.text and event.text == event.first_line:
            st.text(event.text)
        elif event.text:
            st.text(event.first_line)
            with st.expander(_("All notes")):
                st.text(event.text)
        if may_correct:
            draw_correct_button(event.record_id)
