"""What comes of the rows of a file."""

import gc
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.companies.gate import callable_now, may_call_many
from crm.companies.importing import services
from crm.companies.importing.errors import MissingColumns
from crm.companies.importing.inputs import CompanyField, ImportInput
from crm.companies.importing.report import Report
from crm.companies.importing.services import check_file, import_file
from crm.companies.inputs import NumberBlockInput
from crm.companies.models import Company, ImportBatch, SuppressionReason
from crm.companies.services import suppress_number
from crm.core.db import reading, transaction
from crm.core.errors import NotAllowed
from tests.conftest import add_user
from tests.crm.companies.importing.looking import HEADER, JANSEN, companies, counts, make_company, numbers, problems


class TestNewCompanies:
    def test_come_in_with_everything_the_file_tells(self, session, run, make_csv) -> None:
        header = "Naam;Telefoon;KvK;Rechtsvorm;SBI;Activiteit;Straat;Postcode;Personeel;Website;Non-mailing"
        path = make_csv(
            header, "Bakkerij Jansen B.V.;010-1234567;1234567;B.V.;10.71;Brood;Voorstraat 1;3311 ab;2-9;jansen.nl;ja"
        )
        report = run(path, source="Bedrijvengids")
        assert counts(report) == {"rows": 1, "created": 1}
        (company,) = companies(session)
        expected = {
            "name": "Bakkerij Jansen B.V.", "name_key": "bakkerij jansen", "kvk_number": "01234567",
            "legal_form": "BV", "sbi_code": "1071", "sbi_version": "2025", "activity": "Brood",
            "street": "Voorstraat 1", "postcode": "3311AB", "town": "Dordrecht", "staff_min": 2, "staff_max": 9,
            "website": "https://jansen.nl", "non_mailing": True, "source": "Bedrijvengids", "version": 1,
        }  # fmt: skip
        assert {name: getattr(company, name) for name in expected} == expected
        assert company.latitude == pytest.approx(51.8, abs=0.1)

    def test_keep_all_numbers_of_which_the_first_is_the_main_one(self, session, run, make_csv) -> None:
        run(make_csv("Naam;Telefoon", "De Zon;06 12345678 / 010-1234567 (na 17u)"), source="Beurs")
        (company,) = companies(session)
        assert [(n.e164, n.original, n.is_main, n.is_wrong, n.source) for n in numbers(session, company)] == [
            ("+31612345678", "06 12345678", True, False, "Beurs"),
            ("+31101234567", "010-1234567 (na 17u)", False, False, "Beurs"),
        ]

    def test_with_a_number_that_was_blocked_before_are_not_called(self, session, run, make_csv, coordinator) -> None:
        given = NumberBlockInput(number="010 123 45 67", reason=SuppressionReason.OBJECTION)
        suppress_number(session, coordinator, given)
        run(make_csv("Naam;Telefoon;Rechtsvorm", "De Zon;(010) 1234567;BV", "De Maan;010-7654321;BV"))
        verdicts = may_call_many(session, [company.id for company in companies(session)], any_time=True)
        assert {verdict.rule for verdict in verdicts.values()} == {"suppressed-number", "legal-person"}
        on_lists = session.exec(select(Company.name).where(callable_now())).all()
        assert on_lists == ["De Maan"]

    def test_can_be_traced_to_the_import(self, session, run, make_csv, coordinator) -> None:
        run(make_csv(HEADER, JANSEN), file_name="gids.csv")
        (batch,) = session.exec(select(ImportBatch))
        assert (batch.file_name, batch.source, batch.made_by_id) == ("gids.csv", "gids.csv", coordinator.id)
        assert (batch.rows, batch.created, len(batch.file_sha256)) == (1, 1, 64)
        assert companies(session)[0].import_id == batch.id
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.action == "companies.imported"))
        assert entry.changes["created"] == [None, 1]

    def test_without_a_legal_form_are_unknown_without_a_complaint(self, session, run, make_csv) -> None:
        report = run(make_csv("Naam;Telefoon;Rechtsvorm", "A1;010-1234567;", "B2;078-6123456;Groep"))
        assert [company.legal_form for company in companies(session)] == ["ONB", "ONB"]
        assert problems(report) == [(3, "legal_form_unknown")]

    def test_come_out_of_a_workbook_as_well(self, session, run, make_xlsx) -> None:
        path = make_xlsx(
            A=[
                ["Export"],
                [],
                ["Naam", "Telefoon", "KVK", "Personeel"],
                ["De Zon", 101234567, 1234567.0, date(2026, 9, 2)],
            ]
        )
        report = run(path)
        assert problems(report) == [(4, "phone_zero"), (4, "excel_date")]
        (company,) = companies(session)
        assert (company.kvk_number, numbers(session, company)[0].e164) == ("01234567", "+31101234567")

    def test_follow_a_corrected_mapping(self, session, run, make_csv) -> None:
        path = make_csv("A;B;C", "010-1234567;De Zon;x")
        with pytest.raises(MissingColumns):
            run(path)
        run(path, columns={0: CompanyField.PHONE, 1: CompanyField.NAME})
        assert [company.name for company in companies(session)] == ["De Zon"]


