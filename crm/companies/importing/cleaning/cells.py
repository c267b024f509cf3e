"""Any cell: what it says, or the doubt about it."""

import re
from dataclasses import dataclass

from crm.companies.importing.problems import Problem
from crm.companies.importing.table import NumberText
from crm.core.text import squeeze

EMPTY = frozenset({
    "-", "--", "---", ".", "?", "/", "n/a", "#n/a", "na", "nvt", "n.v.t.", "onbekend", "unknown", "geen", "none",
    "null", "nan",
})  # fmt: skip
LONGEST_EMPTY = 10
_EXCEL_ERROR = re.compile(r"#(?:REF|VALUE|WAARDE|NAME\?|NAAM\?|DIV/0|DEEL/0|NUM|GETAL|NULL|LEEG|VERW|N/B)!?|#{3,}")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a cell gives no value; `details` fill in the message."""

    problem: Problem
    details: tuple[tuple[str, str], ...] = ()


def tidy(cell: str) -> str:
    """The cell without spaces around it, invisible characters, and the apostrophe that keeps Excel from counting."""
    if type(cell) is NumberText:
        return cell
    text = " ".join(cell.split()) if cell.isprintable() else squeeze(cell)
    return text[1:] if text.startswith(("'0", "'=", "'+", "'-", "'@")) else text


def is_empty(text: str) -> bool:
    """Also for what people and programs write instead of nothing."""
    return not text or (len(text) < LONGEST_EMPTY and text.lower() in EMPTY)


def excel_doubt(text: str) -> Doubt | None:
    return Doubt(Problem.EXCEL_ERROR) if text.startswith("#") and _EXCEL_ERROR.fullmatch(text.upper()) else None
