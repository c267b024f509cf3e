"""Figures as people read them."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from itertools import pairwise, repeat

import altair as alt
import pandas as pd
import streamlit as st

from crm.calling.models import CallWay
from crm.candidates.models import OutcomeKind
from crm.core.i18n import _, show_day
from crm.core.spreadsheet import harmless
from crm.reporting.models import DayFigures, Funnel, JobSeekerFunnel, ListFigures, Period

UPRIGHT = 20  # days whose names fit side by side


def steps() -> list[str]:
    """The names of the steps, in the order of the fields of Funnel."""
    return [_("Called"), _("Spoken"), _("Work found"), _("Kopkoffie"), _("Placed")]


def funnel_metrics(figures: Funnel) -> None:
    """The steps side by side, each with its share of the step before."""
    counts = astuple(figures)
    shares = [
        f"{count / before:.0%} {_('of the step before')}" if before else None for before, count in pairwise(counts)
    ]
    _metrics(steps(), counts, [None, *shares])


def job_seeker_steps() -> list[str]:
    """The names of the steps, in the order of the fields of JobSeekerFunnel."""
    return [_("Enrolled"), _("Introduced"), _("Had a kopkoffie"), _("At work")]


def job_seeker_metrics(figures: JobSeekerFunnel) -> None:
    if any(astuple(figures)):
        st.subheader(_("Job seekers"), anchor=False)
        _metrics(job_seeker_steps(), astuple(figures), repeat(None))  # no shares: each step has people of its own


def job_seeker_table(period: Period, figures: JobSeekerFunnel) -> pd.DataFrame:
    row = [period.first, period.last, *astuple(figures)]
    return pd.DataFrame([row], columns=[_("From"), _("Up to and including"), *job_seeker_steps()])


def _metrics(names: Sequence[str], counts: Sequence[int], below: Iterable[str | None]) -> None:
    for column, name, count, words in zip(st.columns(len(counts)), names, counts, below, strict=False):
        column.metric(name, count, border=True, delta=words, delta_color="off", delta_arrow="off", height="stretch")


def ways_line(ways: dict[CallWay, int]) -> None:
    """What was written down of calls that were not made at the desk; those we made are among the called."""
    if ways:
        counted = " · ".join(f"{way.label}: {count}" for way, count in ways.items())
        st.caption(_("Not from the desk: {ways}").format(ways=counted))


def outcomes_line(outcomes: dict[OutcomeKind, int]) -> None:
    """What came of it for job seekers, whether by us or not."""
    if outcomes:
        counted = " · ".join(f"{kind.label}: {count}" for kind, count in outcomes.items())
        st.caption(_("What came of it for job seekers: {outcomes}").format(outcomes=counted))


def day_table(days: list[DayFigures]) -> pd.DataFrame:
    return pd.DataFrame([[row.day, *astuple(row.figures)] for row in days], columns=[_("Day"), *steps()])


def list_table(lists: list[ListFigures]) -> pd.DataFrame:
    # People download it, and a spreadsheet would run a name that begins like a formula.
    rows = [[harmless(row.list_name), *astuple(row.figures)] for row in lists]
    return pd.DataFrame(rows, columns=[_("List"), *steps()])


def day_chart(days: list[DayFigures]) -> None:
    """Called and spoken per day as bars; the day is written in words so that weekends are not drawn."""
    called, spoken, *_rest = steps()
    table = pd.DataFrame(
        [
            {_("Day"): show_day(row.day), _("Step"): name, _("Count"): count, "order": place}
            for place, row in enumerate(days)
            for name, count in ((called, row.figures.called), (spoken, row.figures.spoken))
        ]
    )
    # Quiet text of Streamlit's own charts is too pale to read.
    ink = "#c3b5a7" if st.context.theme.type == "dark" else "#66584c"
    axis = alt.Axis(labelAngle=0 if len(days) <= UPRIGHT else -45)
    chart = (
        alt.Chart(table)
        .mark_bar(cornerRadiusTopLeft=3, cornerRadiusTopRight=3)
        .encode(
            x=alt.X(f"{_('Day')}:N", sort=alt.SortField("order"), title=None, axis=axis),
            xOffset=alt.XOffset(f"{_('Step')}:N", sort=[called, spoken]),
            y=alt.Y(f"{_('Count')}:Q", title=None),
            color=alt.Color(f"{_('Step')}:N", sort=[called, spoken], title=None, legend=alt.Legend(orient="top")),
            tooltip=[_("Day"), _("Step"), _("Count")],
        )
        .configure_axis(labelColor=ink)
        .configure_legend(labelColor=ink)
    )
    st.altair_chart(chart, height=300)
