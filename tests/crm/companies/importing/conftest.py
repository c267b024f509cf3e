"""Files as people send them, and importing them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlmodel import Session

from crm.access.actor import Actor
from crm.companies.importing.inputs import ImportInput
from crm.companies.importing.report import Report
from crm.companies.importing.services import import_file

MakeCsv = Callable[..., Path]
Run = Callable[..., Report]


@pytest.fixture
def make_csv(tmp_path: Path) -> MakeCsv:
    """`make_csv("Naam;Telefoon", "Jansen;010-1234567")`"""

    def make(*lines: str, name: str = "lijst.csv", encoding: str = "utf-8", end: str = "\n") -> Path:
        path = tmp_path / name
        path.write_bytes(end.join((*lines, "")).encode(encoding))
        return path

    return make


@pytest.fixture
def make_xlsx(tmp_path: Path) -> Callable[..., Path]:
    """`make_xlsx(Bedrijven=[["Naam", "Telefoon"], ["Jansen", 101234567]])`"""

    def make(**sheets: Sequence[Sequence[Any]]) -> Path:
        book = Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        path = tmp_path / "lijst.xlsx"
        book.save(path)
        return path

    return make


@pytest.fixture
def run(session: Session, coordinator: Actor, tmp_path: Path) -> Run:
    """Import a file into the test's database."""

    def run_import(path: Path, *, session: Session = session, **wishes: Any) -> Report:
        return import_file(session, coordinator, path, ImportInput(**wishes), folder=tmp_path / "report")

    return run_import
