import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.companies.importing import services
from crm.companies.importing.errors import MissingColumns
from crm.companies.importing.inputs import Choice, CompanyField, Decision, ImportInput
from crm.companies.importing.report import Report
from crm.companies.importing.services import check_file, import_file
from crm.companies.models import Company, CompanyNumber, ImportBatch, Suppression, SuppressionReason
from crm.core.db import reading, transaction
from crm.core.errors import NotAllowed
from crm.core.text import name_key
from tests.conftest import add_user

HEADER = "Naam;Telefoon;KVK;Vestigingsnummer;Postcode;E-mail;Rechtsvorm"
JANSEN = "Bakkerij Jansen B.V.;010-1234567;12345678;;3311 AB;info@jansen.nl;B.V."


def companies(session: Session) -> list[Company]:
    return list(session.exec(select(Company).order_by(col(Company.id))))


def numbers(session: Session, company: Company) -> list[CompanyNumber]:
    statement = select(CompanyNumber).where(CompanyNumber.company_id == company.id).order_by(col(CompanyNumber.id))
    return list(session.exec(statement))


def counts(report: Report) -> dict[str, int]:
    names = ("rows", "created", "updated", "unchanged", "duplicates", "rejected")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def problems(report: Report) -> list[tuple[int, str]]:
    return [(issue["row"], issue["problem"]) for issue in report.issues()]


def make_company(
    session: Session, name: str = "Bakkerij Jansen B.V.", *, e164: str = "+31101234567", **fields: Any
) -> Company:
    company = Company(name=name, name_key=name_key(name), **fields)
    session.add(company)
    session.flush()
    session.add(CompanyNumber(company_id=company.id, e164=e164, is_main=True))
    session.flush()
    return company


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


class TestSecondImport:
    def test_changes_nothing(self, session, run, make_csv) -> None:
        path = make_csv(
            HEADER,
            JANSEN,
            "Slagerij De Zon;06 12345678 / 078-6123456;;;3311CD;;eenmanszaak",
            "Bakkerij Jansen;010-1234567;;;;jan@jansen.nl;",
            "Garage Vet;078-6141414;87654321;000011112222;3331AB;;VOF",
            "Garage Vet;078-6141415;87654321;000011113333;3331AC;;VOF",
            "Bakkerij Janssen;010-7654321;;;3311AB;;",
            "Zonder nummer;;;;;;",
        )
        first = run(path)
        assert counts(first) == {"rows": 7, "created": 4, "duplicates": 2, "rejected": 1}
        before = [company.model_dump() for company in companies(session)]
        count = session.exec(select(func.count()).select_from(CompanyNumber)).one()
        second = run(path)
        assert counts(second) == {"rows": 7, "unchanged": 4, "duplicates": 2, "rejected": 1}
        session.expire_all()
        assert [company.model_dump() for company in companies(session)] == before
        assert session.exec(select(func.count()).select_from(CompanyNumber)).one() == count

    def test_is_unchanged_after_another_company_was_made_of_a_near_one(self, session, run, make_csv) -> None:
        path = make_csv(HEADER, JANSEN, "Bakkerij Janssen;010-7654321;;;3311AB;;")
        run(path, decisions={3: Decision(choice=Choice.ANOTHER, candidate="row:2")})
        assert len(companies(session)) == 2
        assert counts(run(path)) == {"rows": 2, "unchanged": 2}