class TestRejectedRows:
    def test_can_be_taken_away_as_they_came(self, run, make_csv) -> None:
        report = run(
            make_csv(
                "Naam;Telefoon;Opmerking", 'Zonder "nummer";3,11E+10;a', ";+31 10 1234567;-5", "=1+1;geen;@x", "kort"
            )
        )
        assert counts(report) == {"rows": 4, "rejected": 4}
        lines = report.rejected_rows.read_text(encoding="utf-8-sig").splitlines()
        assert lines[0] == "Naam;Telefoon;Opmerking;Regel;Reden"
        assert lines[1].startswith('"Zonder ""nummer""";3,11E+10;a;2;Excel')
        assert lines[2].startswith(";+31 10 1234567;-5;3;")
        assert lines[3].startswith("'=1+1;geen;'@x;4;")
        assert lines[4].startswith("kort;;;5;")

    def test_corrected_and_imported_again_they_are_as_they_were(self, session, run, make_csv) -> None:
        report = run(make_csv("Naam;Telefoon", "@home;geen"))
        text = report.rejected_rows.read_text(encoding="utf-8-sig").replace("geen", "010-1234567")
        again = run(make_csv(*text.splitlines()))
        assert counts(again) == {"rows": 1, "created": 1}
        assert companies(session)[0].name == "@home"

    def test_stop_everything_when_all_rows_are_wanted(self, session, run, make_csv) -> None:
        make_company(session)
        report = run(make_csv(HEADER, JANSEN, "De Zon;078-6123456;;;;;", "Slecht;;;;;;"), all_or_nothing=True)
        assert not report.written
        assert counts(report) == {"rows": 3, "rejected": 3}
        assert problems(report)[-1] == (0, "nothing_written")
        assert len(companies(session)) == 1
        assert not session.exec(select(ImportBatch)).all()
        assert companies(session)[0].email == ""

    def test_stop_nothing_when_there_are_none(self, session, run, make_csv) -> None:
        report = run(make_csv(HEADER, JANSEN), all_or_nothing=True)
        assert report.written
        assert len(companies(session)) == 1


class TestEveryRow:
    def test_is_counted_once_and_empty_lines_are_not(self, run, make_csv) -> None:
        report = run(make_csv(HEADER, "", JANSEN, ";;;;;;", "  ;;", JANSEN, "x", "", "De Zon;078-6123456;;;;;;;;"))
        assert counts(report) == {"rows": 4, "created": 2, "duplicates": 1, "rejected": 1}

    def test_none_is_lost_after_an_open_quotation_mark(self, run, make_csv) -> None:
        report = run(make_csv("Naam;Telefoon", '"De Zon;010-1234567', "De Maan;078-6123456", "De Ster;078-6123457"))
        assert counts(report) == {"rows": 3, "created": 2, "rejected": 1}
        assert problems(report) == [(2, "unclosed_quote")]

    def test_only_headings_is_a_file_without_rows(self, run, make_csv) -> None:
        assert counts(run(make_csv(HEADER))) == {}


