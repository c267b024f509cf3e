"""One line of a file -> a company as the file tells it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.companies.importing import cleaning
from crm.companies.importing.cleaning import Doubt, tidy
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


class RowReader:
    """Knows which column holds which field."""

    def __init__(self, headers: Sequence[str], columns: Columns, source: str) -> None:
        self.headers = [tidy(header) for header in headers]
        self._source = source
        self._columns: dict[CompanyField, list[int]] = {}
        for column, company_field in columns.items():
            self._columns.setdefault(company_field, []).append(column)
        self._single = [
            (self._columns[company_field][0], attribute, clean)
            for company_field, (attribute, clean) in cleaning.SINGLE.items()
            if company_field in self._columns
        ]

    def header(self, company_field: CompanyField) -> str:
        """The heading of the column with this field, else its name in the reader's language."""
        columns = self._columns.get(company_field)
        return self.headers[columns[0]] if columns else company_field.label

    def read(self, line: Line) -> FileRow:
        row = FileRow(line, self._source)
        if line.broken:
            self._reject(row, CompanyField.NAME, Problem.UNCLOSED_QUOTE)
            return row
        self._read_name(row)
        self._read_phones(row)
        self._read_single_fields(row)
        self._read_address(row)
        self._read_staff(row)
        self._read_source(row)
        self._check_whole(row)
        return row

    def cell(self, row: FileRow, company_field: CompanyField) -> str:
        """The tidied cell, or nothing for what only stands in for nothing."""
        columns = self._columns.get(company_field)
        return self._text(row, columns[0]) if columns else ""

    def _text(self, row: FileRow, column: int) -> str:
        cells = row.line.cells
        text = tidy(cells[column]) if column < len(cells) else ""
        if cleaning.is_empty(text):
            return ""
        if doubt := cleaning.excel_doubt(text):
            self._note(row, column, text, doubt)
            return ""
        return text

    def _note(self, row: FileRow, column: int, text: str, doubt: Doubt) -> None:
        row.issues.append(issue(row.number, self.headers[column], text, doubt.problem, **dict(doubt.details)))

    def _reject(self, row: FileRow, company_field: CompanyField, problem: Problem, text: str = "") -> None:
        row.rejected = True
        row.issues.append(issue(row.number, self.header(company_field), text, problem))

    def _read_name(self, row: FileRow) -> None:
        name = self.cell(row, CompanyField.NAME)
        if len(name) > LONGEST_NAME:
            self._note(row, self._columns[CompanyField.NAME][0], name, Doubt(Problem.TOO_LONG))
        elif any(map(str.isalnum, name)):
            row.values["name"] = str(name)
            row.name_key = name_key(name)[:LONGEST_NAME]
            return
        self._reject(row, CompanyField.NAME, Problem.MISSING_NAME)

    def _read_phones(self, row: FileRow) -> None:
        known: set[str] = set()
        for column in self._columns.get(CompanyField.PHONE, ()):
            text = self._text(row, column)
            if text:
                numbers, refused = read_numbers(row.line.cells[column])
                for item in refused:
                    self._note(row, column, tidy(item.text), Doubt(Problem(f"phone_{item.problem.value}")))
                self._keep_numbers(row, column, [number for number in numbers if number.e164 not in known])
                known.update(row.e164s)
        if not row.numbers:
            self._reject(row, CompanyField.PHONE, Problem.MISSING_PHONE, self.cell(row, CompanyField.PHONE))

    def _keep_numbers(self, row: FileRow, column: int, numbers: list[ParsedNumber]) -> None:
        for number in numbers:
            row.numbers.append(number)
            if number.zero_restored:
                details = (("number", show_number(number.e164)),)
                self._note(row, column, number.original, Doubt(Problem.PHONE_ZERO, details))

    def _read_single_fields(self, row: FileRow) -> None:
        for column, attribute, clean in self._single:
            if text := self._text(row, column):
                value = clean(text)
                if isinstance(value, Doubt):
                    self._note(row, column, text, value)
                else:
                    row.values[attribute] = value

    def _read_address(self, row: FileRow) -> None:
        house = [self.cell(row, part) for part in (CompanyField.HOUSE_NUMBER, CompanyField.HOUSE_SUFFIX)]
        if street := self.cell(row, CompanyField.STREET):
            row.values["street"] = " ".join(filter(None, (street, *house)))[:200]
        if text := self.cell(row, CompanyField.POSTCODE):
            column = self._columns[CompanyField.POSTCODE][0]
            found = cleaning.postcode(text)
            if isinstance(found, Doubt):
                self._note(row, column, text, found)
            else:
                self._place(row, column, *found)

    def _place(self, row: FileRow, column: int, postcode: str, town: str) -> None:
        """The postcode tells town and position; a town that the file gives goes before it."""
        values = row.values
        values["postcode"] = postcode
        given = values.get("town") or (cleaning.town(town) if town else "")
        area = postcode_area(postcode)
        if area is None:
            self._note(row, column, postcode, Doubt(Problem.POSTCODE_UNKNOWN))
        else:
            values |= {"latitude": area.latitude, "longitude": area.longitude}
            if given and given not in (area.town, area.municipality):
                self._note(row, column, f"{postcode} {given}", Doubt(Problem.TOWN_DIFFERS, (("town", area.town),)))
        if given or area:
            values["town"] = given or (area.town if area else "")

    def _read_staff(self, row: FileRow) -> None:
        if text := self.cell(row, CompanyField.STAFF):
            found = cleaning.staff(text)
            if isinstance(found, Doubt):
                self._note(row, self._columns[CompanyField.STAFF][0], text, found)
            else:
                row.values["staff_min"], row.values["staff_max"] = found

    def _read_source(self, row: FileRow) -> None:
        if source := self.cell(row, CompanyField.SOURCE):
            row.source = source[:120]

    def _check_whole(self, row: FileRow) -> None:
        values = row.values
        branch = values.get("branch_number")
        if branch and branch.lstrip("0") == values.get("kvk_number", "").lstrip("0"):
            del values["branch_number"]
            self._note(row, self._columns[CompanyField.BRANCH_NUMBER][0], branch, Doubt(Problem.BRANCH_IS_KVK))
        extra = [cell for cell in map(tidy, row.line.cells[len(self.headers) :]) if cell]
        if extra:
            row.issues.append(issue(row.number, "", " | ".join(extra), Problem.EXTRA_CELLS))


def unread_columns(headers: Sequence[str], columns: Columns, line: int) -> Iterator[Issue]:
    """The columns that are passed over, so that nobody thinks they were imported."""
    for column, header in enumerate(headers):
        if column not in columns and tidy(header):
            yield issue(line, tidy(header), "", Problem.UNKNOWN_COLUMN)
