"""Where somebody is in the import: the file, the columns, the check, the result."""

from enum import StrEnum
from pathlib import Path

from crm.companies.importing import uploads
from crm.companies.importing.inputs import Choice, CompanyField, Decision, ImportInput
from crm.companies.importing.report import Report
from web import state

_UPLOAD = "import-upload"
_SOURCE = "import-source-told"
_SHEET = "import-sheet-chosen"
_COLUMNS = "import-columns"
_DECISIONS = "import-decisions"
_REPORT = "import-report"
_STEP = "import-step"
START = "import-start"


class Step(StrEnum):
    FILE = "file"
    COLUMNS = "columns"
    CHECK = "check"
    RESULT = "result"


def step() -> Step:
    return Step(state.value(_STEP, Step.FILE)) if folder() else Step.FILE


def go_to(target: Step) -> None:
    state.put(_STEP, target.value)
    state.forget(START)


def begin(token: str, source: str) -> None:
    state.put(_UPLOAD, token)
    state.put(_SOURCE, source)
    go_to(Step.COLUMNS)


def start_over() -> None:
    """Forget the file, also on disk."""
    if token := state.value(_UPLOAD):
        uploads.forget(token)
    state.forget(_UPLOAD, _SOURCE, _SHEET, _COLUMNS, _DECISIONS, _REPORT, _STEP, START)


def folder() -> Path | None:
    token = state.value(_UPLOAD)
    return uploads.folder_of(token) if token else None


def choose_sheet(sheet: str) -> None:
    state.put(_SHEET, sheet)


def sheet() -> str | None:
    chosen: str | None = state.value(_SHEET)
    return chosen


def settle_columns(columns: dict[int, CompanyField]) -> None:
    state.put(_COLUMNS, {index: field.value for index, field in columns.items()})
    state.put(_DECISIONS, {})
    state.forget(_REPORT)
    go_to(Step.CHECK)


def settled_columns() -> dict[int, CompanyField] | None:
    kept = state.value(_COLUMNS)
    return None if kept is None else {index: CompanyField(value) for index, value in kept.items()}


def decide(row: int, candidate: str, choice: Choice | None) -> None:
    decisions = dict(state.value(_DECISIONS, {}))
    decisions.pop(row, None)
    if choice:
        decisions[row] = (choice.value, candidate)
    state.put(_DECISIONS, decisions)


def decisions() -> dict[int, Decision]:
    kept: dict[int, tuple[str, str]] = state.value(_DECISIONS, {})
    return {row: Decision(choice=Choice(choice), candidate=candidate) for row, (choice, candidate) in kept.items()}


def report(place: Path) -> Report | None:
    """The check or the result that this step is about."""
    name = state.value(_REPORT)
    return Report.load(place / name) if name else None


def remember_report(made: Report) -> None:
    state.put(_REPORT, made.folder.name)


def wishes(place: Path, *, all_or_nothing: bool = False) -> ImportInput:
    return ImportInput(
        source=state.value(_SOURCE, ""),
        file_name=uploads.name_of(place)[-200:],
        sheet=sheet(),
        columns=settled_columns(),
        all_or_nothing=all_or_nothing,
        decisions=decisions(),
    )
