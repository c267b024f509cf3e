"""The gate on real rows: what blocks a company, a person or a number, one by one and a thousand at a time."""

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.companies.gate import callable_now, may_call, may_call_many, verdict_counts
from crm.companies.models import (
    Company,
    CompanyNumber,
    Consent,
    ConsentChannel,
    Contact,
    Suppression,
    SuppressionReason,
)
from crm.core.clock import at
from crm.core.errors import NotFound
from crm.reference.queries import legal_forms
from tests.conftest import make_company

TUESDAY = at(date(2026, 11, 24), 10)
DAY = timedelta(days=1)


def rule(session: Session, company: Company, **how: Any) -> str:
    verdict = may_call(session, company.id, **({"moment": TUESDAY} | how))
    return "yes" if verdict.allowed else verdict.rule


def make_consent(session: Session, company: Company, actor: Actor, **overrides: Any) -> Consent:
    fields = {
        "given_by": "M. de Wit",
        "channel": ConsentChannel.LETTER,
        "text": "U mag mij bellen.",
        "given_at": TUESDAY - DAY,
    }
    consent = Consent(company_id=company.id, recorded_by_id=actor.user_id, **(fields | overrides))
    session.add(consent)
    session.flush()
    return consent


def block(session: Session, **target: Any) -> None:
    session.add(Suppression(**({"reason": SuppressionReason.OBJECTION} | target)))
    session.flush()


def number_of(session: Session, company: Company) -> CompanyNumber:
    return session.scalars(select(CompanyNumber).where(col(CompanyNumber.company_id) == company.id)).one()


class TestOneCompany:
    def test_a_company_nobody_knows_is_not_found(self, session: Session) -> None:
        with pytest.raises(NotFound):
            may_call(session, 987_654)

    def test_a_legal_person_with_a_number_may_be_called(self, session: Session) -> None:
        assert rule(session, make_company(session)) == "yes"

    def test_stopped_companies_are_left_alone(self, session: Session) -> None:
        assert rule(session, make_company(session, stopped_at=TUESDAY)) == "stopped"

    def test_a_wrong_number_is_no_number(self, session: Session) -> None:
        company = make_company(session)
        number = number_of(session, company)
        number.is_wrong = True
        session.flush()
        assert rule(session, company) == "no-number"
        assert rule(session, company, e164=number.e164) == "no-number"

    def test_a_second_number_that_works_is_enough(self, session: Session) -> None:
        company = make_company(session, number="+31101111111")
        session.add(CompanyNumber(company_id=company.id, e164="+31102222222"))
        block(session, e164="+31101111111")
        assert rule(session, company) == "yes"
        assert rule(session, company, e164="+31101111111") == "suppressed-number"
        assert rule(session, company, e164="+31102222222") == "yes"

    def test_a_number_typed_in_by_hand_is_judged_too(self, session: Session) -> None:
        company = make_company(session)
        assert rule(session, company, e164="+31103333333") == "yes"
        block(session, e164="+31103333333")
        assert rule(session, company, e164="+31103333333") == "suppressed-number"

    def test_a_blocked_number_blocks_every_company_that_has_it(self, session: Session) -> None:
        companies = [make_company(session, number="+31104444444") for _n in range(2)]
        block(session, e164="+31104444444")
        assert [rule(session, company) for company in companies] == ["suppressed-number"] * 2

    def test_a_blocked_company_stays_blocked_with_a_new_number_and_consent(
        self, session: Session, caller: Actor
    ) -> None:
        company = make_company(session)
        block(session, company_id=company.id)
        session.add(CompanyNumber(company_id=company.id, e164="+31105555555"))
        make_consent(session, company, caller)
        assert rule(session, company) == rule(session, company, e164="+31105555555") == "suppressed-company"

    def test_a_block_on_one_branch_counts_for_the_whole_business(self, session: Session) -> None:
        first = make_company(session, kvk_number="00000001", branch_number="000000000001")
        second = make_company(session, kvk_number="00000001", branch_number="000000000002")
        stranger = make_company(session, kvk_number="00000002")
        nameless = make_company(session)
        block(session, company_id=first.id)
        found = [rule(session, company) for company in (second, stranger, nameless)]
        assert found == ["suppressed-company", "yes", "yes"]

    def test_a_person_may_be_blocked_while_the_company_is_not(self, session: Session) -> None:
        company = make_company(session)
        people = [Contact(company_id=company.id, name=name) for name in ("Wil Niet", "Wil Wel")]
        session.add_all(people)
        session.flush()
        block(session, contact_id=people[0].id)
        assert rule(session, company) == "yes"
        assert rule(session, company, contact_id=people[0].id) == "suppressed-person"
        assert rule(session, company, contact_id=people[1].id) == "yes"

    def test_only_builders_hear_of_the_building_holiday(self, session: Session) -> None:
        summer = at(date(2027, 8, 3), 10)
        builder, baker = make_company(session, sbi_code="43210"), make_company(session, sbi_code="10710")
        assert len(may_call(session, builder.id, moment=summer).warnings) == 2
        assert len(may_call(session, baker.id, moment=summer).warnings) == 1

    def test_a_checked_form_has_to_be_checked_again_when_it_changes(self, session: Session) -> None:
        company = make_company(session, legal_form="0001", legal_form_checked="0001")
        assert rule(session, company) == "yes"
        company.legal_form = "0002"
        session.flush()
        assert rule(session, company) == "manual-check"


