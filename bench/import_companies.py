"""How fast companies are imported, beside the floor of the same machine in the same run.

    python -m bench.import_companies [rows]

The floor is what cannot be left out, one after the other: reading the file, telephone numbers through `phonenumbers`,
and bare inserts of the rows. Every measurement runs in a process of its own, so that its peak of memory is its own.
"""

import csv
import random
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import phonenumbers
from openpyxl import Workbook
from sqlmodel import Session

from crm.access.actor import SYSTEM
from crm.companies.importing.inputs import ImportInput
from crm.companies.importing.reading import open_table
from crm.companies.importing.services import import_file
from crm.core.db import make_engine
from crm.migrations.tables import METADATA
from crm.reference.queries import rows as reference_rows

ROWS = 50_000
HEADERS = (
    "Handelsnaam", "KVK-nummer", "Vestigingsnummer", "Rechtsvorm", "SBI-code", "Activiteit", "Straat", "Huisnummer",
    "Postcode", "Plaats", "Personeel", "Telefoon", "E-mail", "Website",
)  # fmt: skip
TRADES = ("Bakkerij", "Slagerij", "Garage", "Kapsalon", "Drukkerij", "Hovenier", "Schilder", "Transport", "Advies")
WORDS = ("noord", "zuid", "haven", "molen", "linde", "ster", "zon", "maas", "dijk", "polder", "brug", "toren", "anker")


def companies(number: int) -> Iterator[list[str]]:
    """Invented companies that resemble an export: most cells filled, all telephone numbers different."""
    dice = random.Random(5)
    towns = [row for row in reference_rows("postcodes.csv") if row["latitude"]]
    phones = dice.sample(range(2_000_000, 5_999_999), number)
    for index, phone in enumerate(phones):
        place = dice.choice(towns)
        word = "".join(dice.sample(WORDS, 3))
        yield [
            f"{dice.choice(TRADES)} {word.title()} B.V.",
            f"{10_000_000 + index * 7:08d}",
            f"{index + 40_000_000:012d}",
            dice.choice(("BV", "B.V.", "Eenmanszaak", "V.O.F.")),
            dice.choice(("47.11", "10.71", "4322", "47.22", "62.10")),
            dice.choice(("Winkel", "Werkplaats", "Kantoor")),
            f"{word.title()}straat",
            str(dice.randint(1, 300)),
            f"{place['postcode4']} {dice.choice('ABCDEFG')}{dice.choice('ABCDEFG')}",
            place["town"].upper(),
            dice.choice(("2-9", "5", "10-49", "1")),
            f"010-{phone:07d}" if index % 3 else f"06 {phone:07d}1 / 010-{phone:07d}",
            f"info@{word}.nl",
            f"www.{word}.nl",
        ]


def write_csv(path: Path, number: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADERS)
        writer.writerows(companies(number))


def write_xlsx(path: Path, number: int) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Bedrijven")
    sheet.append(HEADERS)
    for row in companies(number):
        sheet.append(row)
    book.save(path)


def floor(path: Path, folder: Path) -> None:
    """Reading, phonenumbers and bare inserts, in series."""
    lines = [line.cells for line in open_table(path).rows()]
    numbers = [[_e164(part) for part in cells[11].split("/")] for cells in lines]
    moment = datetime.now(UTC).isoformat()
    _make_database(folder)
    connection = sqlite3.connect(folder / "kopkoffie.db")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.executemany(
        "INSERT INTO company (id, created_at, version, name, name_key, legal_form, kvk_number, branch_number, sbi_code,"
        " sbi_version, activity, street, postcode, town, email, website, non_mailing, source)"
        " VALUES (?, ?, 1, ?, ?, 'BV', ?, ?, ?, '2025', ?, ?, ?, ?, ?, ?, 0, 'x')",
        (
            (number, moment, c[0], c[0], c[1], c[2], c[4], c[5], c[6], c[8].replace(" ", ""), c[9], c[12], c[13])
            for number, c in enumerate(lines, 1)
        ),
    )
    connection.executemany(
        "INSERT INTO company_number (created_at, company_id, e164, backwards, original, is_main, is_wrong, source)"
        " VALUES (?, ?, ?, ?, '', 1, 0, 'x')",
        ((moment, company, e164, e164[::-1]) for company, found in enumerate(numbers, 1) for e164 in found),
    )
    connection.commit()


def _e164(text: str) -> str:
    number = phonenumbers.parse(text, "NL")
    assert phonenumbers.is_valid_number(number), text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _make_database(folder: Path) -> str:
    url = f"sqlite:///{folder / 'kopkoffie.db'}"
    engine = make_engine(url)
    METADATA.create_all(engine)
    engine.dispose()
    return url


def product(path: Path, folder: Path) -> None:
    engine = make_engine(_make_database(folder)).execution_options(writing=True)
    for expected in ("created", "unchanged"):
        start = time.perf_counter()
        with Session(engine) as session, session.begin():
            report = import_file(session, SYSTEM, path, ImportInput(), folder=folder / "report")
        assert getattr(report, expected) >= 0.98 * report.rows, report
        print(f"      {expected:10} {report.rows / (time.perf_counter() - start):10,.0f} rows/s")


def measure(name: str, work: Callable[[Path, Path], None], path: Path, number: int) -> None:
    """In a fresh process: seconds and the peak of memory above an empty start."""
    process = get_context("spawn").Process(target=_run, args=(name, work, path, number))
    process.start()
    process.join()


def _run(name: str, work: Callable[[Path, Path], None], path: Path, number: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with TemporaryDirectory() as folder:
        start = time.perf_counter()
        work(path, Path(folder))
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = f"peak {peak / 1024:.0f} MB, of which {before / 1024:.0f} MB before it began"
    print(f"  {name:14} {seconds:6.2f} s {number / seconds:10,.0f} rows/s   {memory}")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with TemporaryDirectory() as folder:
        for name, write in (("companies.csv", write_csv), ("companies.xlsx", write_xlsx)):
            path = Path(folder) / name
            write(path, number)
            print(f"{name}: {number:,} rows, {path.stat().st_size / 1e6:.1f} MB")
            measure("floor", floor, path, number)
            measure("import twice", product, path, number)


if __name__ == "__main__":
    main()
