"""One line of a file -> a company as the file tells it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.companies.importing.cleaning import Doubt, cell_reader, tidy
from crm.companies.importing.inputs import CompanyField
from crm.companies.importing.mapping import Columns
from crm.companies.importing.problems import Issue, Problem, issue
from crm.companies.importing.table import Line
from crm.core.text import name_key
from crm.reference.queries import postcode_area
from crm.telephony.numbers import ParsedNumber, read_numbers, show_number

LONGEST_NAME = 200
LONGEST_ORIGINAL = 120

Values = dict[str, Any]


@dataclass(slots=True)
class FileRow:
    """`values` are the columns of Company the file fills in; what is left empty or doubtful is not there."""

    line: Line
    source: str
    name_key: str = ""
    values: Values = field(default_factory=dict)
    numbers: list[ParsedNumber] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    rejected: bool = False

    @property
    def number(self) -> int:
        return self.line.number

    @property
    def e164s(self) -> list[str]:
        return [number.e164 for number in self.numbers]


@dataclass(frozen=True, slots=True)
class _Column:
    index: int
    header: str
    read: Callable[[str], tuple[str, object]]


SINGLE_FIELDS = (
    CompanyField.KVK_NUMBER,
    CompanyField.BRANCH_NUMBER,
    CompanyField.LEGAL_FORM,
    CompanyField.SBI_CODE,
    CompanyField.ACTIVITY,
    CompanyField.TOWN,
    CompanyField.EMAIL,
    CompanyField.WEBSITE,
    CompanyField.NON_MAILING,
)


class RowReader:
    """Knows which column holds which field."""

    def __init__(self, headers: Sequence[str], columns: Columns, source: str) -> None:
        self.headers = [tidy(header) for header in headers]
        self._source = source
        self._columns: dict[CompanyField, list[_Column]] = {}
        for index, company_field in sorted(columns.items()):
            column = _Column(index, self.headers[index], cell_reader(company_field))
            self._columns.setdefault(company_field, []).append(column)
        self._single = [(part.value, self._columns[part][0]) for part in SINGLE_FIELDS if part in self._columns]

    def header(self, company_field: CompanyField) -> str:
        """The heading of the column with this field, else its name in the reader's language."""
        columns = self._columns.get(company_field)
        return columns[0].header if columns else company_field.label

    def read(self, line: Line) -> FileRow:
        row = FileRow(line, self._source)
        if line.broken:
            self._reject(row, CompanyField.NAME, Problem.UNCLOSED_QUOTE)
            return row
        self._read_name(row)
        self._read_phones(row)
        for attribute, column in self._single:
            if value := _value(row, column):
                row.values[attribute] = value
        self._read_address(row)
        if found := self._first(row, CompanyField.STAFF):
            row.values["staff_min"], row.values["staff_max"] = found
        row.source = self._first(row, CompanyField.SOURCE) or row.source
        self._check_branch(row)
        if len(line.cells) > len(self.headers):
            self._check_extra_cells(row)
        return row

    def _first(self, row: FileRow, company_field: CompanyField) -> Any:
        """The value of the first column with this field, None without one."""
        columns = self._columns.get(company_field)
        return _value(row, columns[0]) if columns else None

    def _reject(self, row: FileRow, company_field: CompanyField, problem: Problem) -> None:
        row.rejected = True
        column = self._columns[company_field][0]
        cells = row.line.cells
        text = tidy(cells[column.index]) if column.index < len(cells) else ""
        row.issues.append(issue(row.number, column.header, text, problem))

    def _read_name(self, row: FileRow) -> None:
        name = self._first(row, CompanyField.NAME)
        if name and any(map(str.isalnum, name)):
            row.values["name"] = name
            row.name_key = name_key(name)[:LONGEST_NAME]
        else:
            self._reject(row, CompanyField.NAME, Problem.MISSING_NAME)

    def _read_phones(self, row: FileRow) -> None:
        for column in self._columns[CompanyField.PHONE]:
            if _value(row, column):
                numbers, refused = read_numbers(row.line.cells[column.index])
                for item in refused:
                    _note(row, column, tidy(item.text), Doubt(Problem(f"phone_{item.problem.value}")))
                for number in numbers:
                    _keep_number(row, column, number)
        if not row.numbers:
            self._reject(row, CompanyField.PHONE, Problem.MISSING_PHONE)

    def _read_address(self, row: FileRow) -> None:
        if street := self._first(row, CompanyField.STREET):
            house = (self._first(row, part) for part in (CompanyField.HOUSE_NUMBER, CompanyField.HOUSE_SUFFIX))
            row.values["street"] = " ".join(filter(None, (street, *house)))
        if found := self._first(row, CompanyField.POSTCODE):
            _place(row, self._columns[CompanyField.POSTCODE][0], *found)

    def _check_branch(self, row: FileRow) -> None:
        branch = row.values.get("branch_number")
        if branch and branch.lstrip("0") == row.values.get("kvk_number", "").lstrip("0"):
            del row.values["branch_number"]
            _note(row, self._columns[CompanyField.BRANCH_NUMBER][0], branch, Doubt(Problem.BRANCH_IS_KVK))

    def _check_extra_cells(self, row: FileRow) -> None:
        extra = [cell for cell in map(tidy, row.line.cells[len(self.headers) :]) if cell]
        if extra:
            row.issues.append(issue(row.number, "", " | ".join(extra), Problem.EXTRA_CELLS))


def _value(row: FileRow, column: _Column) -> Any:
    """What the cell holds; a doubt is noted and gives nothing."""
    cells = row.line.cells
    if column.index >= len(cells):
        return None
    text, value = column.read(cells[column.index])
    if type(value) is Doubt:
        _note(row, column, text, value)
        return None
    return value


def _note(row: FileRow, column: _Column, text: str, doubt: Doubt) -> None:
    row.issues.append(issue(row.number, column.header, text, doubt.problem, **dict(doubt.details)))


def _keep_number(row: FileRow, column: _Column, number: ParsedNumber) -> None:
    if number.e164 in row.e164s:
        return
    row.numbers.append(number)
    if number.zero_restored:
        doubt = Doubt(Problem.PHONE_ZERO, (("number", show_number(number.e164)),))
        _note(row, column, tidy(number.original), doubt)


def _place(row: FileRow, column: _Column, postcode: str, town: str) -> None:
    """The postcode tells town and position; a town that the file gives goes before it."""
    values = row.values
    values["postcode"] = postcode
    area = postcode_area(postcode)
    given = values.get("town") or town
    if area is None:
        _note(row, column, postcode, Doubt(Problem.POSTCODE_UNKNOWN))
    else:
        values |= {"latitude": area.latitude, "longitude": area.longitude}
        if given and given not in (area.town, area.municipality):
            _note(row, column, f"{postcode} {given}", Doubt(Problem.TOWN_DIFFERS, (("town", area.town),)))
    if given or area:
        values["town"] = given or (area.town if area else "")


def unread_columns(headers: Sequence[str], columns: Columns, line: int) -> Iterator[Issue]:
    """The columns that are passed over, so that nobody thinks they were imported."""
    for column, header in enumerate(headers):
        if column not in columns and tidy(header):
            yield issue(line, tidy(header), "", Problem.UNKNOWN_COLUMN)
