"""Letters on paper: one A4 page each, as an accessible PDF."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Literal

import segno
import structlog

from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.core.settings import PROJECT_DIR, settings
from crm.outreach import press

SECONDS = 120

log = structlog.get_logger()


class LetterTooLong(CrmError):
    def __init__(self) -> None:
        super().__init__(_("The letter does not fit on one page. Make the text shorter."))


class NotPrinted(CrmError):
    def __init__(self) -> None:
        super().__init__(_("The letters could not be printed. Nothing is lost: try again, or tell your administrator."))


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
    command = [sys.executable, "-m", press.__name__, kind]
    try:
        done = subprocess.run(  # noqa: S603  this very Python
            command, cwd=PROJECT_DIR, input=json.dumps(told).encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotPrinted from error
    if done.returncode == press.TOO_LONG:
        raise LetterTooLong
    if done.returncode:
        log.error("letters not printed", why=done.stderr.decode("utf-8", "replace")[-500:])
        raise NotPrinted
    return done.stdout


def _told(page: LetterPage) -> dict[str, object]:
    qr = BytesIO()
    segno.make(page.qr_target, error="m", micro=False).save(qr, kind="svg", border=4, xmldecl=False)
    return asdict(page) | {"qr": qr.getvalue().decode(), "window": settings().letter_window}
