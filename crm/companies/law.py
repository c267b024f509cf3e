"""What the law asks of a call: dated rows of data/reference/legal_rules.csv."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from crm.core.i18n import language
from crm.reference.models import ColdCall
from crm.reference.queries import rows


class Purpose(StrEnum):
    """Why somebody is called: to find work, or about a case that runs."""

    ACQUISITION = "acquisition"
    SERVICE = "service"


class Treatment(StrEnum):
    """What a legal rule asks of a call."""

    ALLOWED = "allowed"
    CONSENT = "consent"
    PUBLISHED = "published"
    CUSTOMER = "customer"
    CASE = "case"
    MANUAL = "manual"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class LegalRule:
    """One row. `max_days` is how far back the evidence of an exception may lie; None for no limit."""

    code: str
    purpose: Purpose
    applies_to: ColdCall
    treatment: Treatment
    valid_from: date
    valid_to: date
    max_days: int | None
    explanation_nl: str
    explanation_en: str
    source: str

    @property
    def explanation(self) -> str:
        return self.explanation_en if language() == "en" else self.explanation_nl


@cache
def legal_rules() -> tuple[LegalRule, ...]:
    return tuple(
        LegalRule(
            row["code"],
            Purpose(row["purpose"]),
            ColdCall(row["applies_to"]),
            Treatment(row["treatment"]),
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max,
            int(row["max_days"]) if row["max_days"] else None,
            row["explanation_nl"],
            row["explanation_en"],
            row["source"],
        )
        for row in rows("legal_rules.csv")
    )


def rules_in_force(applies_to: ColdCall, purpose: Purpose, day: date) -> list[LegalRule]:
    return [rule for rule in _on(day) if rule.applies_to is applies_to and rule.purpose is purpose]


def max_days(treatment: Treatment, day: date) -> int | None:
    """How far back evidence for this may lie on that day: the shortest of the rules that ask for it."""
    limits = [rule.max_days for rule in _on(day) if rule.treatment is treatment and rule.max_days is not None]
    return min(limits, default=None)


def opens_calls(treatment: Treatment, day: date) -> bool:
    """Whether any rule of that day lets somebody be called for this."""
    return any(rule.treatment is treatment for rule in _on(day))


def rule_of(code: str) -> LegalRule | None:
    """The rule behind the code of a verdict; None for one of our own, such as the hours of the desk."""
    return next((rule for rule in legal_rules() if rule.code == code), None)


def _on(day: date) -> list[LegalRule]:
    return [rule for rule in legal_rules() if rule.valid_from <= day <= rule.valid_to]
