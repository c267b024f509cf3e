"""What one pasted line tells about a company: its name, and with luck a number, a postcode or a town."""

import re
import unicodedata
from dataclasses import dataclass

from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.core.text import squeeze
from crm.telephony.numbers import parse_numbers

MOST_LINES = 500
LONGEST_LINE = 300

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_ADDRESS = re.compile(r"\S+@\S+|\b(?:https?://|www\.)\S+", re.IGNORECASE)
_KVK = re.compile(r"\bkvk\D{0,15}(\d{8})(?!\d)", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<!\d)(?:(?:\+|00)31[\s.-]?(?:\(0\))?|\(?0)(?:[\s./()-]{0,3}\d){9}(?!\d)"
    r"|(?<!\d)[1-9]\d{8}(?!\d)"  # a spreadsheet drops the first zero
)
_BRANCH = re.compile(r"(?<!\d)\d{12}(?!\d)")
_EIGHT_DIGITS = re.compile(r"(?<!\d)\d{8}(?!\d)")
_POSTCODE = re.compile(r"(?<![\w-])([1-9]\d{3})\s?([A-Z]{2})(?!\w)")
_AREA = re.compile(r"([1-9]\d{3})(?:\s+(\D+))?")
_LABEL = re.compile(
    r"\b(?:tel(?:efoon)?|mob(?:iel)?|kvk|vestigingsn\w*|postcode|t|m)\s*(?:nr|nummer)?[\s.:]*(?=$|[,;|\t])",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^(?:[-*•·–>✓]+\s*|\d{1,3}[.)]\s+|\d{1,3}\t)+")
_BETWEEN_CELLS = re.compile(r"\s*(?:\t|;|\||,|\s[-–—•·/]\s|\s{3,})\s*")


class TooManyLines(CrmError):
    def __init__(self, count: int) -> None:
        words = _("These are {n} lines. At most {most} can be looked up at once: take some out, or make two lists.")
        super().__init__(words.format(n=count, most=MOST_LINES))


@dataclass(frozen=True, slots=True)
class PastedLine:
    """`cells` are the texts that are left without numbers, the name first; the others may hold a town or a street."""

    text: str
    cells: tuple[str, ...] = ()
    postcode: str = ""
    kvk_number: str = ""
    branch_number: str = ""
    e164s: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.cells[0] if self.cells else ""


def read_lines(text: str) -> list[PastedLine]:
    """Each line once, without empty ones. Raises TooManyLines."""
    lines = [line for line in text.splitlines() if squeeze(line)]
    if len(lines) > MOST_LINES:
        raise TooManyLines(len(lines))
    found = {squeeze(line): line for line in reversed(lines)}
    return [_read(found[squeezed], squeezed) for squeezed in dict.fromkeys(squeeze(line) for line in lines)]


def _read(line: str, squeezed: str) -> PastedLine:
    rest = _DASHES.sub("-", unicodedata.normalize("NFKC", line[:LONGEST_LINE]))
    rest = _ADDRESS.sub(" \t ", _BULLET.sub("", rest.strip()))
    rest, kvk = _take(_KVK, rest)
    rest, phones = _take(_PHONE, rest)
    rest, branch = _take(_BRANCH, rest)
    rest, digits = _take(_EIGHT_DIGITS, rest)
    rest, postcodes = _take(_POSTCODE, rest)
    numbers = dict.fromkeys(number.e164 for phone in phones for number in parse_numbers(phone))
    cells, areas = _cells(_LABEL.sub(" ", rest))
    return PastedLine(
        text=squeezed,
        cells=tuple(cells),
        postcode=(postcodes or areas or [""])[0],
        kvk_number=(kvk or digits or [""])[0],
        branch_number=(branch or [""])[0],
        e164s=tuple(numbers),
    )


def _cells(text: str) -> tuple[list[str], list[str]]:
    """The texts of a line, and the four digits of postcodes that stand before a town or by themselves."""
    cells = [squeeze(cell.strip(" \"'.:()")) for cell in _BETWEEN_CELLS.split(text)]
    name, *others = [cell for cell in cells if cell] or [""]
    areas = [_AREA.fullmatch(cell) for cell in others]
    texts = (area[2] if area else cell for cell, area in zip(others, areas, strict=True))
    return [cell for cell in (name, *texts) if cell], [area[1] for area in areas if area]


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, list[str]]:
    """The text without what the pattern finds, which becomes the border of a cell, and what it found."""
    found = [("".join(filter(None, match.groups())) or match.group()).strip() for match in pattern.finditer(text)]
    return pattern.sub(" \t ", text), found
