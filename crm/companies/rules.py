"""May we call? Pure rules: facts in, verdict with a reason out. What the law asks per legal form is data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from crm.companies.law import Purpose, Treatment, rules_in_force
from crm.companies.models import SuppressionReason
from crm.core.clock import local
from crm.core.i18n import N_, _, show_date
from crm.core.types import LabelledEnum
from crm.reference.calendar import (
    SUNDAY,
    Period,
    building_holiday,
    call_window,
    desk_window,
    holiday_name,
    school_holiday,
)
from crm.reference.queries import legal_form


class EvidenceKind(LabelledEnum):
    """What a verdict rests on."""

    CONSENT = "consent", N_("Consent")
    PUBLICATION = "publication", N_("Published for offers")
    RELATION = "relation", N_("Customer relation")
    SUPPRESSION = "suppression", N_("Block")
    HIDDEN_JOB = "hidden_job", N_("Hidden job")
    MEETING = "meeting", N_("Kopkoffie")


class Evidence(NamedTuple):
    """The row that decided."""

    kind: EvidenceKind
    id: int


@dataclass(frozen=True, slots=True)
class GateFacts:
    """All that decides whether a call is allowed. `moment` is aware; `any_time` leaves the hour out, for lists."""

    legal_form: str
    moment: datetime
    form_checked: bool = False
    has_consent: bool = False
    has_publication: bool = False
    is_customer: bool = False
    has_case: bool = False
    company_block: SuppressionReason | None = None
    contact_blocked: bool = False
    number_blocked: bool = False
    has_number: bool = True
    is_stopped: bool = False
    is_builder: bool = False
    agreed: bool = False
    any_time: bool = False
    purpose: Purpose = Purpose.ACQUISITION
    evidence: Mapping[EvidenceKind, int] = field(default_factory=dict)
    case: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, the reason in the reader's language, the code of the rule that decided and what it rests on.

    Without evidence the legal form, the state of the company or the hour decided.
    """

    allowed: bool
    reason: str
    rule: str
    warnings: tuple[str, ...] = ()
    evidence: Evidence | None = None


def decide(facts: GateFacts) -> Verdict:
    """Suppression goes before the state of the company, that before the law, and the hour comes last."""
    law = legal_verdict(facts)
    refusal = (
        suppression_refusal(facts)
        or company_refusal(facts)
        or (None if law.allowed else law)
        or (None if facts.any_time else time_refusal(facts.moment, agreed=facts.agreed))
    )
    if refusal or facts.any_time:
        return refusal or law
    return replace(law, warnings=season_warnings(facts))


_BLOCKED = {
    SuppressionReason.OBJECTION: N_("This company does not want to be called."),
    SuppressionReason.COMPLAINT: N_("There is a complaint: do not call."),
    SuppressionReason.WRONG_NUMBER: N_("This company is blocked: do not call."),
    SuppressionReason.OTHER: N_("This company is blocked: do not call."),
    SuppressionReason.ERASED: N_("This company asked to be erased: do not call."),
}


def suppression_refusal(facts: GateFacts) -> Verdict | None:
    block = _evidence(facts, EvidenceKind.SUPPRESSION)
    if facts.company_block:
        return Verdict(False, _(_BLOCKED[facts.company_block]), "suppressed-company", evidence=block)
    if facts.contact_blocked:
        return Verdict(False, _("This person does not want to be called."), "suppressed-person", evidence=block)
    if facts.number_blocked:
        return Verdict(False, _("This number is blocked: do not call."), "suppressed-number", evidence=block)
    return None


def _evidence(facts: GateFacts, kind: EvidenceKind) -> Evidence | None:
    found = facts.evidence.get(kind)
    return Evidence(kind, found) if found else None


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
            why = _(_YES[rule.treatment]).format(form=form.name)
            return Verdict(True, why, rule.code, evidence=_rests_on(rule.treatment, facts))
    if not rules:
        return Verdict(False, _("{form}: no rule allows this call.").format(form=form.name), "no-rule")
    return Verdict(False, _(_NO[rules[0].treatment]).format(form=form.name), rules[0].code)


_YES = {
    Treatment.ALLOWED: N_("{form}: calling is allowed."),
    Treatment.CONSENT: N_("{form} with consent: calling is allowed."),
    Treatment.PUBLISHED: N_("{form}, number published for offers: calling is allowed."),
    Treatment.CUSTOMER: N_("{form}, customer of ours: calling is allowed."),
    Treatment.CASE: N_("{form}, about a case that runs: calling is allowed."),
    Treatment.MANUAL: N_("{form}, checked: calling is allowed."),
}
_NO = {
    Treatment.CONSENT: N_("{form} without consent: do not call."),
    Treatment.PUBLISHED: N_("{form}, number not published for offers: do not call."),
    Treatment.CUSTOMER: N_("{form}, not a customer of ours: do not call."),
    Treatment.CASE: N_("{form}: there is no case that runs, so do not call about one."),
    Treatment.MANUAL: N_("{form}: first check whether calling is allowed."),
    Treatment.BLOCKED: N_("Legal form unknown: do not call."),
}


def _is_met(treatment: Treatment, facts: GateFacts) -> bool:
    return {
        Treatment.ALLOWED: True,
        Treatment.CONSENT: facts.has_consent,
        Treatment.PUBLISHED: facts.has_publication,
        Treatment.CUSTOMER: facts.is_customer,
        Treatment.CASE: facts.has_case,
        Treatment.MANUAL: facts.form_checked or facts.has_consent,
        Treatment.BLOCKED: False,
    }[treatment]


def _rests_on(treatment: Treatment, facts: GateFacts) -> Evidence | None:
    match treatment:
        case Treatment.CONSENT:
            return _evidence(facts, EvidenceKind.CONSENT)
        case Treatment.PUBLISHED:
            return _evidence(facts, EvidenceKind.PUBLICATION)
        case Treatment.CUSTOMER:
            return _evidence(facts, EvidenceKind.RELATION)
        case Treatment.MANUAL:
            return None if facts.form_checked else _evidence(facts, EvidenceKind.CONSENT)
        case Treatment.CASE:
            return facts.case
    return None


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
