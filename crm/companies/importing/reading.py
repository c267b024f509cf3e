"""Opening a file, whatever it is really; its name is not trusted."""

from pathlib import Path

from crm.companies.importing.errors import EmptyFile, FileMissing, NotATable, OldExcel
from crm.companies.importing.table import Table
from crm.companies.importing.textfile import TextFile
from crm.companies.importing.workbook import likeliest, open_workbook

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_FILES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"SQLite format 3",
)


def open_table(path: Path, sheet: str | None = None) -> Table:
    """A CSV file or a sheet of a workbook. Raises UnreadableFile with advice for anything else."""
    start = _first_bytes(path)
    if not start:
        raise EmptyFile
    if start.startswith(ZIP):
        sheets = open_workbook(path)
        chosen = sheet if sheet in sheets else likeliest(sheets)
        return Table(sheets[chosen], tuple(sheets), chosen)
    if start.startswith(OLD_EXCEL):
        raise OldExcel
    if start.startswith(OTHER_FILES):
        raise NotATable
    return Table(TextFile.detect(path))


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(16)
    except OSError as error:
        raise FileMissing(path.name) from error