class TestKnownCompanies:
    def test_get_what_they_lack(self, session, run, make_csv) -> None:
        company = make_company(session, postcode="3311AB", email="")
        report = run(make_csv(HEADER, "Bakkerij Jansen;078-6123456;1234567;;3311AB;info@jansen.nl;BV"), source="Beurs")
        assert counts(report) == {"rows": 1, "updated": 1}
        session.refresh(company)
        assert (company.kvk_number, company.email, company.legal_form) == ("01234567", "info@jansen.nl", "BV")
        assert company.version == 2
        assert [(n.e164, n.is_main, n.source) for n in numbers(session, company)] == [
            ("+31101234567", True, ""),
            ("+31786123456", False, "Beurs"),
        ]

    def test_keep_what_somebody_filled_in(self, session, run, make_csv) -> None:
        company = make_company(session, email="directie@jansen.nl", legal_form="VOF", town="Dordrecht")
        report = run(make_csv(HEADER, "Bakkerij Jansen;010-1234567;;;;info@jansen.nl;BV"))
        assert counts(report) == {"rows": 1, "unchanged": 1}
        assert problems(report) == [(2, "differs"), (2, "differs")]
        session.refresh(company)
        assert (company.email, company.legal_form, company.version) == ("directie@jansen.nl", "VOF", 1)

    def test_keep_their_whole_address_when_the_file_has_another(self, session, run, make_csv) -> None:
        company = make_company(session, kvk_number="12345678", postcode="3311AB", town="Dordrecht")
        path = make_csv("Naam;Telefoon;KVK;Vestigingsnummer;Straat;Postcode", "X;078-6123456;12345678;;Kade 1;3331")
        run(path, decisions={2: Decision(choice=Choice.SAME, candidate=f"company:{company.id}")})
        session.refresh(company)
        assert (company.street, company.postcode, company.town) == ("", "3311AB", "Dordrecht")

    def test_changes_are_in_the_audit_log(self, session, run, make_csv, coordinator) -> None:
        company = make_company(session)
        run(make_csv(HEADER, "Bakkerij Jansen;010-1234567 / 078-6123456;;;;info@jansen.nl;"))
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.action == "company.imported"))
        assert (entry.actor_id, entry.subject_type, entry.subject_id) == (coordinator.id, "company", company.id)
        assert entry.changes["email"] == ["", "info@jansen.nl"]
        assert entry.changes["numbers"] == [None, ["+31786123456"]]

    def test_a_wrong_number_stays_wrong(self, session, run, make_csv) -> None:
        company = make_company(session)
        numbers(session, company)[0].is_wrong = True
        session.flush()
        assert counts(run(make_csv(HEADER, "Bakkerij Jansen;010-1234567;;;;;"))) == {"rows": 1, "unchanged": 1}
        session.expire_all()
        assert [n.is_wrong for n in numbers(session, company)] == [True]

    def test_suppressed_companies_and_numbers_stay_suppressed(self, session, run, make_csv) -> None:
        company = make_company(session)
        session.add(Suppression(company_id=company.id, reason=SuppressionReason.OBJECTION))
        session.add(Suppression(e164="+31786123456", reason=SuppressionReason.WRONG_NUMBER))
        session.flush()
        before = [s.model_dump() for s in session.exec(select(Suppression))]
        report = run(make_csv(HEADER, JANSEN, "De Zon;078-6123456;;;;;"))
        assert counts(report) == {"rows": 2, "created": 1, "updated": 1}
        session.expire_all()
        assert [s.model_dump() for s in session.exec(select(Suppression))] == before


