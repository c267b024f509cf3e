"""May we call? The rules alone, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.companies import law
from crm.companies.law import LegalRule, Purpose, Treatment, legal_rules, max_days, rules_in_force
from crm.companies.models import SuppressionReason
from crm.companies.rules import Evidence, EvidenceKind, GateFacts, Verdict, decide
from crm.core.clock import at, local
from crm.core.i18n import LANGUAGES, speaking
from crm.reference.calendar import SATURDAY, SUNDAY, call_window, holiday_name
from crm.reference.models import ColdCall
from crm.reference.queries import legal_form, legal_forms

TUESDAY = date(2026, 11, 24)
SATURDAY_28 = date(2026, 11, 28)
CODES = sorted(legal_forms())
OUR_OWN = {
    "suppressed-company", "suppressed-person", "suppressed-number", "stopped", "no-number", "no-rule",
    "sunday", "holiday", "desk-hours", "legal-hours",
}  # fmt: skip
CONSENT_FORMS = [code for code, form in legal_forms().items() if form.cold_call is ColdCall.CONSENT]

moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))
facts_of_any_kind = st.builds(
    GateFacts,
    legal_form=st.sampled_from([*CODES, "???", ""]),
    moment=moments,
    form_checked=st.booleans(),
    has_consent=st.booleans(),
    has_publication=st.booleans(),
    is_customer=st.booleans(),
    has_case=st.booleans(),
    company_block=st.none() | st.sampled_from(SuppressionReason),
    contact_blocked=st.booleans(),
    number_blocked=st.booleans(),
    has_number=st.booleans(),
    is_stopped=st.booleans(),
    is_builder=st.booleans(),
    agreed=st.booleans(),
    any_time=st.booleans(),
    purpose=st.sampled_from(Purpose),
    evidence=st.dictionaries(st.sampled_from([*EvidenceKind][:4]), st.integers(1, 9)),
)


def make_facts(**overrides: Any) -> GateFacts:
    return GateFacts(**({"legal_form": "BV", "moment": at(TUESDAY, 10)} | overrides))


def dutch(facts: GateFacts) -> str:
    with speaking("nl"):
        return decide(facts).reason


class TestLegalForm:
    def test_a_legal_person_may_be_called(self) -> None:
        assert decide(make_facts()).allowed
        assert dutch(make_facts()) == "Besloten vennootschap: bellen mag."

    def test_a_natural_person_may_not_without_consent(self) -> None:
        facts = make_facts(legal_form="EMZ")
        assert decide(facts).rule == "natural-person"
        assert dutch(facts) == "Eenmanszaak zonder toestemming: niet bellen."

    @pytest.mark.parametrize("code", CONSENT_FORMS)
    def test_consent_opens_the_door(self, code: str) -> None:
        assert not decide(make_facts(legal_form=code)).allowed
        assert decide(make_facts(legal_form=code, has_consent=True)).allowed

    def test_partnerships_of_every_kind_count_as_natural_persons(self) -> None:
        assert {"EMZ", "VOF", "MA", "CV"} <= set(CONSENT_FORMS)

    @pytest.mark.parametrize("code", ["ONB", "", "no such form"])
    def test_an_unknown_form_may_not_be_called_even_with_consent(self, code: str) -> None:
        facts = make_facts(legal_form=code, has_consent=True, form_checked=True)
        assert dutch(facts) == "Rechtsvorm onbekend: niet bellen."

    def test_a_doubtful_form_waits_until_somebody_checked_it(self) -> None:
        assert decide(make_facts(legal_form="0001")).rule == "manual-check"
        assert decide(make_facts(legal_form="0001", form_checked=True)).allowed

    def test_a_customer_could_be_called_until_july_2026(self) -> None:
        facts = make_facts(legal_form="EMZ", is_customer=True)
        assert decide(replace(facts, moment=at(date(2026, 6, 30), 10))).rule == "customer-relation"
        assert not decide(replace(facts, moment=at(date(2026, 7, 1), 10))).allowed

    def test_a_day_without_a_rule_is_a_no(self) -> None:
        assert decide(make_facts(moment=at(date(2001, 5, 15), 10), any_time=True)).rule == "no-rule"

    def test_who_published_a_number_for_offers_may_be_called(self) -> None:
        facts = make_facts(legal_form="EMZ", has_publication=True, evidence={EvidenceKind.PUBLICATION: 4})
        verdict = decide(facts)
        assert (verdict.allowed, verdict.rule) == (True, "published-natural-person")
        assert verdict.evidence == Evidence(EvidenceKind.PUBLICATION, 4)
        assert dutch(facts) == "Eenmanszaak, nummer gepubliceerd voor aanbiedingen: bellen mag."

    def test_a_case_that_runs_may_be_talked_about_and_one_that_does_not_may_not(self) -> None:
        case = Evidence(EvidenceKind.MEETING, 3)
        about = make_facts(legal_form="EMZ", purpose=Purpose.SERVICE, has_case=True, case=case)
        assert decide(about).evidence == case
        assert decide(about).allowed
        assert not decide(replace(about, has_case=False, case=None)).allowed
        assert not decide(replace(about, purpose=Purpose.ACQUISITION)).allowed

    def test_a_row_opens_and_closes_an_exception_without_code(self, monkeypatch: pytest.MonkeyPatch) -> None:
        charity = LegalRule(
            "charity", Purpose.ACQUISITION, ColdCall.CONSENT, Treatment.CUSTOMER,
            date(2026, 7, 1), date(2026, 12, 31), 30, "Mag.", "Allowed.", "wet",
        )  # fmt: skip
        customer = make_facts(legal_form="EMZ", is_customer=True)
        assert not decide(customer).allowed
        monkeypatch.setattr(law, "legal_rules", lambda: (*legal_rules(), charity))
        assert decide(customer).rule == "charity"
        assert max_days(Treatment.CUSTOMER, TUESDAY) == 30
        assert not decide(replace(customer, moment=at(date(2027, 1, 4), 10))).allowed

    def test_a_former_customer_counts_three_years_while_the_rule_held(self) -> None:
        assert max_days(Treatment.CUSTOMER, date(2026, 6, 30)) == 3 * 365
        assert max_days(Treatment.CUSTOMER, date(2026, 7, 1)) is None

    def test_every_kind_of_form_has_a_rule_today_for_each_purpose(self) -> None:
        in_force = {(r.applies_to, r.purpose) for r in legal_rules() if r.valid_from <= TUESDAY <= r.valid_to}
        assert in_force == {(kind, purpose) for kind in ColdCall for purpose in Purpose}

    def test_rules_explain_themselves_in_both_languages(self) -> None:
        for rule in legal_rules():
            with speaking("nl"):
                assert rule.explanation == rule.explanation_nl != ""
            with speaking("en"):
                assert rule.explanation == rule.explanation_en != ""
            assert rule.source


class TestHours:
    @pytest.mark.parametrize(
        ("hour", "agreed", "allowed"),
        [
            (8, False, False), (9, False, True), (16, False, True), (17, False, False),
            (8, True, False), (9, True, True), (21, True, True), (22, True, False),
        ],
    )  # fmt: skip
    def test_the_desk_closes_at_five_and_an_agreed_callback_may_be_until_ten(
        self, hour: int, agreed: bool, allowed: bool
    ) -> None:
        assert decide(make_facts(moment=at(TUESDAY, hour), agreed=agreed)).allowed is allowed

    @pytest.mark.parametrize(("hour", "allowed"), [(9, False), (10, True), (15, True), (16, False)])
    def test_saturday_is_only_for_what_was_agreed(self, hour: int, allowed: bool) -> None:
        assert not decide(make_facts(moment=at(SATURDAY_28, hour))).allowed
        assert decide(make_facts(moment=at(SATURDAY_28, hour), agreed=True)).allowed is allowed

    def test_says_that_it_is_sunday(self) -> None:
        assert dutch(make_facts(moment=at(date(2026, 11, 29), 12))) == "Het is zondag: niet bellen."

    def test_names_the_holiday(self) -> None:
        assert dutch(make_facts(moment=at(date(2026, 12, 25), 12))) == "Eerste kerstdag: vandaag niet bellen."

    def test_remembrance_day_ends_early(self) -> None:
        assert decide(make_facts(moment=at(date(2027, 5, 4), 18, 15), agreed=True)).allowed
        assert not decide(make_facts(moment=at(date(2027, 5, 4), 18, 30), agreed=True)).allowed

    def test_the_dutch_clock_counts_in_summer_too(self) -> None:
        eight_in_utc = datetime(2026, 9, 1, 7, 30, tzinfo=UTC)
        assert decide(make_facts(moment=eight_in_utc)).allowed
        assert not decide(make_facts(moment=datetime(2026, 12, 1, 7, 30, tzinfo=UTC))).allowed

    def test_warns_a_builder_in_the_building_holiday_and_others_only_for_school_holidays(self) -> None:
        moment = at(date(2027, 8, 3), 10)
        builder = decide(make_facts(moment=moment, is_builder=True))
        assert builder.allowed
        assert [warning.split()[0] for warning in builder.warnings] == ["Bouwvak", "Zomervakantie"]
        assert [warning.split()[0] for warning in decide(make_facts(moment=moment)).warnings] == ["Zomervakantie"]


class TestOrder:
    def test_the_reason_is_the_heaviest_one(self) -> None:
        facts = make_facts(
            legal_form="EMZ", moment=at(date(2026, 11, 29), 3), is_stopped=True, has_number=False,
            number_blocked=True, contact_blocked=True, company_block=SuppressionReason.OBJECTION,
        )  # fmt: skip
        steps = [
            {"company_block": None}, {"contact_blocked": False}, {"number_blocked": False}, {"is_stopped": False},
            {"has_number": True}, {"has_consent": True}, {"moment": at(TUESDAY, 10)},
        ]  # fmt: skip
        rules = []
        for step in steps:
            rules.append(decide(facts).rule)
            facts = replace(facts, **step)  # type: ignore[arg-type]
        assert rules == [
            "suppressed-company", "suppressed-person", "suppressed-number", "stopped", "no-number",
            "natural-person", "sunday",
        ]  # fmt: skip
        assert decide(facts).allowed


class TestWhateverElseHolds:
    @given(facts_of_any_kind)
    def test_the_rule_that_decides_exists_and_only_the_law_says_yes(self, facts: GateFacts) -> None:
        kind, day = legal_form(facts.legal_form).cold_call, local(facts.moment).date()
        in_force = {rule.code for rule in rules_in_force(kind, facts.purpose, day)}
        verdict = decide(facts)
        assert verdict.rule in in_force | OUR_OWN
        assert verdict.rule in in_force or not verdict.allowed

    @given(facts_of_any_kind, st.integers(0, 300), st.integers(0, 23))
    def test_never_on_a_sunday(self, facts: GateFacts, weeks: int, hour: int) -> None:
        sunday = date(2026, 1, 4) + timedelta(weeks=weeks)
        assert not decide(replace(facts, moment=at(sunday, hour), any_time=False)).allowed

    @given(facts_of_any_kind)
    def test_never_on_a_holiday_or_outside_the_legal_hours(self, facts: GateFacts) -> None:
        there = local(facts.moment)
        window = call_window(there.date())
        if decide(replace(facts, any_time=False)).allowed:
            assert holiday_name(there.date()) is None
            assert there.weekday() != SUNDAY
            assert window is not None
            assert window[0] <= there.time() < window[1]
            assert facts.agreed or there.weekday() < SATURDAY

    @given(facts_of_any_kind)
    def test_suppression_always_wins(self, facts: GateFacts) -> None:
        if facts.company_block or facts.contact_blocked or facts.number_blocked:
            assert decide(facts).rule.startswith("suppressed-")
            assert not decide(facts).allowed

    @given(facts_of_any_kind)
    def test_an_unknown_form_is_never_called(self, facts: GateFacts) -> None:
        assert not decide(replace(facts, legal_form="ONB")).allowed

    @given(facts_of_any_kind)
    def test_a_natural_person_without_consent_is_never_called_to_find_work(self, facts: GateFacts) -> None:
        none = {"has_consent": False, "has_publication": False, "is_customer": False}
        facts = replace(facts, legal_form="EMZ", purpose=Purpose.ACQUISITION, **none)
        assert not decide(facts).allowed

    @given(facts_of_any_kind)
    def test_being_a_customer_never_opens_a_call_after_june_2026(self, facts: GateFacts) -> None:
        if local(facts.moment).date() > date(2026, 6, 30):
            assert decide(replace(facts, is_customer=True)) == decide(replace(facts, is_customer=False))

    @given(facts_of_any_kind)
    def test_a_service_call_needs_a_case_that_runs(self, facts: GateFacts) -> None:
        assert not decide(replace(facts, purpose=Purpose.SERVICE, has_case=False)).allowed

    @given(facts_of_any_kind)
    def test_what_it_rests_on_is_what_decided(self, facts: GateFacts) -> None:
        verdict = decide(facts)
        kinds = {
            Treatment.CONSENT: EvidenceKind.CONSENT,
            Treatment.PUBLISHED: EvidenceKind.PUBLICATION,
            Treatment.CUSTOMER: EvidenceKind.RELATION,
        }
        rule = law.rule_of(verdict.rule)
        if verdict.rule.startswith("suppressed-"):
            assert verdict.evidence is None or verdict.evidence.kind is EvidenceKind.SUPPRESSION
        elif verdict.allowed and rule and rule.treatment in kinds:
            assert verdict.evidence == (
                Evidence(kinds[rule.treatment], facts.evidence[kinds[rule.treatment]])
                if kinds[rule.treatment] in facts.evidence
                else None
            )
        elif rule is None or not verdict.allowed:
            assert verdict.evidence is None

    @given(facts_of_any_kind)
    def test_a_list_is_never_stricter_than_the_call(self, facts: GateFacts) -> None:
        if decide(replace(facts, any_time=False)).allowed:
            assert decide(replace(facts, any_time=True)).allowed

    @given(facts_of_any_kind, st.sampled_from(sorted(LANGUAGES)))
    def test_there_is_always_a_readable_reason(self, facts: GateFacts, language: str) -> None:
        with speaking(language):
            verdict: Verdict = decide(facts)
        assert verdict.reason.endswith(".")
        assert verdict.reason != "."
        assert "{" not in verdict.reason
        assert verdict.rule
        assert verdict.allowed or not verdict.warnings