class TestConsent:
    @pytest.mark.parametrize(
        ("dates", "expected"),
        [
            ({}, "yes"),
            ({"given_at": TUESDAY + DAY}, "natural-person"),
            ({"expires_at": TUESDAY}, "natural-person"),
            ({"expires_at": TUESDAY + DAY}, "yes"),
            ({"withdrawn_at": TUESDAY - timedelta(seconds=1)}, "natural-person"),
            ({"withdrawn_at": TUESDAY + DAY}, "yes"),
        ],
    )
    def test_counts_only_while_it_holds(
        self, session: Session, caller: Actor, dates: dict[str, Any], expected: str
    ) -> None:
        company = make_company(session, legal_form="VOF")
        consent = make_consent(session, company, caller, **dates)
        assert rule(session, company) == expected
        assert consent.holds_at(TUESDAY) is (expected == "yes")

    def test_of_somebody_else_does_not_count(self, session: Session, caller: Actor) -> None:
        company = make_company(session, legal_form="EMZ")
        make_consent(session, make_company(session, legal_form="EMZ"), caller)
        assert rule(session, company) == "natural-person"


def make_all_kinds(session: Session, actor: Actor, count: int = 120) -> list[int]:
    """Companies in every mixture of legal form, consent, block, number and state, the same every time."""
    pick = Random(7)
    ids = []
    for n in range(count):
        company = make_company(
            session,
            legal_form=pick.choice([*legal_forms(), "BV", "BV", "EMZ"]),
            legal_form_checked=pick.choice([None, "0001", "OPR"]),
            stopped_at=pick.choice([None, None, None, TUESDAY]),
            kvk_number=pick.choice([None, f"{n // 3:08}"]),
        )
        number = number_of(session, company)
        number.is_wrong = pick.random() < 0.2
        if pick.random() < 0.4:
            make_consent(session, company, actor, withdrawn_at=pick.choice([None, TUESDAY - DAY]))
        if pick.random() < 0.15:
            block(session, company_id=company.id, reason=pick.choice(list(SuppressionReason)))
        if pick.random() < 0.15:
            block(session, e164=number.e164, reason=SuppressionReason.WRONG_NUMBER)
        ids.append(company.id)
    session.flush()
    return ids


class TestManyCompanies:
    def test_the_list_clause_the_counts_and_the_gate_agree(self, session: Session, caller: Actor) -> None:
        ids = make_all_kinds(session, caller)
        one_by_one = {id_: may_call(session, id_, moment=TUESDAY) for id_ in ids}
        allowed = {id_ for id_, verdict in one_by_one.items() if verdict.allowed}
        refused = Counter(verdict.reason for verdict in one_by_one.values() if not verdict.allowed)
        assert 10 < len(allowed) < 110
        assert len(refused) > 8

        chosen = select(col(Company.id)).where(col(Company.id).in_(ids))
        assert set(session.scalars(chosen.where(callable_now(TUESDAY)))) == allowed
        assert verdict_counts(session, chosen, moment=TUESDAY) == refused
        assert may_call_many(session, ids, moment=TUESDAY) == one_by_one

    def test_the_hour_does_not_count_for_lists(self, session: Session) -> None:
        company = make_company(session)
        sunday = TUESDAY + 5 * DAY
        chosen = select(col(Company.id)).where(col(Company.id) == company.id)
        assert verdict_counts(session, chosen, moment=sunday) == {}
        assert may_call_many(session, [company.id], moment=sunday, any_time=True)[company.id].allowed
        assert not may_call_many(session, [company.id], moment=sunday)[company.id].allowed

    def test_costs_one_statement_however_many(self, session: Session, caller: Actor) -> None:
        ids = make_all_kinds(session, caller, count=12)
        statements: list[str] = []
        engine = session.connection().engine
        event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
        may_call_many(session, ids)
        verdict_counts(session, select(col(Company.id)))
        assert len(statements) == 2