class TestDuplicates:
    def test_within_the_file_add_what_is_new_to_the_first(self, session, run, make_csv) -> None:
        report = run(make_csv(HEADER, JANSEN, "", "Bakkerij Jansen;+31 10 1234567 / 078-6123456;;;;;"))
        assert counts(report) == {"rows": 2, "created": 1, "duplicates": 1}
        assert problems(report) == [(4, "duplicate")]
        (company,) = companies(session)
        assert [n.e164 for n in numbers(session, company)] == ["+31101234567", "+31786123456"]

    def test_are_found_across_batches(self, session, run, make_csv, monkeypatch) -> None:
        monkeypatch.setattr(services, "AT_ONCE", 1)
        report = run(
            make_csv(HEADER, JANSEN, "De Zon;078-6123456;;;;;", JANSEN, "Bakkerij Janssen;010-7654321;;;3311AB;;")
        )
        assert counts(report) == {"rows": 4, "created": 2, "duplicates": 2}
        assert [near.candidate for near in report.near_duplicates()] == ["row:2"]

    def test_branches_of_one_business_are_none(self, session, run, make_csv) -> None:
        report = run(
            make_csv(
                HEADER,
                "Kapsalon;010-1234567;12345678;000011111111;3311AB;;",
                "Kapsalon;010-1234567;12345678;000022222222;3311AB;;",
                "Kapsalon;078-6123456;12345678;;3331AB;;",
            )
        )
        assert counts(report) == {"rows": 3, "created": 3}

    @pytest.mark.parametrize(
        ("choice", "expected"),
        [
            (Choice.SAME, {"rows": 1, "updated": 1}),
            (Choice.ANOTHER, {"rows": 1, "created": 1}),
            (Choice.LEAVE_OUT, {"rows": 1, "duplicates": 1}),
        ],
    )
    def test_near_ones_wait_for_a_decision(
        self, session, run, make_csv, choice: Choice, expected: dict[str, int]
    ) -> None:
        company = make_company(session, postcode="3311AB", town="Dordrecht")
        path = make_csv(HEADER, "Bakkerij Janssen;078-6123456;;;3311AB;;")
        report = run(path)
        assert counts(report) == {"rows": 1, "duplicates": 1}
        assert problems(report) == [(2, "near_duplicate")]
        (near,) = report.near_duplicates()
        assert (near.row, near.candidate, near.candidate_name) == (2, f"company:{company.id}", company.name)
        assert (near.candidate_number, near.candidate_address) == ("010 123 4567", "3311AB, Dordrecht")
        decided = run(path, decisions={2: Decision(choice=choice, candidate=near.candidate)})
        assert counts(decided) == expected

    def test_a_decision_about_another_company_does_not_count(self, session, run, make_csv) -> None:
        make_company(session, postcode="3311AB")
        path = make_csv(HEADER, "Bakkerij Janssen;078-6123456;;;3311AB;;")
        report = run(path, decisions={2: Decision(choice=Choice.SAME, candidate="company:999")})
        assert counts(report) == {"rows": 1, "duplicates": 1}

    def test_many_companies_at_one_postcode_are_matched_by_their_exact_name(
        self, session, run, make_csv, monkeypatch
    ) -> None:
        monkeypatch.setattr("crm.companies.importing.known.CROWDED", 2)
        for n in range(4):
            make_company(session, f"Bedrijf {'abcd'[n] * 5}", e164=f"+3110123456{n}", postcode="3311AB")
        report = run(make_csv(HEADER, "Bedrijf aaaaa;078-6123456;;;3311AB;;", "Bedrijf bbbbc;078-6123457;;;3311AB;;"))
        assert counts(report) == {"rows": 2, "updated": 1, "created": 1}


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


NAMES = ("Bakkerij Jansen B.V.", "Bakkerij Jansen", "Bakkerij Janssen", "Garage Vet", "")
PHONES = ("010-1234567", "078-6123456", "010-1234567 / 078-6123456", "06-12345678", "3,11E+10")
ROWS = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(PHONES),
    st.sampled_from(("12345678", "87654321", "")),
    st.sampled_from(("000011111111", "000022222222", "", "")),
    st.sampled_from(("3311AB", "3331AC", "3311", "")),
    st.sampled_from(("a@jansen.nl", "b@jansen.nl", "")),
    st.sampled_from(("BV", "VOF", "")),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(ROWS, max_size=9), batch=st.sampled_from((1, 3, 1_000)))
def test_whatever_is_in_a_file_a_second_import_changes_nothing(
    session: Session, run: Any, make_csv: Any, rows: list[tuple[str, ...]], batch: int
) -> None:
    path = make_csv(HEADER, *map(";".join, rows))
    with session.begin_nested() as savepoint, pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "AT_ONCE", batch)
        first = run(path)
        assert first.rows == len(rows)
        assert first.rows == sum(n for name, n in counts(first).items() if name != "rows")
        before = [company.model_dump() for company in companies(session)]
        second = run(path)
        assert (second.created, second.updated, second.rejected) == (0, 0, first.rejected)
        session.expire_all()
        assert [company.model_dump() for company in companies(session)] == before
        savepoint.rollback()


def test_two_who_import_the_same_file_at_once_make_each_company_once(database: Engine, make_csv, tmp_path) -> None:
    path = make_csv("Naam;Telefoon", *[f"Bedrijf {n};010-{2000000 + n}" for n in range(1_500)])
    with transaction() as session:
        actor = add_user(session, Role.COORDINATOR)

    def work(number: int) -> Report:
        with transaction() as session:
            return import_file(session, actor, path, ImportInput(), folder=tmp_path / str(number))

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(work, range(2)))
    assert sorted((report.created, report.unchanged) for report in reports) == [(0, 1_500), (1_500, 0)]
    with reading() as session:
        assert session.exec(select(func.count()).select_from(Company)).one() == 1_500
