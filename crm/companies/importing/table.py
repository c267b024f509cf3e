"""What every kind of file is read as: lines of cells, each with its number in the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple, Protocol

from crm.companies.importing.errors import EmptyFile
from crm.companies.importing.mapping import find_header

HEADER_WITHIN = 30


class NumberText(str):
    """A cell that Excel kept as a number: what was typed may have lost its first zeros."""

    __slots__ = ()


class Line(NamedTuple):
    """`number`: the line in the file where this record starts. `broken`: a quotation mark is never closed."""

    number: int
    cells: list[str]
    broken: bool = False

    @property
    def is_blank(self) -> bool:
        return not any(cell and not cell.isspace() for cell in self.cells)


class Source(Protocol):
    """A kind of file. `lines` may be called again and then starts at the beginning."""

    def lines(self) -> Iterator[Line]: ...

    def share_read(self) -> float: ...


@dataclass(frozen=True)
class Table:
    """A file with headings: titles above them are passed over, and so are empty lines."""

    source: Source
    sheets: Sequence[str] = ()
    sheet: str | None = None

    @cached_property
    def header(self) -> Line:
        """Raises EmptyFile when there is nothing in it."""
        first = list(islice(self.source.lines(), HEADER_WITHIN))
        if all(line.is_blank for line in first):
            raise EmptyFile
        return first[find_header([line.cells for line in first])]

    def rows(self) -> Iterator[Line]:
        """The lines under the headings that hold anything."""
        header = self.header.number
        for line in self.source.lines():
            if line.number > header and not line.is_blank:
                yield line

    def batches(self, size: int) -> Iterator[tuple[list[Line], float]]:
        """The rows in portions, each with the share of the file that has been read by then."""
        rows = self.rows()
        while batch := list(islice(rows, size)):
            yield batch, self.source.share_read()
