from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook

from crm.companies.importing import workbook
from crm.companies.importing.errors import (
    DamagedWorkbook,
    EmptyFile,
    FileMissing,
    NotATable,
    OldExcel,
    TooLarge,
    UnreadableFile,
)
from crm.companies.importing.reading import open_table
from crm.companies.importing.table import NumberText

HEADER = ["Naam", "Telefoon", "KVK"]


def rows_of(path: Path, sheet: str | None = None) -> list[tuple[int, list[str]]]:
    return [(line.number, line.cells) for line in open_table(path, sheet).rows()]


class TestWorkbooks:
    def test_reads_cells_as_they_are_shown(self, make_xlsx) -> None:
        path = make_xlsx(
            A=[HEADER, ["Jansen", 101234567, 12345678.0], ["Pieters", 1.5, True], [None, date(2026, 9, 2)]]
        )
        assert rows_of(path) == [
            (2, ["Jansen", "101234567", "12345678"]),
            (3, ["Pieters", "1.5", "ja"]),
            (4, ["", "2026-09-02", ""]),
        ]

    def test_tells_numbers_from_texts(self, make_xlsx) -> None:
        cells = open_table(make_xlsx(A=[HEADER, ["Jansen", 101234567, "12345678"]])).rows().__next__().cells
        assert [type(cell) for cell in cells] == [str, NumberText, str]

    def test_a_formula_that_was_never_calculated_is_empty(self, make_xlsx) -> None:
        path = make_xlsx(A=[HEADER, ["Jansen", "=1+1", "x"]])
        assert rows_of(path) == [(2, ["Jansen", "", "x"])]

    def test_passes_over_titles_and_empty_lines(self, make_xlsx) -> None:
        path = make_xlsx(A=[["Onze relaties"], [], [None, *HEADER], [None, "Jansen", "010", "1"], [], [None, "De Zon"]])
        assert [number for number, _cells in rows_of(path)] == [4, 6]
        assert open_table(path).header.number == 3

    def test_takes_the_sheet_with_known_headings(self, make_xlsx) -> None:
        path = make_xlsx(Uitleg=[["Lees mij"]], Bedrijven=[HEADER, ["Jansen", "010", "1"]], Leeg=[])
        table = open_table(path)
        assert (table.sheet, table.sheets) == ("Bedrijven", ("Uitleg", "Bedrijven"))

    def test_takes_another_sheet_when_asked(self, make_xlsx) -> None:
        path = make_xlsx(A=[HEADER, ["Jansen", "010", "1"]], B=[["Name", "Phone"], ["Other", "020"]])
        assert rows_of(path, "B") == [(2, ["Other", "020"])]

    def test_may_be_called_csv(self, make_xlsx) -> None:
        path = make_xlsx(A=[HEADER, ["Jansen", "010", "1"]])
        assert len(rows_of(path.rename(path.with_suffix(".csv")))) == 1

    def test_a_workbook_without_content_is_empty(self, make_xlsx) -> None:
        with pytest.raises(EmptyFile):
            open_table(make_xlsx(A=[], B=[]))


class TestOtherFiles:
    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"", EmptyFile),
            (b"\n\n ;;\n", EmptyFile),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, OldExcel),
            (b"%PDF-1.7 ...", NotATable),
            (b"\x89PNG\r\n\x1a\n" + b"\x00" * 60, NotATable),
            (b"PK\x03\x04" + b"onzin" * 50, DamagedWorkbook),
        ],
    )
    def test_are_refused_with_advice(self, tmp_path: Path, content: bytes, error: type[UnreadableFile]) -> None:
        path = tmp_path / "lijst.csv"
        path.write_bytes(content)
        with pytest.raises(error):
            open_table(path).header  # noqa: B018

    def test_a_zip_with_something_else_is_no_workbook(self, tmp_path: Path) -> None:
        with ZipFile(tmp_path / "x.xlsx", "w") as package:
            package.writestr("bedrijven.csv", "Naam;Telefoon\n")
        with pytest.raises(NotATable):
            open_table(tmp_path / "x.xlsx")

    def test_a_small_file_that_unpacks_to_a_giant_is_refused(self, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 1_000_000)
        with ZipFile(tmp_path / "bomb.xlsx", "w", ZIP_DEFLATED) as package:
            package.writestr("xl/workbook.xml", "<workbook/>")
            package.writestr("xl/worksheets/sheet1.xml", b"\x00" * 1_000_000)
        with pytest.raises(TooLarge):
            open_table(tmp_path / "bomb.xlsx")

    def test_one_cell_in_the_furthest_corner_does_not_fill_the_memory(self, make_xlsx) -> None:
        path = make_xlsx(A=[HEADER, ["Jansen", "010", "1"]])
        book = load_workbook(path)
        book["A"]["XFD1048576"] = "verdwaald"
        book.save(path)
        with pytest.raises(TooLarge):
            open_table(path)

    def test_a_truncated_workbook_is_damaged(self, make_xlsx) -> None:
        path = make_xlsx(A=[HEADER, ["Jansen", "010", "1"]])
        path.write_bytes(path.read_bytes()[:-400])
        with pytest.raises(DamagedWorkbook):
            open_table(path)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(FileMissing):
            open_table(tmp_path / "weg.csv")


class TestBatches:
    def test_tell_how_far_the_file_was_read(self, make_csv) -> None:
        path = make_csv("Naam;Telefoon", *[f"Bedrijf {n};010-{n:07d}" for n in range(5_000)])
        batches = list(open_table(path).batches(1_000))
        assert [len(lines) for lines, _share in batches] == [1_000] * 5
        shares = [share for _lines, share in batches]
        assert shares == sorted(shares)
        assert 0 < shares[0] < 0.5
        assert shares[-1] == 1
