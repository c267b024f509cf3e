"""Cells that go to Excel, and the files they are in."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.workbook.workbook import Workbook

Cell = str | int | float | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER_SIGNS = frozenset("0123456789 +-().,/")


def harmless(cell: str) -> str:
    """The cell so that a spreadsheet does not run it as a formula.

    What could be a formula gets an apostrophe in front. A telephone number such as `+31 10 1234567` stays as it
    came: out of digits and signs alone nothing harmful can be made, and people want to import the file again.
    """
    if cell.startswith(_FORMULA_STARTS) and not _NUMBER_SIGNS.issuperset(cell):
        return "'" + cell
    return cell


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """As a Dutch Excel opens it: semicolons, and a mark that says it is UTF-8."""
    text = StringIO()
    csv.writer(text, delimiter=";").writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet, whose first row stays in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_safe(cell) for cell in row])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _safe(cell: Cell) -> Cell:
    """A workbook takes no control characters."""
    return harmless(ILLEGAL_CHARACTERS_RE.sub("", cell)) if isinstance(cell, str) else cell
