"""Changing companies: allowed to whom, kept how, and seen in the audit log."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select

from crm.access.actor import SYSTEM, Actor
from crm.audit.models import AuditEntry
from crm.companies import services
from crm.companies.gate import callable_now, may_call
from crm.companies.inputs import (
    CompanyInput,
    ConsentInput,
    ContactInput,
    NewCompanyInput,
    NumberBlockInput,
    NumberInput,
    PublicationInput,
    RelationInput,
    WithdrawalInput,
)
from crm.companies.models import Company, CompanyNumber, ConsentChannel, Suppression, SuppressionReason
from crm.core.clock import at, now, today
from crm.core.errors import ChangedMeanwhile, NotAllowed, NotFound
from crm.core.i18n import speaking
from tests.conftest import make_company

EVIDENCE = ConsentInput(
    given_by="M. de Wit", channel=ConsentChannel.PAPER, text="U mag\nbellen.", verified_how="handtekening"
)
BY_PHONE = WithdrawalInput(channel=ConsentChannel.TELEPHONE, how="zei het zelf")


def make_new(**overrides: Any) -> NewCompanyInput:
    fields = {"name": "Slagerij Bos B.V.", "number": "010-2345678", "source": "website", "postcode": "3011AA"}
    return NewCompanyInput.model_validate(fields | overrides)


def make_block(**overrides: Any) -> NumberBlockInput:
    fields = {"number": "010-2345678", "reason": SuppressionReason.OBJECTION, "note": " per  e-mail "}
    return NumberBlockInput.model_validate(fields | overrides)


def numbers(session: Session, company: Company) -> list[CompanyNumber]:
    statement = select(CompanyNumber).where(CompanyNumber.company_id == company.id).order_by(col(CompanyNumber.id))
    return list(session.exec(statement))


def actions(session: Session) -> list[str]:
    session.flush()
    return list(session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id))))


def rule(session: Session, company: Company, **how: Any) -> str:
    """The rule that decides, without looking at the clock of the test."""
    verdict = may_call(session, company.id, **how)
    return "time" if verdict.rule in {"sunday", "holiday", "desk-hours"} else verdict.rule


class TestAddCompany:
    def test_keeps_the_number_and_where_it_came_from(self, session: Session, caller: Actor) -> None:
        company = services.add_company(session, caller, make_new())
        assert (company.name, company.name_key, company.source) == ("Slagerij Bos B.V.", "slagerij bos", "website")
        [number] = numbers(session, company)
        assert (number.e164, number.source, number.is_main) == ("+31102345678", "website", True)
        assert actions(session) == ["company.added"]

    @pytest.mark.parametrize("again", [{"name": "Iets anders"}, {"number": "010-8765432", "name": "slagerij BOS"}])
    def test_points_to_the_one_that_looks_the_same(
        self, session: Session, caller: Actor, again: dict[str, str]
    ) -> None:
        services.add_company(session, caller, make_new())
        with pytest.raises(services.CompanyKnown, match="Slagerij Bos"):
            services.add_company(session, caller, make_new(**again))

    @pytest.mark.parametrize("typed", ["geen nummer", "112", "010-2345678 of 010-2345679"])
    def test_needs_exactly_one_number(self, session: Session, caller: Actor, typed: str) -> None:
        with pytest.raises(services.NotOneNumber):
            services.add_company(session, caller, make_new(number=typed))


class TestChangeCompany:
    def test_changes_the_name_people_search_by(self, session: Session, caller: Actor) -> None:
        company = make_company(session)
        changed = CompanyInput(name="Café Zus", postcode="3311 ab", staff_min=2)
        services.change_company(session, caller, company.id, changed, version=company.version)
        assert (company.name_key, company.postcode, company.staff_min) == ("cafe zus", "3311AB", 2)
        entry = session.exec(select(AuditEntry)).one()
        assert entry.changes["name"][1] == "Café Zus"

    def test_the_second_of_two_people_is_told(self, session: Session, caller: Actor, coordinator: Actor) -> None:
        company = make_company(session)
        seen = company.version
        services.change_company(session, caller, company.id, CompanyInput(name="Eerste"), version=seen)
        with pytest.raises(ChangedMeanwhile):
            services.change_company(session, coordinator, company.id, CompanyInput(name="Tweede"), version=seen)
        assert company.name == "Eerste"

    def test_a_company_that_does_not_exist(self, session: Session, caller: Actor) -> None:
        with pytest.raises(NotFound):
            services.change_company(session, caller, 404_404, CompanyInput(name="Niemand"), version=1)


class TestPlace:
    def test_follows_the_postcode(self, session: Session, caller: Actor) -> None:
        company = services.add_company(session, caller, make_new(postcode="3311AB"))
        assert company.town == "Dordrecht"
        assert company.latitude == pytest.approx(51.8, abs=0.1)
        moved = CompanyInput(name=company.name, town="Elders", postcode="1011AA")
        services.change_company(session, caller, company.id, moved, version=company.version)
        assert company.town == "Elders"
        assert company.latitude == pytest.approx(52.4, abs=0.1)

    def test_an_exact_place_stays_while_the_postcode_does(self, session: Session, caller: Actor) -> None:
        company = make_company(session, latitude=51.5, longitude=4.5)
        changed = CompanyInput(name="Anders", postcode="3311AB", town="Dordrecht")
        services.change_company(session, caller, company.id, changed, version=company.version)
        assert (company.latitude, company.longitude) == (51.5, 4.5)


class TestLegalForm:
    def test_finding_out_opens_the_gate(self, session: Session, caller: Actor) -> None:
        company = make_company(session, legal_form="ONB")
        assert rule(session, company) == "unknown-form"
        services.set_legal_form(session, caller, company.id, "BV")
        assert rule(session, company) in {"time", "legal-person"}

    def test_a_form_that_does_not_exist_is_refused(self, session: Session, caller: Actor) -> None:
        with pytest.raises(services.UnknownLegalForm):
            services.set_legal_form(session, caller, make_company(session).id, "XX")

    def test_a_doubtful_form_can_be_confirmed_and_others_need_not(self, session: Session, caller: Actor) -> None:
        company = make_company(session, legal_form="0001")
        assert rule(session, company) == "manual-check"
        services.confirm_legal_form(session, caller, company.id, version=company.version)
        assert rule(session, company) in {"time", "manual-check"}
        assert company.legal_form_checked == "0001"
        with pytest.raises(services.NothingToCheck):
            services.confirm_legal_form(session, caller, make_company(session, legal_form="EMZ").id, version=1)


class TestNumbers:
    def test_the_same_number_is_kept_once_however_it_is_written(self, session: Session, caller: Actor) -> None:
        company = make_company(session, number="+31102345678")
        with pytest.raises(services.NumberKnown, match="010"):
            services.add_number(session, caller, company.id, NumberInput(number="(010) 234 56 78", source="gids"))

    def test_a_new_main_number_takes_the_place_of_the_old(self, session: Session, caller: Actor) -> None:
        company = make_company(session)
        services.add_number(session, caller, company.id, NumberInput(number="0102345678", source="x", is_main=True))
        assert [number.is_main for number in numbers(session, company)] == [False, True]

    def test_a_wrong_number_is_never_called_again_and_the_next_becomes_main(
        self, session: Session, caller: Actor
    ) -> None:
        company = make_company(session, number="+31102345678")
        services.add_number(session, caller, company.id, NumberInput(number="0102345679", source="gids"))
        services.mark_wrong_number(session, caller, company.id, "+31102345678")
        first, second = numbers(session, company)
        assert (first.is_wrong, first.is_main, second.is_main) == (True, False, True)
        assert rule(session, company, e164="+31102345678") == "suppressed-number"
        other = make_company(session, number="+31102345678")
        assert rule(session, other) == "suppressed-number"

    def test_marking_twice_blocks_once(self, session: Session, caller: Actor) -> None:
        company = make_company(session, number="+31102345678")
        for _turn in range(2):
            services.mark_wrong_number(session, caller, company.id, "+31102345678")
        assert len(session.exec(select(Suppression)).all()) == 1


class TestSuppress:
    @pytest.mark.parametrize("reason", [SuppressionReason.OBJECTION, SuppressionReason.COMPLAINT])
    def test_an_objection_covers_company_person_and_all_numbers(
        self, session: Session, caller: Actor, reason: SuppressionReason
    ) -> None:
        company = make_company(session, number="+31102345678")
        services.add_number(session, caller, company.id, NumberInput(number="0102345679", source="gids"))
        contact = services.add_contact(session, caller, company.id, ContactInput(name="M. de Wit"))
        services.suppress(
            session, caller, company.id, reason=reason, e164="+31102345678", contact_id=contact.id, note="  belt  niet "
        )
        assert rule(session, company) == "suppressed-company"
        rows = session.exec(select(Suppression)).all()
        assert {row.e164 for row in rows if row.e164} == {"+31102345678", "+31102345679"}
        assert {(row.company_id, row.contact_id) for row in rows if not row.e164} == {
            (company.id, None), (None, contact.id),
        }  # fmt: skip
        assert {row.note for row in rows} == {"belt niet"}
        assert actions(session)[-1] == "company.suppressed"

    def test_another_reason_covers_only_what_is_named(self, session: Session, caller: Actor) -> None:
        company = make_company(session, number="+31102345678")
        contact = services.add_contact(session, caller, company.id, ContactInput(name="M. de Wit"))
        services.suppress(session, caller, company.id, reason=SuppressionReason.OTHER, contact_id=contact.id)
        assert rule(session, company) != "suppressed-company"
        assert rule(session, company, contact_id=contact.id) == "suppressed-person"
        services.suppress(session, caller, company.id, reason=SuppressionReason.OTHER)
        assert rule(session, company) == "suppressed-company"

    def test_somebody_of_another_company_is_refused(self, session: Session, caller: Actor) -> None:
        contact = services.add_contact(session, caller, make_company(session).id, ContactInput(name="M. de Wit"))
        with pytest.raises(NotFound):
            services.suppress(
                session, caller, make_company(session).id, reason=SuppressionReason.OBJECTION, contact_id=contact.id
            )

    def test_a_very_long_note_is_cut(self, session: Session, caller: Actor) -> None:
        company = make_company(session)
        services.suppress(session, caller, company.id, reason=SuppressionReason.OBJECTION, note="boos " * 500)
        assert max(len(row.note) for row in session.exec(select(Suppression))) <= 500


class TestSuppressNumber:
    @pytest.mark.parametrize("typed", ["010-2345678", "0031 (0)10 234 56 78", "+31 10 2345678", "tel. 010 234 5678"])
    def test_covers_every_company_that_has_it_however_it_is_written(
        self, session: Session, caller: Actor, typed: str
    ) -> None:
        company, branch = (make_company(session, number="+31102345678") for _each in range(2))
        block, is_new = services.suppress_number(session, caller, make_block(number=typed))
        assert is_new
        assert (block.e164, block.note, block.made_by_id) == ("+31102345678", "per e-mail", caller.id)
        assert {rule(session, company), rule(session, branch)} == {"suppressed-number"}
        assert actions(session) == ["suppression.added"]

    def test_covers_a_company_that_is_found_later(self, session: Session, caller: Actor) -> None:
        services.suppress_number(session, caller, make_block())
        company = services.add_company(session, caller, make_new(number="010 234 56 78", legal_form="BV"))
        assert rule(session, company) == "suppressed-number"
        on_a_list = select(Company.id).where(callable_now())
        assert company.id not in session.exec(on_a_list).all()

    def test_another_number_of_the_company_may_still_be_called(self, session: Session, caller: Actor) -> None:
        company = make_company(session, number="+31102345678")
        services.add_number(session, caller, company.id, NumberInput(number="0102345679", source="gids"))
        services.suppress_number(session, caller, make_block(reason=SuppressionReason.OTHER))
        assert rule(session, company, e164="+31102345678") == "suppressed-number"
        assert rule(session, company, e164="+31102345679") not in {"suppressed-number", "suppressed-company"}

    def test_is_told_the_second_time_and_kept_as_it_was(self, session: Session, caller: Actor, coach: Actor) -> None:
        first, _new = services.suppress_number(session, caller, make_block())
        again, is_new = services.suppress_number(session, coach, make_block(reason=SuppressionReason.COMPLAINT))
        assert not is_new
        assert (again.id, again.reason, again.made_by_id) == (first.id, SuppressionReason.OBJECTION, caller.id)
        assert len(session.exec(select(Suppression)).all()) == 1
        assert actions(session) == ["suppression.added"]

    @pytest.mark.parametrize(
        ("typed", "complaint"),
        [
            ("geen nummer", "is not one Dutch telephone number.$"),
            ("010-2345678 of 010-2345679", "is not one Dutch telephone number.$"),
            ("0900-1234", "paid service number"),
            ("112", "emergency number"),
        ],
    )
    def test_what_is_not_one_number_is_explained(
        self, session: Session, caller: Actor, typed: str, complaint: str
    ) -> None:
        with speaking("en"), pytest.raises(services.NotOneNumber, match=complaint):
            services.suppress_number(session, caller, make_block(number=typed))
        assert not session.exec(select(Suppression)).all()


class TestConsent:
    def test_is_evidence_that_opens_the_gate_until_it_is_withdrawn(self, session: Session, caller: Actor) -> None:
        company = make_company(session, legal_form="EMZ")
        consent = services.record_consent(session, caller, company.id, EVIDENCE)
        assert consent.recorded_by_id == caller.id
        session.refresh(consent)
        assert consent.holds_at(now())
        services.withdraw_consent(session, caller, consent.id, BY_PHONE, version=consent.version)
        assert not consent.holds_at(now())
        assert rule(session, company) in {"natural-person"}
        assert actions(session) == ["consent.recorded", "consent.withdrawn"]

    def test_that_the_owner_gave_on_a_public_page_was_recorded_by_nobody(self, session: Session) -> None:
        company = make_company(session, legal_form="EMZ")
        consent = services.record_consent(session, SYSTEM, company.id, EVIDENCE)
        session.refresh(consent)
        assert (consent.recorded_by_id, consent.text) == (None, "U mag\nbellen.")
        assert services.withdraw_consent(session, SYSTEM, consent.id, BY_PHONE).withdrawn_at

    def test_tells_how_it_was_withdrawn_and_a_second_time_changes_nothing(
        self, session: Session, caller: Actor
    ) -> None:
        consent = services.record_consent(session, caller, make_company(session).id, EVIDENCE)
        services.withdraw_consent(session, caller, consent.id, BY_PHONE)
        by_letter = WithdrawalInput(channel=ConsentChannel.LETTER)
        services.withdraw_consent(session, caller, consent.id, by_letter)
        assert (consent.withdrawn_channel, consent.withdrawn_how) == (ConsentChannel.TELEPHONE, "zei het zelf")
        assert actions(session) == ["consent.recorded", "consent.withdrawn"]

    def test_is_given_by_a_contact_of_that_company_only(self, session: Session, caller: Actor) -> None:
        company, other = make_company(session), make_company(session)
        contact = services.add_contact(session, caller, company.id, ContactInput(name="M. de Wit"))
        theirs = EVIDENCE.model_copy(update={"contact_id": contact.id})
        assert services.record_consent(session, caller, company.id, theirs).contact_id == contact.id
        with pytest.raises(NotFound):
            services.record_consent(session, caller, other.id, theirs)


SEEN = PublicationInput(url="www.devries.nl/aanbod", text="Heeft u een aanbod? Bel 078 613 00 01.")


class TestPublication:
    def test_opens_the_gate_until_it_is_no_longer_there(self, session: Session, caller: Actor) -> None:
        company = make_company(session, legal_form="EMZ")
        publication = services.record_publication(session, caller, company.id, SEEN)
        assert publication.url == "https://www.devries.nl/aanbod"
        session.flush()
        assert rule(session, company) != "natural-person"
        services.end_publication(session, caller, publication.id, version=publication.version)
        session.flush()
        assert rule(session, company) == "natural-person"
        assert actions(session) == ["publication.recorded", "publication.ended"]

    @pytest.mark.parametrize("wrong", [{"url": "geen adres"}, {"text": " "}, {"seen_at": now() + timedelta(days=300)}])
    def test_needs_an_address_the_words_and_a_day_that_was(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            PublicationInput.model_validate(SEEN.model_dump() | wrong)


class TestRelation:
    def test_opened_the_gate_while_the_law_said_so(self, session: Session, caller: Actor) -> None:
        company = make_company(session, legal_form="VOF")
        known = RelationInput(what="Scholing", how_known="factuur", since=date(2023, 1, 2), until=date(2024, 5, 1))
        services.record_relation(session, caller, company.id, known)
        session.flush()
        days = {date(2026, 6, 29): "customer-relation", date(2026, 7, 1): "natural-person"}
        days |= {date(2022, 12, 30): "natural-person"}
        for day, expected in days.items():
            assert may_call(session, company.id, moment=at(day, 10)).rule == expected

    def test_ends_on_a_day_after_it_began(self, session: Session, caller: Actor) -> None:
        company = make_company(session)
        known = RelationInput(what="Scholing", how_known="factuur", since=date(2025, 1, 2))
        relation = services.record_relation(session, caller, company.id, known)
        for wrong in (date(2025, 1, 1), today() + timedelta(days=1)):
            with pytest.raises(services.EndsBeforeItBegan):
                services.end_relation(session, caller, relation.id, wrong, version=relation.version)
        services.end_relation(session, caller, relation.id, date(2026, 3, 1), version=relation.version)
        assert relation.until == date(2026, 3, 1)
        assert actions(session) == ["relation.recorded", "relation.ended"]

    @pytest.mark.parametrize(
        "wrong", [{"since": date(2099, 1, 1)}, {"until": date(2020, 1, 1)}, {"how_known": ""}, {"since": None}]
    )
    def test_is_refused_without_days_in_order_or_without_proof(self, wrong: dict[str, Any]) -> None:
        fields: dict[str, Any] = {"what": "Scholing", "how_known": "factuur", "since": date(2025, 1, 2)}
        with pytest.raises(ValidationError):
            RelationInput.model_validate(fields | wrong)


class TestStopped:
    def test_can_be_undone(self, session: Session, caller: Actor) -> None:
        company = make_company(session)
        services.mark_stopped(session, caller, company.id)
        assert rule(session, company) == "stopped"
        services.mark_running(session, caller, company.id)
        assert rule(session, company) != "stopped"


class TestContacts:
    def test_two_people_cannot_overwrite_each_other(self, session: Session, caller: Actor) -> None:
        contact = services.add_contact(session, caller, make_company(session).id, ContactInput(name="M. de Wit"))
        seen = contact.version
        services.edit_contact(session, caller, contact.id, ContactInput(name="Mia de Wit"), version=seen)
        with pytest.raises(ChangedMeanwhile):
            services.edit_contact(session, caller, contact.id, ContactInput(name="Mo de Wit"), version=seen)


def test_a_viewer_changes_nothing(session: Session, viewer: Actor) -> None:
    company = make_company(session)
    attempts = [
        lambda: services.add_company(session, viewer, make_new()),
        lambda: services.change_company(session, viewer, company.id, CompanyInput(name="x"), version=1),
        lambda: services.set_legal_form(session, viewer, company.id, "BV"),
        lambda: services.confirm_legal_form(session, viewer, company.id, version=1),
        lambda: services.mark_stopped(session, viewer, company.id),
        lambda: services.mark_running(session, viewer, company.id),
        lambda: services.add_number(session, viewer, company.id, NumberInput(number="0102345678", source="x")),
        lambda: services.mark_wrong_number(session, viewer, company.id, "+31102345678"),
        lambda: services.suppress(session, viewer, company.id, reason=SuppressionReason.OTHER),
        lambda: services.suppress_number(session, viewer, make_block()),
        lambda: services.add_contact(session, viewer, company.id, ContactInput(name="x")),
        lambda: services.edit_contact(session, viewer, 1, ContactInput(name="x"), version=1),
        lambda: services.record_consent(session, viewer, company.id, EVIDENCE),
        lambda: services.withdraw_consent(session, viewer, 1, BY_PHONE, version=1),
        lambda: services.record_publication(session, viewer, company.id, SEEN),
        lambda: services.end_publication(session, viewer, 1, version=1),
        lambda: services.record_relation(session, viewer, 1, RelationInput(what="x", how_known="x", since=today())),
        lambda: services.end_relation(session, viewer, 1, today(), version=1),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
