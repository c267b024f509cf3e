"""The table for a lawyer says what the rules say."""

from dataclasses import replace

import pytest
from hypothesis import given

from crm.companies import law
from crm.companies.law import Treatment, legal_rules
from crm.companies.rules import GateFacts, decide
from crm.reference.queries import legal_forms
from tests.crm.companies.test_rules import facts_of_any_kind
from tools import legal_table
from tools.legal_table import DOCUMENT, document, periods

WRITTEN = DOCUMENT.read_text("utf-8")


def test_the_document_is_in_step_with_the_rules() -> None:
    assert document() == WRITTEN, "Run `make legal`, and have the change read by a lawyer."


def test_another_law_gives_another_document(monkeypatch: pytest.MonkeyPatch) -> None:
    stricter = tuple(replace(rule, treatment=Treatment.BLOCKED) for rule in legal_rules())
    for module in (law, legal_table):
        monkeypatch.setattr(module, "legal_rules", lambda: stricter)
    changed = document()
    assert changed != WRITTEN
    assert "mag (`legal-person`)" not in changed


@given(facts_of_any_kind)
def test_every_answer_stands_in_it(facts: GateFacts) -> None:
    assert f"(`{decide(facts).rule}`)" in WRITTEN


def test_every_legal_form_and_every_source_stands_in_it() -> None:
    for form in legal_forms().values():
        assert f"| {form.code} | {form.name_nl} |" in WRITTEN
    for rule in legal_rules():
        assert rule.source in WRITTEN


def test_the_law_does_not_change_within_a_period() -> None:
    for first, last in periods():
        for rule in legal_rules():
            assert not first < rule.valid_from <= last
            assert not first <= rule.valid_to < last


def test_the_answer_depends_on_the_group_alone() -> None:
    """So one form of each group is enough for the table of answers."""
    for first, _last in periods():
        for how in legal_table.SITUATIONS.values():
            seen: dict[str, set[str]] = {}
            for code, form in legal_forms().items():
                answer = legal_table.answer(legal_form=code, moment=legal_table.noon(first), any_time=True, **how)
                seen.setdefault(form.cold_call, set()).add(answer)
            assert all(len(answers) == 1 for answers in seen.values())
