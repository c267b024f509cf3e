"""Companies that are already there, from an earlier import or an earlier row."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, func, select

from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.companies.importing import services
from crm.companies.importing.inputs import Choice, Decision, ImportInput
from crm.companies.importing.report import Report
from crm.companies.importing.services import import_file
from crm.companies.models import Company, CompanyNumber, Suppression, SuppressionReason
from crm.core.db import reading, transaction
from tests.conftest import add_user
from tests.crm.companies.importing.looking import HEADER, JANSEN, companies, counts, make_company, numbers, problems


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


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
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
