"""The printing press, a process of its own: JSON comes in, a PDF goes out, or with `png` a picture of page 1.

The typesetter keeps what it made, some 600 kB for each page, until its process ends.
"""

import sys
from pathlib import Path
from typing import Literal

import typst

PROJECT_DIR = Path(__file__).resolve().parents[2]
FONTS = PROJECT_DIR / "data" / "fonts"
ACCESSIBLE: Literal["ua-1"] = "ua-1"  # PDF/UA: headings, reading order and language are in the file
TOO_LONG = 3


def _pdf(template: Path, told: str, standard: Literal["ua-1"] | None) -> bytes:
    pdf: bytes = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"told": told},
        pdf_standards=standard,
    )
    return pdf


def _picture(template: Path, told: str) -> bytes:
    pages = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"told": told},
        format="png",
        ppi=100,
    )
    return pages[0] if isinstance(pages, list) else pages


def _print(template: Path, told: str, kind: str) -> bytes:
    try:
        return _picture(template, told) if kind == "png" else _pdf(template, told, ACCESSIBLE)
    except typst.TypstError as error:
        if "too-long" in str(error):  # the template says so
            sys.exit(TOO_LONG)
        # The standard refuses a sign that no font has, such as in a name in another script: the text goes first.
        return _pdf(template, told, None)


if __name__ == "__main__":
    sys.stdout.buffer.write(_print(Path(sys.argv[1]), sys.stdin.buffer.read().decode(), sys.argv[2]))
