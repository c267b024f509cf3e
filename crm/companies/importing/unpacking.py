"""Unpacking an Excel workbook, first as a trial in a process of its own.

A workbook of a few kilobytes can unpack to more than any memory: by what it holds, or by one cell in the furthest
corner, for a sheet is read as a whole rectangle. The reader then aborts, and would take everybody's screen with it.
"""

import resource
import subprocess
import sys
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY = 2_000_000_000  # bytes: some 400,000 rows of 20 columns
SECONDS = 120
PROJECT_DIR = Path(__file__).resolve().parents[3]


def unpack(path: Path) -> dict[str, CalamineSheet]:
    """The visible sheets by name. Raises CalamineError."""
    workbook = CalamineWorkbook.from_path(str(path))
    return {
        meta.name: workbook.get_sheet_by_name(meta.name)
        for meta in workbook.sheets_metadata
        if meta.typ is SheetTypeEnum.WorkSheet and meta.visible is SheetVisibleEnum.Visible
    }


def is_modest(path: Path) -> bool:
    """Whether it can be unpacked within MEMORY and SECONDS. A damaged one is: it fails at once."""
    command = [sys.executable, "-m", __name__, str(path.resolve())]
    try:
        trial = subprocess.run(  # noqa: S603  this very Python
            command, cwd=PROJECT_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return trial.returncode == 0


def _try(path: Path) -> bool:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        unpack(path)
    except MemoryError:
        return False
    except (CalamineError, OSError, ValueError, KeyError):
        pass  # damaged: whoever asks will see so too
    return True


if __name__ == "__main__":
    sys.exit(0 if _try(Path(sys.argv[1])) else 1)
