"""Excel workbooks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet

from crm.companies.importing.errors import DamagedWorkbook, EmptyFile, NotATable, TooLarge
from crm.companies.importing.mapping import find_header, suggest
from crm.companies.importing.table import HEADER_WITHIN, Line, NumberText
from crm.companies.importing.unpacking import is_modest, unpack

LARGEST_UNPACKED = 300_000_000  # some 400,000 rows; reading takes about twice this in memory
EXACT = 10**15  # above this Excel itself has lost digits

Cell = str | float | bool | date | datetime | time | timedelta


@dataclass
class Sheet:
    """One sheet of a workbook, as text."""

    name: str
    content: CalamineSheet
    _line: int = field(default=0, repr=False)

    def lines(self) -> Iterator[Line]:
        for number, cells in enumerate(self.content.iter_rows(), 1):
            self._line = number
            yield Line(number, [cell if type(cell) is str else _as_text(cell) for cell in cells])

    def share_read(self) -> float:
        last = self.content.end[0] + 1 if self.content.end else 1
        return self._line / max(last, self._line)


def open_workbook(path: Path) -> dict[str, Sheet]:
    """The visible sheets that hold anything.

    Raises UnreadableFile when it is another kind of ZIP file, damaged, or far larger than it seems.
    """
    with _told_in_plain_words():
        with ZipFile(path) as package:
            if "xl/workbook.xml" not in package.namelist():
                raise NotATable
            if sum(item.file_size for item in package.infolist()) > LARGEST_UNPACKED:
                raise TooLarge
        if not is_modest(path):
            raise TooLarge
        sheets = {name: Sheet(name, content) for name, content in unpack(path).items()}
    filled = {name: sheet for name, sheet in sheets.items() if sheet.content.end}
    if not filled:
        raise EmptyFile
    return filled


def likeliest(sheets: dict[str, Sheet]) -> str:
    """The sheet whose headings are best understood; the first of equals."""
    return max(sheets, key=lambda name: _known_headings(sheets[name]))


def _known_headings(sheet: Sheet) -> int:
    first = sheet.content.to_python(skip_empty_area=False, nrows=HEADER_WITHIN)
    lines = [[cell if isinstance(cell, str) else "" for cell in cells] for cells in first]
    return len(suggest(lines[find_header(lines)])) if lines else 0


@contextmanager
def _told_in_plain_words() -> Iterator[None]:
    try:
        yield
    except (CalamineError, BadZipFile, OSError, ValueError, KeyError, NotImplementedError) as error:
        raise DamagedWorkbook from error


def _as_text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, int | float):
        whole = abs(cell) < EXACT and cell == int(cell)
        return NumberText(int(cell) if whole else f"{cell:.15g}")
    return str(cell)
