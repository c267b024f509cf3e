"""What an import does or did: counts, problems, and files to take away."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from crm.access.actor import Actor
from crm.companies.importing.report import Report
from crm.core.i18n import _, ngettext
from crm.core.spreadsheet import harmless
from web.components.importing import progress
from web.components.links import link

SHOWN_ISSUES = 200


def draw_counts(report: Report) -> None:
    figures = {
        _("Rows"): report.rows,
        _("New"): report.created,
        _("Added to"): report.updated,
        _("Already complete"): report.unchanged,
        _("Double"): report.duplicates,
        _("Rejected"): report.rejected,
    }
    for place, (label, number) in zip(st.columns(len(figures)), figures.items(), strict=True):
        place.metric(label, number)


def draw_issues(report: Report) -> None:
    issues = list(report.issues(stop=SHOWN_ISSUES))
    if not issues:
        st.success(_("There is nothing wrong with this file."))
        return
    st.subheader(_("What we noticed"), anchor=False)
    st.dataframe(
        [
            {
                _("Line"): item["row"] or None,
                _("Column"): harmless(item["column"]),  # this too can be downloaded
                _("Value"): harmless(item["value"]),
                _("Problem"): item["message"],
            }
            for item in issues
        ],
        hide_index=True,
        key="import-issues",
    )
    if len(issues) == SHOWN_ISSUES:
        st.caption(_("These are the first {n}. The report has all of them.").format(n=SHOWN_ISSUES))


def draw_downloads(report: Report) -> None:
    with st.container(horizontal=True):
        if report.rejected_rows.exists():
            _download(_("Rejected rows (CSV)"), report.rejected_rows, "import-rejected", lambda path: None)
        _download(_("Report (CSV)"), report.folder / "report.csv", "import-report-csv", report.save_issues)
        _download(_("Report (JSON)"), report.folder / "report.json", "import-report-json", report.save)


def _download(label: str, path: Path, key: str, make: Callable[[Path], None]) -> None:
    def content() -> bytes:
        make(path)
        return path.read_bytes()

    st.download_button(label, content, file_name=path.name, key=key, icon=":material/download:", on_click="ignore")


def draw_result_step(actor: Actor, folder: Path) -> None:
    report = progress.report(folder)
    if report is None:
        return
    if report.written:
        added = ngettext("{n} company is added.", "{n} companies are added.", report.created).format(n=report.created)
        st.success(f"{added} {_('You can choose them for a call list now.') if report.created else ''}")
    else:
        st.error(_("Nothing was imported, because not all rows are good. Correct the rejected rows and try again."))
    draw_counts(report)
    draw_downloads(report)
    draw_issues(report)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("Import another file"), key="import-again", type="primary", on_click=progress.start_over)
        link(actor, "companies", _("To the companies"), icon=":material/store:")
