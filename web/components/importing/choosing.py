"""The first two steps: which file, and what each of its columns holds."""

from pathlib import Path

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.importing import uploads
from crm.companies.importing.errors import UnreadableFile
from crm.companies.importing.inputs import CompanyField
from crm.companies.importing.mapping import check
from crm.companies.importing.queries import Column, Preview, look_into
from crm.core.errors import CrmError
from crm.core.i18n import _
from web import state
from web.components.importing import progress
from web.components.text import literal
from web.session import current_actor

KINDS = ["csv", "tsv", "txt", "xlsx", "xlsm"]
WIDTHS = [3, 4, 3]


def draw_file_step() -> None:
    st.write(_("Take a list from Excel or a CSV file. It needs at least a column with names and one with numbers."))
    st.text_input(
        _("Where do these numbers come from?"),
        key="import-source",
        max_chars=120,
        placeholder=_("For example: website of the business park, phone book, own relations"),
        help=_("People ask callers how we got their number. The answer is kept with every number."),
    )
    st.file_uploader(_("The file"), type=KINDS, key="import-file", max_upload_size=50)
    st.button(_("Next"), key="import-next", type="primary", on_click=_take_file)


def _take_file() -> None:
    current_actor(Permission.COMPANY_IMPORT)
    source, upload = str(state.value("import-source", "")).strip(), state.value("import-file")
    if not source:
        state.tell("error", _("Fill in where these numbers come from."))
    elif upload is None:
        state.tell("error", _("Choose a file first."))
    else:
        progress.start_over()
        progress.begin(uploads.keep(upload, upload.name), source)


def draw_columns_step(actor: Actor, folder: Path) -> None:
    try:
        preview = look_into(actor, folder / "upload", progress.sheet())
    except UnreadableFile as error:
        st.error(str(error))
        st.button(_("Choose another file"), key="import-again", on_click=progress.start_over)
        return
    st.write(_("This is what we think the columns hold. Look whether it is right, and change what is not."))
    _draw_sheets(preview)
    with st.container(border=True):
        headings = (_("Column in your file"), _("First values"), _("What is in it"))
        for place, heading in zip(st.columns(WIDTHS), headings, strict=True):
            place.markdown(f"**{heading}**")
        settled = progress.settled_columns()
        for column in preview.columns:
            _draw_column(column, column.field if settled is None else settled.get(column.index))
    with st.container(horizontal=True):
        st.button(_("Check the file"), key="import-check", type="primary", on_click=_settle, args=(preview,))
        st.button(_("Choose another file"), key="import-again", on_click=progress.start_over)


def _draw_sheets(preview: Preview) -> None:
    if len(preview.sheets) > 1:
        st.selectbox(
            _("Sheet"),
            preview.sheets,
            index=preview.sheets.index(preview.sheet or ""),
            key="import-sheet",
            on_change=_change_sheet,
        )


def _change_sheet() -> None:
    state.forget(*state.keys("import-column-"))
    progress.choose_sheet(state.value("import-sheet"))


def _draw_column(column: Column, field: CompanyField | None) -> None:
    header, samples, choice = st.columns(WIDTHS, vertical_alignment="center")
    name = column.header or _("Column {n}").format(n=column.index + 1)
    header.text(name)
    samples.text(" · ".join(column.samples) or "–")
    fields = list(CompanyField)
    choice.selectbox(
        _("Column “{name}” holds").format(name=literal(name)),
        fields,
        index=fields.index(field) if field else None,
        format_func=lambda item: item.label,
        placeholder=_("Do not read"),
        key=f"import-column-{column.index}",
        label_visibility="collapsed",
    )


def _settle(preview: Preview) -> None:
    current_actor(Permission.COMPANY_IMPORT)
    chosen = {column.index: state.value(f"import-column-{column.index}") for column in preview.columns}
    columns = {index: CompanyField(field) for index, field in chosen.items() if field}
    try:
        check(columns, [column.header for column in preview.columns])
    except CrmError as error:
        state.tell("error", str(error))
    else:
        progress.settle_columns(columns)