class TestGarbage:
    """It is not looked for among what was there before, which for a web server stays so."""

    @pytest.fixture(autouse=True)
    def _as_it_was(self) -> Iterator[None]:
        yield
        gc.unfreeze()

    def test_what_was_left_alone_for_an_import_is_looked_at_again(self, run, make_csv) -> None:
        run(make_csv(HEADER, JANSEN))
        assert gc.get_freeze_count() == 0

    def test_what_a_web_server_leaves_alone_is_left_alone_afterwards_too(self, run, make_csv) -> None:
        gc.freeze()
        before = gc.get_freeze_count()
        run(make_csv(HEADER, JANSEN))
        assert gc.get_freeze_count() >= before - 1_000  # some of it went by itself


class TestCheck:
    def test_tells_what_an_import_would_do_and_does_nothing(self, session, coordinator, make_csv, tmp_path) -> None:
        make_company(session)
        path = make_csv(HEADER, JANSEN, "De Zon;078-6123456;;;;;", "Slecht;;;;;;")
        report = check_file(session, coordinator, path, ImportInput(), folder=tmp_path / "check")
        assert counts(report) == {"rows": 3, "created": 1, "updated": 1, "rejected": 1}
        assert not report.written
        assert [company.email for company in companies(session)] == [""]
        assert not session.exec(select(AuditEntry)).all()
        assert counts(Report.load(tmp_path / "check")) == counts(report)


class TestPermission:
    @pytest.mark.parametrize("service", [import_file, check_file])
    def test_a_caller_may_not_import(self, session, caller: Actor, make_csv, tmp_path: Path, service: Any) -> None:
        with pytest.raises(NotAllowed):
            service(session, caller, make_csv(HEADER, JANSEN), ImportInput(), folder=tmp_path)


class TestWholeDatabase:
    def test_a_failure_half_way_leaves_nothing(self, database: Engine, make_csv, tmp_path, monkeypatch) -> None:
        monkeypatch.setattr(services, "AT_ONCE", 10)
        path = make_csv("Naam;Telefoon", *[f"Bedrijf {n};010-{2000000 + n}" for n in range(50)])

        def interrupt(share: float) -> None:
            if share == 1:
                raise KeyboardInterrupt

        with transaction() as session:
            actor = add_user(session, Role.COORDINATOR)
        with pytest.raises(KeyboardInterrupt), transaction() as session:
            import_file(session, actor, path, ImportInput(), folder=tmp_path / "r", progress=interrupt)
        with reading() as session:
            assert not companies(session)
            assert not session.exec(select(ImportBatch)).all()

    def test_others_can_add_companies_afterwards(self, database: Engine, make_csv, tmp_path) -> None:
        with transaction() as session:
            actor = add_user(session, Role.COORDINATOR)
        with transaction() as session:
            import_file(session, actor, make_csv(HEADER, JANSEN), ImportInput(), folder=tmp_path / "r")
        with transaction() as session:
            make_company(session, "Een ander", e164="+31201234567")
        with reading() as session:
            assert len(companies(session)) == 2


def test_the_report_for_programs_has_the_agreed_shape(run, make_csv, tmp_path: Path) -> None:
    report = run(make_csv("Naam;Telefoon;BSN", "De Zon;3,11E+10;x"))
    report.save(tmp_path / "out.json")
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert {name: written[name] for name in written if name != "issues"} == {
        "rows": 1, "created": 0, "updated": 0, "unchanged": 0, "duplicates": 0, "rejected": 1,
    }  # fmt: skip
    assert [(item["row"], item["column"], item["value"], item["problem"]) for item in written["issues"]] == [
        (1, "BSN", "", "unknown_column"),
        (2, "Telefoon", "3,11E+10", "phone_scientific"),
        (2, "Telefoon", "3,11E+10", "missing_phone"),
    ]
    assert all(item["message"] for item in written["issues"])


def test_the_report_for_excel_runs_no_formula(run, make_csv, tmp_path: Path) -> None:
    report = run(make_csv("Naam;Telefoon;E-mail", 'De Zon;010-1234567;=HYPERLINK("http://x")'))
    report.save_issues(tmp_path / "out.csv")
    assert "'=HYPERLINK" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
