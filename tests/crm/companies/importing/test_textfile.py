import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.companies.importing.errors import NotATable
from crm.companies.importing.textfile import TextFile, records

HEADER = "Naam;Telefoon;Plaats"


def cells_of(path: Path) -> list[list[str]]:
    return [line.cells for line in TextFile.detect(path).lines()]


class TestCharacterSets:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
    def test_reads_accents_in_each_of_them(self, make_csv, encoding: str) -> None:
        path = make_csv(HEADER, "Café ’t Hoekje;010-1234567;Één", encoding=encoding)
        assert cells_of(path)[1] == ["Café ’t Hoekje", "010-1234567", "Één"]

    def test_one_windows_character_does_not_spoil_a_utf8_file(self, tmp_path: Path) -> None:
        path = tmp_path / "mixed.csv"
        path.write_bytes("Naam;Plaats\nCafé;Één\n".encode() + "Café;Één\n".encode("cp1252"))
        assert cells_of(path)[1:] == [["Café", "Één"]] * 2

    def test_keeps_a_row_with_a_nul_byte(self, tmp_path: Path) -> None:
        path = tmp_path / "nul.csv"
        path.write_bytes(b"Naam;Telefoon\nBak\x00ker;010-1234567\n" + b"Slager;010-1234568\n" * 20)
        assert len(cells_of(path)) == 22

    @pytest.mark.parametrize(
        "content", [bytes(range(256)) * 20, b"\x00" * 500, b"\x7fELF\x01\x01\x01" + b"\x00\x01" * 99]
    )
    def test_refuses_what_is_no_text(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "binary.csv"
        path.write_bytes(content)
        with pytest.raises(NotATable):
            cells_of(path)


class TestSeparators:
    @pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
    def test_finds_the_one_that_is_used(self, make_csv, separator: str) -> None:
        path = make_csv(separator.join(("Naam", "Telefoon", "Plaats")), separator.join(("A", "010-1234567", "B")))
        assert cells_of(path)[1] == ["A", "010-1234567", "B"]

    def test_is_not_misled_by_another_sign_in_the_texts(self, make_csv) -> None:
        path = make_csv(HEADER, "Jansen, Bakker, Zn;010-1234567, 078-6123456;Dordrecht, Zuid")
        assert cells_of(path)[1] == ["Jansen, Bakker, Zn", "010-1234567, 078-6123456", "Dordrecht, Zuid"]

    def test_believes_the_line_that_tells_excel(self, make_csv) -> None:
        path = make_csv("sep=,", "a,b;c", "1,2;3")
        lines = list(TextFile.detect(path).lines())
        assert [(line.number, line.cells) for line in lines] == [(2, ["a", "b;c"]), (3, ["1", "2;3"])]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_takes_any_line_ending(self, make_csv, end: str) -> None:
        assert len(cells_of(make_csv(HEADER, "A;1;B", "C;2;D", end=end))) == 3


class TestRecords:
    def numbered(self, text: str) -> list[tuple[int, list[str], bool]]:
        return [tuple(line) for line in records(StringIO(text, newline=""), ";")]

    def test_a_record_has_the_number_of_the_line_it_starts_on(self) -> None:
        assert self.numbered('a;b\n"x\ny";1\n\nc;2\n') == [
            (1, ["a", "b"], False),
            (2, ["x\ny", "1"], False),
            (4, [], False),
            (5, ["c", "2"], False),
        ]

    def test_an_open_quotation_mark_does_not_swallow_the_rows_below(self) -> None:
        assert self.numbered('a;b\n"x;1\ny;2\nz;3\n') == [
            (1, ["a", "b"], False),
            (2, ['"x', "1"], True),
            (3, ["y", "2"], False),
            (4, ["z", "3"], False),
        ]

    def test_nor_when_a_later_row_has_one_too(self) -> None:
        rows = self.numbered('"x;1\ny;2\n"z";3\n')
        assert [(number, broken) for number, _cells, broken in rows] == [(1, True), (2, False), (3, False)]

    def test_a_quotation_mark_inside_a_cell_is_just_a_sign(self) -> None:
        assert self.numbered('Buis 5" dik;1\nDe "Zon";2\n') == [
            (1, ['Buis 5" dik', "1"], False),
            (2, ['De "Zon"', "2"], False),
        ]

    def test_an_enormous_cell_is_one_broken_row(self) -> None:
        rows = self.numbered("a;b\n" + "x" * 200_000 + ";1\nc;2\n")
        assert [(number, broken) for number, _cells, broken in rows] == [(1, False), (2, True), (3, False)]

    @given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=4), max_size=8), st.sampled_from(";,\t|"))
    def test_gives_back_whatever_was_written_properly(self, rows: list[list[str]], delimiter: str) -> None:
        text = StringIO(newline="")
        csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
        text.seek(0)
        assert [line.cells for line in records(text, delimiter) if not line.broken] == rows

    @given(st.lists(st.text(alphabet="ab\";' ", max_size=10), max_size=12))
    def test_loses_no_line_of_wild_text(self, lines: list[str]) -> None:
        found = self.numbered("".join(line + "\n" for line in lines))
        taken = sum(1 + "".join(cells).count("\n") for _number, cells, _broken in found)
        assert taken == len(lines)

    @given(st.binary(max_size=400))
    def test_takes_any_bytes_or_says_it_is_no_table(
        self, tmp_path_factory: pytest.TempPathFactory, content: bytes
    ) -> None:
        path = tmp_path_factory.mktemp("wild") / "wild.csv"
        path.write_bytes(b"Naam;Telefoon\n" + content)
        try:
            lines = list(TextFile.detect(path).lines())
        except NotATable:
            return
        assert lines[0].number == 1
