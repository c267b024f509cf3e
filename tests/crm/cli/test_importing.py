"""`kopkoffie import companies`."""

import json
from pathlib import Path

import pytest
from sqlmodel import select

from crm.companies.models import Company
from crm.core.db import reading

ROWS = """Naam;Telefoon;Postcode;Rechtsvorm
Bakkerij Vos BV;078 613 1234;3311 AB;BV
Jansen Groen;06 12345678;3011AA;eenmanszaak
;078 613 1235;3311AB;BV
Zonder nummer;;3311AB;BV
"""

pytestmark = pytest.mark.usefixtures("migrated")


def names() -> list[str]:
    with reading() as session:
        return sorted(session.exec(select(Company.name)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list of companies.csv"
    path.write_text(ROWS, "utf-8")
    return path


def counts(printed: str) -> dict[str, int]:
    lines = (line.split(maxsplit=1) for line in printed.splitlines() if line.strip()[:1].isdigit())
    return {words: int(number) for number, words in lines}


def test_good_rows_come_in_and_bad_ones_are_counted(kopkoffie, file: Path) -> None:
    outcome = kopkoffie("import", "companies", str(file))
    assert outcome.code == 0
    assert names() == ["Bakkerij Vos BV", "Jansen Groen"]
    found = counts(outcome.out)
    assert found["rows read"] == 4
    assert found["new companies"] == 2
    assert found["rejected: no name, or no telephone number that can be used"] == 2


def test_the_report_has_counts_and_every_issue(kopkoffie, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    assert kopkoffie("import", "companies", str(file), "--report", str(out)).code == 0
    report = json.loads(out.read_text("utf-8"))
    assert {name: report[name] for name in ("rows", "created", "updated", "unchanged", "duplicates", "rejected")} == {
        "rows": 4, "created": 2, "updated": 0, "unchanged": 0, "duplicates": 0, "rejected": 2,
    }  # fmt: skip
    assert {issue["row"] for issue in report["issues"]} >= {4, 5}
    assert all(issue.keys() >= {"row", "column", "value", "problem", "message"} for issue in report["issues"])


def test_a_second_time_changes_nothing(kopkoffie, file: Path) -> None:
    kopkoffie("import", "companies", str(file))
    found = counts(kopkoffie("import", "companies", str(file)).out)
    assert found["new companies"] == 0
    assert found["already known"] == 2
    assert len(names()) == 2


def test_all_or_nothing_refuses_a_file_with_a_bad_row(kopkoffie, file: Path) -> None:
    outcome = kopkoffie("import", "companies", str(file), "--all-or-nothing")
    assert outcome.code == 1
    assert "Nothing was imported" in outcome.out
    assert names() == []


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"PK\x03\x04 half a workbook", b"\xd0\xcf\x11\xe0 old excel"]
)
def test_a_file_that_is_no_list_is_refused_in_a_line(kopkoffie, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    outcome = kopkoffie("import", "companies", str(path))
    assert outcome.code == 2
    assert "Traceback" not in outcome.err
    assert names() == []


def test_a_report_that_cannot_be_written_is_told_before_the_import(kopkoffie, file: Path, tmp_path: Path) -> None:
    outcome = kopkoffie("import", "companies", str(file), "--report", str(tmp_path / "no folder" / "report.json"))
    assert outcome.code == 2
    assert names() == []


def test_a_missing_file_is_named(kopkoffie, tmp_path: Path) -> None:
    outcome = kopkoffie("import", "companies", str(tmp_path / "nowhere.csv"))
    assert outcome.code == 2
    assert "nowhere.csv" in outcome.err
