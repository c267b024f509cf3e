"""May we call? Pure rules: facts in, verdict with a reason out. What the law asks per legal form is data."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache

from crm.companies.models import SuppressionReason
from crm.core.clock import local
from crm.core.i18n import N_, _, language, show_date
from crm.reference.calendar import (
    SUNDAY,
    Period,
    building_holiday,
    call_window,
    desk_window,
    holiday_name,
    school_holiday,
)
from crm.reference.models import ColdCall
from crm.reference.queries import legal_form, rows


class Purpose(StrEnum):
    """Why somebody is called: to find work, or about something already agreed."""

    ACQUISITION = "acquisition"
    SERVICE = "service"


class Treatment(StrEnum):
    """What a legal rule asks of a call."""

    ALLOWED = "allowed"
    CONSENT = "consent"
    CUSTOMER = "customer"
    MANUAL = "manual"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class LegalRule:
    """One dated row of data/reference/legal_rules.csv."""

    code: str
    purpose: Purpose
    applies_to: ColdCall
    treatment: Treatment
    valid_from: date
    valid_to: date
    explanation_nl: str
    explanation_en: str
    source: str

    @property
    def explanation(self) -> str:
        return self.explanation_en if language() == "en" else self.explanation_nl


@dataclass(frozen=True, slots=True)
class GateFacts:
    """All that decides whether a call is allowed. `moment` is aware; `any_time` leaves the hour out, for lists."""

    legal_form: str
    moment: datetime
    form_checked: bool = False
    has_consent: bool = False
    is_customer: bool = False
    company_block: SuppressionReason | None = None
    contact_blocked: bool = False
    number_blocked: bool = False
    has_number: bool = True
    is_stopped: bool = False
    is_builder: bool = False
    agreed: bool = False
    any_time: bool = False
    purpose: Purpose = Purpose.ACQUISITION


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, the reason in the reader's language, and the code of the rule that decided."""

    allowed: bool
    reason: str
    rule: str
    warnings: tuple[str, ...] = ()


def decide(facts: GateFacts) -> Verdict:
    """Suppression goes before the state of the company, that before the law, and the hour comes last."""
    law = legal_verdict(facts)
    refusal = (
        suppression_refusal(facts)
        or company_refusal(facts)
        or (None if law.allowed else law)
        or (None if facts.any_time else time_refusal(facts.moment, agreed=facts.agreed))
    )
    return refusal or replace(law, warnings=() if facts.any_time else season_warnings(facts))


_BLOCKED = {
    SuppressionReason.OBJECTION: N_("This company does not want to be called."),
    SuppressionReason.COMPLAINT: N_("There is a complaint: do not call."),
    SuppressionReason.WRONG_NUMBER: N_("This company is blocked: do not call."),
    SuppressionReason.OTHER: N_("This company is blocked: do not call."),
}


def suppression_refusal(facts: GateFacts) -> Verdict | None:
    if facts.company_block:
        return Verdict(False, _(_BLOCKED[facts.company_block]), "suppressed-company")
    if facts.contact_blocked:
        return Verdict(False, _("This person does not want to be called."), "suppressed-person")
    if facts.number_blocked:
        return Verdict(False, _("This number is blocked: do not call."), "suppressed-number")
    return None


def company_refusal(facts: GateFacts) -> Verdict | None:
    if facts.is_stopped:
        return Verdict(False, _("This company has stopped."), "stopped")
    if not facts.has_number:
        return Verdict(False, _("There is no telephone number that works."), "no-number")
    return None


def legal_verdict(facts: GateFacts) -> Verdict:
    """What the rules in force on that day say about this legal form; without a rule the answer is no."""
    form = legal_form(facts.legal_form)
    rules = rules_in_force(form.cold_call, facts.purpose, local(facts.moment).date())
    for rule in rules:
        if _is_met(rule.treatment, facts):
            return Verdict(True, _(_YES[rule.treatment]).format(form=form.name), rule.code)
    if not rules:
        return Verdict(False, _("{form}: no rule allows this call.").format(form=form.name), "no-rule")
    return Verdict(False, _(_NO[rules[0].treatment]).format(form=form.name), rules[0].code)


_YES = {
    Treatment.ALLOWED: N_("{form}: calling is allowed."),
    Treatment.CONSENT: N_("{form} with consent: calling is allowed."),
    Treatment.CUSTOMER: N_("{form}, customer of ours: calling is allowed."),
    Treatment.MANUAL: N_("{form}, checked: calling is allowed."),
}
_NO = {
    Treatment.CONSENT: N_("{form} without consent: do not call."),
    Treatment.CUSTOMER: N_("{form}, not a customer of ours: do not call."),
    Treatment.MANUAL: N_("{form}: first check whether calling is allowed."),
    Treatment.BLOCKED: N_("Legal form unknown: do not call."),
}


def _is_met(treatment: Treatment, facts: GateFacts) -> bool:
    return {
        Treatment.ALLOWED: True,
        Treatment.CONSENT: facts.has_consent,
        Treatment.CUSTOMER: facts.is_customer,
        Treatment.MANUAL: facts.form_checked or facts.has_consent,
        Treatment.BLOCKED: False,
    }[treatment]


def time_refusal(moment: datetime, *, agreed: bool) -> Verdict | None:
    """The hours of the desk; what was agreed may be outside them, but never outside the legal limits."""
    there = local(moment)
    day = there.date()
    legal = call_window(day)
    if legal is None:
        return _closed_day(day)
    window = legal if agreed else desk_window(day)
    if window is None:
        return Verdict(False, _("On Saturday we only call as agreed."), "desk-hours")
    if window[0] <= there.time() < window[1]:
        return None
    hours = _("We call from {start} to {end}.").format(start=f"{window[0]:%H:%M}", end=f"{window[1]:%H:%M}")
    return Verdict(False, hours, "legal-hours" if agreed else "desk-hours")


def _closed_day(day: date) -> Verdict:
    if day.weekday() == SUNDAY:
        return Verdict(False, _("It is Sunday: do not call."), "sunday")
    name = holiday_name(day) or show_date(day)
    return Verdict(False, _("{day}: do not call today.").format(day=name), "holiday")


def season_warnings(facts: GateFacts) -> tuple[str, ...]:
    """Times of year in which many companies are closed: no reason not to call, good to know."""
    day = local(facts.moment).date()
    builders = building_holiday(day) if facts.is_builder else None
    return tuple(_closed_until(period) for period in (builders, school_holiday(day)) if period)


def _closed_until(period: Period) -> str:
    return _("{name} until {day}: ask whether it is a good moment.").format(
        name=period.name, day=show_date(period.last)
    )


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
            row["explanation_nl"],
            row["explanation_en"],
            row["source"],
        )
        for row in rows("legal_rules.csv")
    )


def explanation(rule: str) -> str:
    """Why the law has this rule, for the code of a verdict; empty for a rule of our own."""
    return next((row.explanation for row in legal_rules() if row.code == rule), "")


def rules_in_force(applies_to: ColdCall, purpose: Purpose, day: date) -> list[LegalRule]:
    return [
        rule
        for rule in legal_rules()
        if rule.applies_to is applies_to and rule.purpose is purpose and rule.valid_from <= day <= rule.valid_to
    ]
