"""What is in a file, before it is imported."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.importing.cleaning import tidy
from crm.companies.importing.inputs import CompanyField
from crm.companies.importing.mapping import suggest
from crm.companies.importing.reading import open_table

SAMPLE_ROWS = 50
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Column:
    """`samples`: a few different values from the first rows."""

    index: int
    header: str
    field: CompanyField | None
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    columns: tuple[Column, ...]
    sheets: tuple[str, ...]
    sheet: str | None


def look_into(actor: Actor, path: Path, sheet: str | None = None) -> Preview:
    """The columns of a file that hold anything, with what they seem to hold. Raises UnreadableFile."""
    actor.require(Permission.COMPANY_IMPORT)
    table = open_table(path, sheet)
    headers = table.header.cells
    suggested = suggest(headers)
    first = [line.cells for line in islice(table.rows(), SAMPLE_ROWS)]
    columns = (
        Column(index, tidy(header), suggested.get(index), _samples(first, index))
        for index, header in enumerate(headers)
    )
    filled = tuple(column for column in columns if column.header or column.samples)
    return Preview(filled, tuple(table.sheets), table.sheet)


def _samples(rows: list[list[str]], index: int) -> tuple[str, ...]:
    values = (tidy(cells[index]) for cells in rows if index < len(cells))
    return tuple(islice(dict.fromkeys(filter(None, values)), SAMPLES))
