"""The printing press, a process of its own: letters as JSON come in, a PDF goes out, or with `png` a picture of page 1.

The typesetter keeps what it made, some 600 kB for each letter, until its process ends.
"""

import sys
from pathlib import Path
from typing import Literal

import typst

PROJECT_DIR = Path(__file__).resolve().parents[2]
TEMPLATE = PROJECT_DIR / "data" / "letters" / "letter.typ"
FONTS = PROJECT_DIR / "data" / "fonts"
ACCESSIBLE: Literal["ua-1"] = "ua-1"  # PDF/UA: headings, reading order and language are in the file
TOO_LONG = 3


def _pdf(letters: str, standard: Literal["ua-1"] | None) -> bytes:
    pdf: bytes = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"letters": letters},
        pdf_standards=standard,
    )
    return pdf


def _picture(letters: str) -> bytes:
    pages = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"letters": letters},
        format="png",
        ppi=100,
    )
    return pages[0] if isinstance(pages, list) else pages


def _print(letters: str, kind: str) -> bytes:
    try:
        return _picture(letters) if kind == "png" else _pdf(letters, ACCESSIBLE)
    except typst.TypstError as error:
        if "letter-too-long" in str(error):  # the template says so
            sys.exit(TOO_LONG)
        # The standard refuses a sign that no font has, such as in a name in another script: the letter goes first.
        return _pdf(letters, None)


if __name__ == "__main__":
    sys.stdout.buffer.write(_print(sys.stdin.buffer.read().decode(), sys.argv[1]))
