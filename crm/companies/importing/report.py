"""What came of an import: counts in memory, the details row by row in files, so that memory stays flat."""

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crm.companies.importing.problems import Issue
from crm.companies.importing.table import Line
from crm.core.i18n import _
from crm.core.spreadsheet import harmless

LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """A row that is held back until somebody says whether it is the company we have.

    `candidate` names that company for a Decision: `company:<id>`, or `row:<line>` for one in the same file.
    """

    row: int
    name: str
    address: str
    number: str
    candidate: str
    candidate_name: str
    candidate_address: str
    candidate_number: str


@dataclass(slots=True)
class Counts:
    """Every row with content is counted in `rows` and in one of the others."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Report(Counts):
    """`folder` holds the details. `written` is False after a check and when all rows were wanted but some are bad."""

    folder: Path = Path()
    written: bool = False

    @property
    def rejected_rows(self) -> Path:
        """A CSV file of the rejected rows as they came, with the reasons; only there when there are any."""
        return self.folder / "rejected.csv"

    @classmethod
    def load(cls, folder: Path) -> Self:
        kept = json.loads((folder / "counts.json").read_text(encoding="utf-8"))
        return cls(**kept, folder=folder)

    def keep(self) -> None:
        """Remember the counts in the folder as well."""
        kept = {name: value for name, value in asdict(self).items() if name != "folder"}
        (self.folder / "counts.json").write_text(json.dumps(kept), encoding="utf-8")

    def add(self, issue: Issue) -> None:
        """One more, after the import."""
        with (self.folder / "issues.jsonl").open("a", encoding="utf-8") as file:
            file.write(_as_json(issue))

    def issues(self, start: int = 0, stop: int | None = None) -> Iterator[dict[str, Any]]:
        """Row, column, value, problem and message of what is wrong, in the order of the file."""
        return _read_lines(self.folder / "issues.jsonl", start, stop)

    def near_duplicates(self, start: int = 0, stop: int | None = None) -> list[NearDuplicate]:
        return [NearDuplicate(**item) for item in _read_lines(self.folder / "near.jsonl", start, stop)]

    def count_near_duplicates(self) -> int:
        return sum(1 for _item in _read_lines(self.folder / "near.jsonl", 0, None))

    def save(self, out: Path) -> None:
        """Write counts and issues as JSON."""
        with out.open("w", encoding="utf-8") as file:
            counts = {field.name: getattr(self, field.name) for field in fields(Counts)}
            file.write(json.dumps(counts)[:-1] + ', "issues": [')
            for index, item in enumerate(self.issues()):
                file.write((",\n" if index else "\n") + json.dumps(item, ensure_ascii=False))
            file.write("]}\n")

    def save_issues(self, out: Path) -> None:
        """Write the issues as CSV for Excel."""
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow([_("Line"), _("Column"), _("Value"), _("Problem")])
            for item in self.issues():
                texts = (item["column"], item["value"], item["message"])
                writer.writerow([item["row"], *map(harmless, texts)])


def _read_lines(path: Path, start: int, stop: int | None) -> Iterator[dict[str, Any]]:
    if path.exists():
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, islice(file, start, stop))


def _as_json(issue: Issue) -> str:
    line = {
        "row": issue.row,
        "column": issue.column,
        "value": issue.value[:LONGEST_VALUE],
        "problem": issue.problem.value,
        "message": issue.message,
    }
    return json.dumps(line, ensure_ascii=False) + "\n"


class Notebook:
    """Writes the details down while an import is running."""

    def __init__(self, folder: Path, header: list[str]) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._files = ExitStack()
        self._rejected_path = folder / "rejected.csv"
        self._rejected_path.unlink(missing_ok=True)
        self._issues = self._files.enter_context((folder / "issues.jsonl").open("w", encoding="utf-8"))
        self._near = self._files.enter_context((folder / "near.jsonl").open("w", encoding="utf-8"))
        self._header = header
        self._rejected: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._files.close()

    def note(self, issues: Iterable[Issue]) -> None:
        for issue in issues:
            self._issues.write(_as_json(issue))

    def hold_back(self, near: NearDuplicate) -> None:
        self._near.write(json.dumps(asdict(near), ensure_ascii=False) + "\n")

    def reject(self, line: Line, reasons: Iterable[Issue]) -> None:
        """Keep the row as it came, with the reasons and its line in the file."""
        if self._rejected is None:
            file = self._files.enter_context(self._rejected_path.open("w", encoding="utf-8-sig", newline=""))
            self._rejected = csv.writer(file, delimiter=";")
            self._rejected.writerow([*map(harmless, self._header), _("Line"), _("Reason")])
        missing = [""] * (len(self._header) - len(line.cells))
        reason = " ".join(dict.fromkeys(issue.message for issue in reasons))
        self._rejected.writerow([*map(harmless, line.cells), *missing, line.number, reason])
