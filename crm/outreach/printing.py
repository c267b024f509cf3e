"""Letters on paper: one A4 page each, as an accessible PDF."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Literal

import segno

from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.core.settings import PROJECT_DIR, settings
from crm.core.typesetting import TooLong, typeset

TEMPLATE = PROJECT_DIR / "data" / "letters" / "letter.typ"


class LetterTooLong(CrmError):
    def __init__(self) -> None:
        super().__init__(_("The letter does not fit on one page. Make the text shorter."))


@dataclass(frozen=True, slots=True)
class LetterPage:
    """All that is on one letter, as it is printed."""

    language: str
    sender: list[str]
    address: list[str]
    place_and_date: str
    subject: str
    paragraphs: list[list[str]]
    signed: list[str]
    how_to_answer: str
    code: str
    page: str
    qr_target: str
    qr_meaning: str
    small: list[list[str]]
    mark: str = ""

    @property
    def length(self) -> int:
        return sum(len(line) for paragraph in self.paragraphs for line in paragraph)


def to_pdf(pages: Sequence[LetterPage], title: str) -> bytes:
    """Raises LetterTooLong or NotPrinted."""
    return _pressed(pages, title, "pdf")


def to_picture(page: LetterPage) -> bytes:
    """A PNG, to look at on the screen. Raises LetterTooLong or NotPrinted."""
    return _pressed([page], page.subject, "png")


def _pressed(pages: Sequence[LetterPage], title: str, kind: Literal["pdf", "png"]) -> bytes:
    told = {
        "title": title,
        "author": settings().organisation,
        "longest": max(range(len(pages)), key=lambda number: pages[number].length),
        "letters": [_told(page) for page in pages],
    }
    try:
        return typeset(TEMPLATE, told, kind)
    except TooLong as error:
        raise LetterTooLong from error


def _told(page: LetterPage) -> dict[str, object]:
    qr = BytesIO()
    segno.make(page.qr_target, error="m", micro=False).save(qr, kind="svg", border=4, xmldecl=False)
    return asdict(page) | {"qr": qr.getvalue().decode(), "window": settings().letter_window}
