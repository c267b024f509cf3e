"""How the desk is doing: from called to placed, per day and per list, and the best hours to call."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from crm.access.permissions import Permission
from crm.core.clock import today
from crm.core.db import reading
from crm.core.i18n import _
from crm.core.spreadsheet import as_csv
from crm.reporting.job_seekers import job_seeker_funnel, outcomes
from crm.reporting.models import Period
from crm.reporting.queries import by_way, funnel, per_day, per_list
from web.components.best_hours import draw_best_hours
from web.components.figures import (
    day_chart,
    day_table,
    funnel_metrics,
    job_seeker_metrics,
    job_seeker_table,
    list_table,
    outcomes_line,
    ways_line,
)
from web.components.letters.touch_report import draw_touch_effect
from web.session import current_actor

actor = current_actor(Permission.REPORT_VIEW)
st.title(_("Dashboard"), anchor=False)


def chosen_period() -> Period:
    end = today()
    spans = {_("Today"): 0, _("7 days"): 6, _("4 weeks"): 27, _("3 months"): 90}
    choice = st.segmented_control(
        _("Period"), list(spans), default=list(spans)[2], required=True, key="period", label_visibility="collapsed"
    )
    return Period(end - timedelta(days=spans[choice]), end)


period = chosen_period()
with reading() as session:
    total = funnel(session, actor, period)
    days = per_day(session, actor, period)
    lists = per_list(session, actor, period)
    ways = by_way(session, actor, period)
    people = job_seeker_funnel(session, actor, period)
    came_of_it = outcomes(session, actor, period)

funnel_metrics(total)
ways_line(ways)
job_seeker_metrics(people)
outcomes_line(came_of_it)


def draw_download(label: str, table: pd.DataFrame, name: str) -> None:
    rows = as_csv([list(table.columns), *table.values.tolist()])
    st.download_button(label, rows, name, "text/csv", on_click="ignore")


def draw_figures() -> None:
    st.subheader(_("Per day"), anchor=False)
    day_chart(days)
    st.subheader(_("Per list"), anchor=False)
    st.dataframe(list_table(lists), hide_index=True, key="per-list")
    with st.container(horizontal=True):
        draw_download(_("Download per day (CSV)"), day_table(days), "per-dag.csv")
        draw_download(_("Download per list (CSV)"), list_table(lists), "per-lijst.csv")
        draw_download(_("Download job seekers (CSV)"), job_seeker_table(period, people), "werkzoekenden.csv")


if days:
    draw_figures()
    draw_touch_effect(actor, period)
else:
    st.info(_("Nothing happened in this period yet. As soon as somebody calls, you see it here."))
draw_best_hours(actor)
