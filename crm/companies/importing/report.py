"""What came of an import."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Report:
    """Counts of rows; the details are in files in `folder`."""

    folder: Path
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    rejected: int = 0
    written: bool = False

    def save(self, out: Path) -> None:
        """Write counts and issues as JSON."""
        raise NotImplementedError
