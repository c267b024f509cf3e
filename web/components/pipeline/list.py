"""Hidden jobs as a list, sorted by any column, a page at a time; and as a file."""

from functools import partial
from typing import Any

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.clock import today
from crm.core.db import reading, transaction
from crm.core.i18n import _, show_amount, speaking
from crm.matching.board import Card
from crm.matching.export import FileKind, export_jobs
from crm.matching.job_list import Column, JobPage, Sort, job_page, sortable
from crm.pipeline.inputs import BoardFilters
from crm.pipeline.stages import stage_name
from web import state
from web.components.address import PAGE, asked_page, draw_pages
from web.components.browser import browser_component
from web.components.pipeline.filters import SORT, draw_nothing, open_job
from web.components.pipeline.words import age, days, jobs_counted, level, reason, step

_LIST = browser_component("job_list", __file__, "elements")
KEY = "job-list"
MIME = {
    FileKind.CSV: "text/csv",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def draw_list(actor: Actor, filters: BoardFilters) -> None:
    sort = _asked_sort()
    with reading() as session:
        page = job_page(session, actor, filters, sort, asked_page())
    if not page.total:
        draw_nothing(filters)
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.text(_counted(page))
        if actor.may(Permission.REPORT_VIEW):
            _draw_downloads(actor, filters)
    columns = [column for column in Column if column is not Column.KIND or not filters.pipeline]
    data = {
        "label": _("Hidden jobs"),
        "columns": [_column(column, sort, sortable(actor)) for column in columns],
        "rows": [_row(card, columns) for card in page.cards],
        "opens": actor.may(Permission.COMPANY_VIEW),
        "words": {"sort": _("Sort by “{column}”")},
    }
    _LIST(key=KEY, data=data, on_sorted_change=_sort, on_opened_change=_opened)
    draw_pages(page.pages, page.number)


def _counted(page: JobPage) -> str:
    """What goes on and what has ended apart: the choices above count only the first."""
    going_on = jobs_counted(page.total - page.ended)
    return f"{going_on} · {_('{n} ended').format(n=page.ended)}" if page.ended else going_on


def _asked_sort() -> Sort:
    """`?sort=town`, or `?sort=-town` the other way round; what does not exist asks for the usual order."""
    text = st.query_params.get(SORT, "")
    name = text.removeprefix("-")
    return Sort(Column(name), text.startswith("-")) if name in set(Column) else Sort()


def _column(column: Column, sort: Sort, possible: list[Column]) -> dict[str, str | None]:
    direction = "descending" if sort.descending else "ascending"
    sorted_now = direction if column is sort.column else ""
    return {"code": column, "label": column.label, "sorted": sorted_now if column in possible else None}


def _row(card: Card, columns: list[Column]) -> dict[str, Any]:
    shown = card.shown
    told = {
        Column.TITLE: shown.title,
        Column.EMPLOYER: shown.employer,
        Column.TOWN: shown.town,
        Column.HOURS: show_amount(shown.job.hours_per_week) if shown.job.hours_per_week else "",
        Column.DAYS: days(shown),
        Column.REASON: reason(shown),
        Column.KIND: shown.job.pipeline.label,
        Column.STAGE: stage_name(shown.job.pipeline, shown.job.stage),
        Column.AGE: age(shown),
        Column.INTRODUCED: str(card.people.made or ""),
        Column.STEP: step(card),
        Column.OWNER: shown.owner,
    }
    return {"id": shown.job.id, "cells": [told[column] for column in columns], "level": level(shown)}


def _sort() -> None:
    asked = state.value(KEY)["sorted"]
    st.query_params.pop(PAGE, None)
    st.query_params[SORT] = f"{'-' if asked['descending'] else ''}{Column(asked['column']).value}"


def _opened() -> None:
    open_job(int(state.value(KEY)["opened"]["job_id"]))


def _draw_downloads(actor: Actor, filters: BoardFilters) -> None:
    with st.container(horizontal=True, width="content"):
        for kind, label in ((FileKind.CSV, _("Download as CSV")), (FileKind.XLSX, _("Download for Excel"))):
            st.download_button(
                label,
                partial(_content, actor, filters, kind),
                file_name=f"verborgen-banen-{today():%Y-%m-%d}.{kind}",
                mime=MIME[kind],
                key=f"download-{kind}",
                icon=":material/download:",
                on_click="ignore",
            )


def _content(actor: Actor, filters: BoardFilters, kind: FileKind) -> bytes:
    """Made when somebody asks for it, in a thread of its own, which knows no language."""
    with speaking(actor.language), transaction() as session:
        return export_jobs(session, actor, filters, kind)
