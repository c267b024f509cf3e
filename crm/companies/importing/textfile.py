"""CSV files as they are in real life: any common character set and separator, any line ending."""

import codecs
import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BufferedReader, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Self

from crm.companies.importing.errors import NotATable
from crm.companies.importing.mapping import find_header, suggest
from crm.companies.importing.table import HEADER_WITHIN, Line

SAMPLE_BYTES = 65_536
DELIMITERS = (";", ",", "\t", "|")
WINDOWS_FALLBACK = "kopkoffie.windows-1252"
LONGEST_RECORD_LINES = 200
CONTROL = dict.fromkeys(set(range(32)) - set(b"\t\n\r\f\x1a"))


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    # Old Dutch exports are Windows-1252, and files get pasted together. What is no UTF-8 is read as Windows-1252
    # byte by byte, so a stray character spoils nothing else; a Windows text is hardly ever valid UTF-8 by accident.
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(WINDOWS_FALLBACK, _as_windows)


@dataclass
class TextFile:
    """A CSV file whose character set and separator are known."""

    path: Path
    encoding: str
    delimiter: str
    first_line: int = 1
    _file: BufferedReader | None = field(default=None, repr=False)

    @classmethod
    def detect(cls, path: Path) -> Self:
        """Raises NotATable for a file that is no text."""
        with path.open("rb") as file:
            sample = file.read(SAMPLE_BYTES)
        encoding = _encoding(sample)
        opened = cls(path, encoding, DELIMITERS[0])
        if told := opened._told_delimiter():
            return cls(path, encoding, told, first_line=2)
        return max((cls(path, encoding, delimiter) for delimiter in DELIMITERS), key=cls._likelihood)

    def lines(self) -> Iterator[Line]:
        with self.path.open("rb") as self._file:
            text = TextIOWrapper(self._file, self.encoding, WINDOWS_FALLBACK, newline="")
            yield from islice(records(text, self.delimiter), self.first_line - 1, None)

    def share_read(self) -> float:
        size = self.path.stat().st_size
        if self._file is None or self._file.closed or not size:
            return 1.0
        return self._file.tell() / size

    def _told_delimiter(self) -> str | None:
        """Excel understands a first line `sep=;`, and so do we."""
        first = next(self.lines(), Line(1, [""]))
        start = self.delimiter.join(first.cells)
        return start[4] if start[:4].lower() == "sep=" and len(start) == len("sep=;") else None

    def _likelihood(self) -> tuple[int, int]:
        """How well the headings are understood with this separator, then how many columns it gives."""
        first = [line.cells for line in islice(self.lines(), HEADER_WITHIN)]
        header = first[find_header(first)] if first else []
        return len(suggest(header)), len(header) or max(map(len, first), default=0)


def _encoding(sample: bytes) -> str:
    """Raises NotATable when the sample holds more control characters than a slip of the pen."""
    encoding = _likely_encoding(sample)
    text = sample.decode(encoding, WINDOWS_FALLBACK)
    if len(text.translate(CONTROL)) < len(text) * 0.98:
        raise NotATable
    return encoding


def _likely_encoding(sample: bytes) -> str:
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding, high_bytes in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if high_bytes.count(0) > len(high_bytes) * 0.7:
            return encoding
    return "utf-8"


class _Lines:
    """Lines that can be given back; `taken` are those of the record being read."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        if len(self.taken) > LONGEST_RECORD_LINES:
            raise csv.Error
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        return line

    def give_back(self) -> str:
        """Keep only the first line of the record."""
        first, *rest = self.taken
        self._again.extendleft(reversed(rest))
        self.taken = [first]
        return first


def records(text: Iterable[str], delimiter: str) -> Iterator[Line]:
    """Each record with the line it starts on.

    A quotation mark that is never closed swallows the lines below it. Such a line comes out alone and `broken`,
    and the lines below it as what they are, so no company is lost.
    """
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        if cells is None or (_goes_on(cells) and not _is_sound(lines.taken, delimiter)):
            first = lines.give_back()
            yield Line(number, first.rstrip("\r\n").split(delimiter), broken=True)
        else:
            yield Line(number, cells)
        number += len(lines.taken)
        lines.taken = []


def _goes_on(cells: list[str]) -> bool:
    return any("\n" in cell or "\r" in cell for cell in cells)


def _is_sound(taken: list[str], delimiter: str) -> bool:
    try:
        list(csv.reader(taken, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True
