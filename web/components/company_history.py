"""What happened with a company and what will: next step, hidden jobs, calls."""

from collections.abc import Sequence

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.models import CallWay
from crm.calling.queries import PastCall
from crm.core.i18n import _, show_moment
from crm.followups.models import FollowUp
from crm.pipeline.models import HiddenJob
from crm.reference.queries import dispositions
from web.components.links import link
from web.components.text import literal


def draw_next_step(step: FollowUp | None, owner: str) -> None:
    st.subheader(_("Next step"), anchor=False)
    if step is None:
        st.caption(_("Nothing is planned."))
        return
    st.markdown(f"**{step.kind.label}** · {literal(show_moment(step.due_at))} · {literal(owner or _('the team'))}")
    if step.note:
        st.text(step.note)


def draw_jobs(actor: Actor, company_id: int, jobs: Sequence[HiddenJob]) -> None:
    st.subheader(_("Hidden jobs"), anchor=False)
    if not jobs:
        st.caption(_("No hidden job found here yet."))
    for job in jobs:
        with st.container(horizontal=True, vertical_alignment="center", key=f"job-{job.id}"):
            link(actor, "pipeline", job.title, icon=":material/work_history:", job=job.id)
            st.badge(job.stage.label, color="gray")
    if actor.may(Permission.JOB_EDIT):
        link(actor, "pipeline", _("Write down a hidden job"), icon=":material/add:", company=company_id)


def draw_calls(calls: Sequence[PastCall]) -> None:
    st.subheader(_("Calls"), anchor=False)
    if not calls:
        st.caption(_("Never called before."))
    for past in calls:
        result = dispositions().get(past.call.disposition or "")
        moment = show_moment(past.call.ended_at or past.call.created_at)
        way = "" if past.call.way is CallWay.DESK else past.call.way.label
        words = [moment, past.caller, way, result.name if result else past.call.disposition or _("not finished")]
        with st.container(gap="xxsmall", key=f"past-{past.call.id}"):
            st.markdown(" · ".join(literal(word) for word in words if word))
            if past.call.notes:
                st.text(past.call.notes)
