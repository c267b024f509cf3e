"""A portion of the rows: read, compare, merge, write. Memory does not grow with the length of the file."""

from collections.abc import Mapping, Sequence

from crm.companies.importing.inputs import Choice, CompanyField, Decision
from crm.companies.importing.known import load_candidates, load_details
from crm.companies.importing.matching import Candidates, Known, Likeness, Match
from crm.companies.importing.merging import absorb, has_all, new_company
from crm.companies.importing.problems import Problem, issue
from crm.companies.importing.report import NearDuplicate, Notebook, Report
from crm.companies.importing.rows import FileRow, RowReader
from crm.companies.importing.table import Line
from crm.companies.importing.writing import Writer
from crm.core.i18n import _
from crm.telephony.numbers import show_number

AT_ONCE = 1_000


class Importer:
    """Takes the rows of one file, portion by portion, and counts what came of them."""

    def __init__(
        self,
        report: Report,
        reader: RowReader,
        writer: Writer,
        notebook: Notebook,
        decisions: Mapping[int, Decision],
    ) -> None:
        self._report = report
        self._connection = writer.connection
        self._reader = reader
        self._writer = writer
        self._notebook = notebook
        self._decisions = decisions
        self._line_of: dict[int, int] = {}
        self._waiting: list[tuple[FileRow, Known]] = []

    def take(self, lines: Sequence[Line]) -> None:
        rows = [self._reader.read(line) for line in lines]
        self._report.rows += len(rows)
        self._go_through(rows)

    def finish(self) -> None:
        """Look once more at rows that resembled another company: what they really are about may have come later.

        Without this a second import would find that company, and change something.
        """
        before = -1
        while len(self._waiting) != before:
            before, rows, self._waiting = len(self._waiting), [row for row, _known in self._waiting], []
            for start in range(0, len(rows), AT_ONCE):
                self._go_through(rows[start : start + AT_ONCE])
        for row, known in self._waiting:
            self._hold_back(row, known)
            self._notebook.note(row.issues)

    def _go_through(self, rows: Sequence[FileRow]) -> None:
        waiting = self._settle([row for row in rows if not row.rejected])
        undecided = {row.number for row, _known in waiting}
        for row in rows:
            if row.rejected:
                self._report.rejected += 1
                self._notebook.reject(row.line, row.issues)
            if row.number not in undecided:
                self._notebook.note(row.issues)
        self._waiting += waiting

    def _settle(self, rows: Sequence[FileRow]) -> list[tuple[FileRow, Known]]:
        """Merge rows into companies and write those; gives back the rows that may be about the company beside them."""
        candidates = load_candidates(self._connection, rows, self._line_of)
        about: list[tuple[FileRow, Known]] = []
        waiting: list[tuple[FileRow, Known]] = []
        for row in rows:
            match = self._closest(row, candidates.find(row))
            choice = self._choice(row, match)
            if match is None or choice is Choice.ANOTHER:
                about.append((row, _begin(row, candidates)))
            elif choice is Choice.SAME:
                candidates.enrich(match.known, row)
                about.append((row, match.known))
            else:
                waiting.append((row, match.known))
        load_details(self._connection, [known for _row, known in (*about, *waiting)])
        for row, known in about:
            self._count(row, known)
        companies = list(dict.fromkeys(known for _row, known in about))
        self._writer.write(companies)
        self._line_of |= {known.id: known.line for known in companies if known.line is not None}
        return waiting

    def _closest(self, row: FileRow, match: Match | None) -> Match | None:
        """Of several that are the same the one that has all of the row: it got that from an earlier import."""
        if match is None or not match.also:
            return match
        several = (match.known, *match.also)
        load_details(self._connection, several)
        complete = (known for known in several if has_all(known, row))
        return next((Match(Likeness.SAME, known) for known in complete), match)

    def _choice(self, row: FileRow, match: Match | None) -> Choice | None:
        """What to do with a match: sure ones are the same, for others a person decides."""
        if match is None or match.likeness is Likeness.SAME:
            return Choice.SAME
        decision = self._decisions.get(row.number)
        return decision.choice if decision and decision.candidate == _key(match.known) else None

    def _count(self, row: FileRow, known: Known) -> None:
        report = self._report
        if known.line == row.number:
            report.created += 1
            return
        added = self._merge(row, known)
        if known.line is not None:
            report.duplicates += 1
            row.issues.append(
                issue(
                    row.number, self._header(CompanyField.NAME), row.values["name"], Problem.DUPLICATE, line=known.line
                )
            )
            return
        known.line = row.number
        report.updated += added
        report.unchanged += not added

    def _merge(self, row: FileRow, known: Known) -> bool:
        """Whether the row added anything."""
        before = len(known.changes), len(known.added)
        for company_field, kept, given in absorb(known, row):
            row.issues.append(issue(row.number, self._header(company_field), str(given), Problem.DIFFERS, kept=kept))
        return before != (len(known.changes), len(known.added))

    def _hold_back(self, row: FileRow, known: Known) -> None:
        self._report.duplicates += 1
        column, name, where = self._header(CompanyField.NAME), row.values["name"], _where(known)
        if self._choice(row, Match(Likeness.NEAR, known)) is Choice.LEAVE_OUT:
            row.issues.append(issue(row.number, column, name, Problem.LEFT_OUT, name=known.name))
        else:
            row.issues.append(issue(row.number, column, name, Problem.NEAR_DUPLICATE, name=known.name, where=where))
        self._notebook.hold_back(
            NearDuplicate(
                row=row.number,
                name=name,
                address=_address(row.values),
                number=", ".join(map(show_number, row.e164s)),
                candidate=_key(known),
                candidate_name=known.name,
                candidate_address=_address(known.values),
                candidate_number=", ".join(map(show_number, known.numbers)),
            )
        )

    def _header(self, company_field: CompanyField) -> str:
        return self._reader.header(company_field)


def _begin(row: FileRow, candidates: Candidates) -> Known:
    known = new_company(row)
    candidates.enrich(known, row)
    return known


def _key(known: Known) -> str:
    """How a Decision names the company: an id from this import would be another one next time."""
    return f"row:{known.line}" if known.line is not None else f"company:{known.id}"


def _where(known: Known) -> str:
    if known.line is not None:
        return _("line {line} of this file").format(line=known.line)
    return _address(known.values) or "–"


def _address(values: Mapping[str, object]) -> str:
    return ", ".join(str(values[part]) for part in ("street", "postcode", "town") if values.get(part))
