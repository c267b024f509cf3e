"""Lists of work analyses, and the empty form to take along."""

from collections.abc import Sequence

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _, ngettext, show_date
from crm.pipeline.analyses.paper import print_empty
from crm.pipeline.analyses.queries import AnalysisLine, analyses_of_company
from web.components.links import link
from web.components.text import literal


def draw_of_company(actor: Actor, company_id: int) -> None:
    with reading() as session:
        lines = analyses_of_company(session, actor, company_id)
    st.subheader(_("Work analyses"), anchor=False)
    if not lines:
        st.caption(_("No work analysis here yet."))
    draw_lines(actor, lines)
    if actor.may(Permission.JOB_EDIT):
        link(actor, "work_analysis", _("Begin a work analysis"), icon=":material/add:", company=company_id)
    draw_empty_form(actor, company_id)


def draw_lines(actor: Actor, lines: Sequence[AnalysisLine], *, with_company: bool = False) -> None:
    for line in lines:
        with st.container(gap="xxsmall", key=f"analysis-{line.analysis.id}"):
            day = show_date(line.analysis.held_on)
            label = f"{line.company} · {day}" if with_company else day
            link(actor, "work_analysis", label, icon=":material/assignment:", analysis=line.analysis.id)
            tasks = ngettext("{n} task", "{n} tasks", line.tasks).format(n=line.tasks)
            st.caption(" · ".join(literal(word) for word in (line.analysis.way.label, line.made_by, tasks)))


def draw_empty_form(actor: Actor, company_id: int | None = None) -> None:
    def content() -> bytes:
        with reading() as session:
            return print_empty(session, actor, company_id)

    st.download_button(
        _("Empty form to take along (PDF)"),
        content,
        file_name="werkanalyse-leeg.pdf",
        mime="application/pdf",
        key="empty-form",
        icon=":material/print:",
        on_click="ignore",
    )
