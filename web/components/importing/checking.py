"""The third step: what an import would do, and what a person has to decide."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from math import ceil
from pathlib import Path

import streamlit as st

from crm.companies.importing.inputs import Choice
from crm.companies.importing.report import NearDuplicate, Report
from crm.companies.importing.services import Progress, check_file, import_file
from crm.core.i18n import _, ngettext
from web import state
from web.actions import perform
from web.components.importing import progress
from web.components.importing.progress import Step
from web.components.importing.results import draw_counts, draw_downloads, draw_issues

ON_ONE_PAGE = 5


def draw_check_step(folder: Path) -> None:
    if state.value(progress.START):
        _import(folder)
    elif report := progress.report(folder) or _check(folder):
        _draw_check(report)
    else:
        st.button(_("Back to the columns"), key="import-back", on_click=progress.go_to, args=(Step.COLUMNS,))


def _check(folder: Path) -> Report | None:
    with _bar(_("Checking the file. Nothing is written yet.")) as show:
        report = perform(
            "", check_file, folder / "upload", progress.wishes(folder), folder=folder / "check", progress=show
        )
    if report:
        progress.remember_report(report)
    return report


def _import(folder: Path) -> None:
    """Runs while the page is drawn, to show how far it is. Who goes away in the middle has imported nothing."""
    state.forget(progress.START)
    wishes = progress.wishes(folder, all_or_nothing=bool(state.value("import-all")))
    with _bar(_("Importing. Leave this page open until it is done.")) as show:
        report = perform("", import_file, folder / "upload", wishes, folder=folder / "result", progress=show)
    if report:
        progress.remember_report(report)
        progress.go_to(Step.RESULT)
    st.rerun()


@contextmanager
def _bar(text: str) -> Iterator[Progress]:
    bar = st.progress(0.0, text)
    yield lambda share: bar.progress(min(share, 1.0), text)
    bar.empty()


def _draw_check(report: Report) -> None:
    st.write(_("This is what the import would do. Nothing has been written yet."))
    draw_counts(report)
    _draw_near_duplicates(report)
    draw_issues(report)
    if report.rejected:
        draw_downloads(report)
        st.toggle(_("Only import when all rows are good"), key="import-all")
    with st.container(horizontal=True):
        st.button(
            _("Import now"),
            key="import-start-button",
            type="primary",
            on_click=state.put,
            args=(progress.START, True),
        )
        st.button(_("Back to the columns"), key="import-back", on_click=progress.go_to, args=(Step.COLUMNS,))
        st.button(_("Choose another file"), key="import-again", on_click=progress.start_over)


def _draw_near_duplicates(report: Report) -> None:
    total = report.count_near_duplicates()
    if not total:
        return
    st.subheader(_("Is this the same company?"), anchor=False)
    text = ngettext(
        "{n} row looks like a company we have. Without your decision it is not imported.",
        "{n} rows look like companies we have. Without your decision they are not imported.",
        total,
    )
    st.write(text.format(n=total))
    start = (state.value("import-near-page", 1) - 1) * ON_ONE_PAGE
    for near in report.near_duplicates(start, start + ON_ONE_PAGE):
        _draw_near_duplicate(near)
    if total > ON_ONE_PAGE:
        st.pagination(ceil(total / ON_ONE_PAGE), key="import-near-page")


def _draw_near_duplicate(near: NearDuplicate) -> None:
    decided = progress.decisions().get(near.row)
    with st.container(border=True):
        left, right = st.columns(2)
        for place, heading, lines in (
            (left, _("Line {n} in your file").format(n=near.row), (near.name, near.address, near.number)),
            (
                right,
                _("What it looks like"),
                (near.candidate_name, near.candidate_address, near.candidate_number),
            ),
        ):
            place.caption(heading)
            place.text("\n".join(filter(None, lines)))
        key = f"import-decide-{near.row}"
        st.segmented_control(
            _("Line {n}: what is it?").format(n=near.row),
            list(Choice),
            format_func=lambda choice: choice.label,
            default=decided.choice if decided else None,
            key=key,
            label_visibility="collapsed",
            on_change=partial(_decide, key, near.row, near.candidate),
        )


def _decide(key: str, row: int, candidate: str) -> None:
    progress.decide(row, candidate, state.value(key))
