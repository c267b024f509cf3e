"""The gate one by one, many at once, as a clause and as counts: the same answer for every combination of facts."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any, NamedTuple

import pytest
from sqlalchemy import insert, select, text
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.companies.gate import callable_now, may_call, may_call_many, verdict_counts
from crm.companies.law import Purpose, legal_rules
from crm.companies.models import (
    Company,
    CompanyNumber,
    Consent,
    ConsentChannel,
    CustomerRelation,
    Publication,
    Suppression,
    SuppressionReason,
)
from crm.companies.rules import Evidence, EvidenceKind, GateFacts, decide
from crm.core.clock import at, local

BEFORE, LAST, FIRST, TODAY = date(2021, 6, 30), date(2026, 6, 30), date(2026, 7, 1), date(2026, 11, 24)
DAYS = (BEFORE, LAST, FIRST, TODAY)
FORMS = (("BV", False), ("EMZ", False), ("EMZ", True), ("OPR", False), ("OPR", True), ("ONB", True))
CONSENTS = ("", "holds", "not yet", "ended", "withdrawn")
PUBLICATIONS = ("", "seen", "long ago", "taken down")
RELATIONS = ("", "customer", "two years ago", "four years ago")
BLOCKS = ("", "own", "branch", "number")
STATES = ("", "stopped", "wrong number", "no number", "second number")
YEAR = timedelta(days=365)
CASE = Evidence(EvidenceKind.HIDDEN_JOB, 77)


class Kind(NamedTuple):
    form: str
    checked: bool
    consent: str
    publication: str
    relation: str
    block: str
    state: str


KINDS = [Kind(*form, *rest) for form, *rest in product(FORMS, CONSENTS, PUBLICATIONS, RELATIONS, BLOCKS, STATES)]


def expected(kind: Kind, moment: datetime, **how: Any) -> GateFacts:
    """What holds of a company of this kind, said a second time, in words of its own."""
    blocked = kind.block == "number"
    works = (kind.state in {"", "stopped"} and not blocked) or kind.state == "second number"
    held = kind.state != "no number" and blocked and not works
    return GateFacts(
        legal_form=kind.form,
        moment=moment,
        form_checked=kind.checked,
        has_consent=kind.consent == "holds",
        has_publication=kind.publication == "seen",
        is_customer=kind.relation == "customer" or kind.relation == "two years ago" or _without_limit(kind, moment),
        company_block=SuppressionReason.OBJECTION if kind.block in {"own", "branch"} else None,
        number_blocked=held,
        has_number=works,
        is_stopped=kind.state == "stopped",
        any_time=True,
        **how,
    )


def _without_limit(kind: Kind, moment: datetime) -> bool:
    """No rule, so no limit in years, and nothing that it could open."""
    return kind.relation == "four years ago" and not any(
        rule.max_days and rule.treatment == "customer" and rule.valid_from <= local(moment).date() <= rule.valid_to
        for rule in legal_rules()
    )


def fill(session: Session, actor: Actor, moment: datetime, every: int = 1) -> dict[int, Kind]:
    """A company of every kind, as seen on that day."""
    first = 10_000
    kinds = {first + 2 * n: kind for n, kind in enumerate(KINDS[::every])}
    tables: dict[Any, list[dict[str, Any]]] = {
        model: [] for model in (Company, CompanyNumber, Consent, Publication, CustomerRelation, Suppression)
    }
    for id_, kind in kinds.items():
        for model, row in rows(id_, kind, actor.user_id, moment):
            tables[model].append({"created_at": moment} | row)
    for model, made in tables.items():
        session.execute(insert(model), made)
    session.execute(text("ANALYZE"))  # as the database of itself does after a while
    return kinds


def rows(id_: int, kind: Kind, user: int, moment: datetime) -> Iterator[tuple[type, dict[str, Any]]]:
    own: dict[str, Any] = {"id": id_, "legal_form": kind.form, "kvk_number": f"{id_:08}", "name": "x", "name_key": "x"}
    own |= {"legal_form_checked": kind.form if kind.checked else None, "branch_number": None}
    own |= {"stopped_at": moment if kind.state == "stopped" else None}
    yield Company, own
    if kind.block == "branch":
        yield Company, own | {"id": id_ + 1}
    number = {"company_id": id_, "e164": f"+3110{id_:07}", "is_wrong": kind.state == "wrong number"}
    if kind.state != "no number":
        yield CompanyNumber, number
    if kind.state == "second number":
        yield CompanyNumber, number | {"e164": f"+3120{id_:07}"}
    by = {"company_id": id_, "recorded_by_id": user, "version": 1}
    if kind.consent:
        ends = {
            "not yet": {"given_at": moment + YEAR},
            "ended": {"expires_at": moment},
            "withdrawn": {"withdrawn_at": moment - timedelta(days=1)},
        }
        given = {"given_at": moment - YEAR, "expires_at": None, "withdrawn_at": None} | ends.get(kind.consent, {})
        words = {"given_by": "W", "channel": ConsentChannel.PAPER, "text": "Ja", "verified_how": ""}
        yield Consent, by | words | given
    if kind.publication:
        seen = moment - (YEAR if kind.publication == "long ago" else YEAR - timedelta(minutes=1))
        ended = moment if kind.publication == "taken down" else None
        yield Publication, by | {"url": "https://x.nl", "text": "Bel.", "seen_at": seen, "ended_at": ended}
    if kind.relation:
        since = local(moment).date() - 5 * YEAR
        until = {"two years ago": since + 3 * YEAR, "four years ago": since + 1 * YEAR}.get(kind.relation)
        yield CustomerRelation, by | {"what": "x", "how_known": "x", "since": since, "until": until}
    targets: dict[str, dict[str, Any]] = {
        "own": {"company_id": id_},
        "branch": {"company_id": id_ + 1},
        "number": {"e164": number["e164"]},
    }
    if kind.block:
        none = {"company_id": None, "e164": None, "reason": SuppressionReason.OBJECTION, "note": ""}
        yield Suppression, none | targets[kind.block]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_they_agree_about_every_combination(session: Session, caller: Actor, day: date) -> None:
    moment = at(day, 11)
    kinds = fill(session, caller, moment)
    facts = {id_: expected(kind, moment) for id_, kind in kinds.items()}
    verdicts = {id_: decide(facts[id_]) for id_ in kinds}
    allowed = {id_ for id_, verdict in verdicts.items() if verdict.allowed}
    chosen = select(col(Company.id)).where(col(Company.id) >= 10_000, col(Company.id) % 2 == 0)

    assert set(session.scalars(chosen.where(callable_now(moment)))) == allowed
    refused = Counter(verdict.reason for verdict in verdicts.values() if not verdict.allowed)
    assert verdict_counts(session, chosen, moment=moment) == refused
    found: dict[int, Any] = {}
    for start in range(0, len(kinds), 500):
        found |= may_call_many(session, list(kinds)[start : start + 500], moment=moment, any_time=True)
    assert {id_: (v.allowed, v.rule) for id_, v in found.items()} == {
        id_: (v.allowed, v.rule) for id_, v in verdicts.items()
    }
    for id_ in list(kinds)[::7]:
        check_evidence(session, id_, kinds[id_], found[id_].evidence)


def check_evidence(session: Session, company_id: int, kind: Kind, evidence: Evidence | None) -> None:
    tables: dict[EvidenceKind, type[Any]] = {
        EvidenceKind.CONSENT: Consent,
        EvidenceKind.PUBLICATION: Publication,
        EvidenceKind.RELATION: CustomerRelation,
        EvidenceKind.SUPPRESSION: Suppression,
    }
    if evidence is None:
        return
    row = session.get_one(tables[evidence.kind], evidence.id)
    if evidence.kind is not EvidenceKind.SUPPRESSION:
        assert row.company_id == company_id
    elif kind.block == "number":
        assert row.e164 == f"+3110{company_id:07}"
    else:
        assert row.company_id == company_id + (kind.block == "branch")


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_dial_button_agrees_for_each_purpose(session: Session, caller: Actor, day: date) -> None:
    moment = at(day, 11)
    kinds = fill(session, caller, moment, every=41)
    for id_ in kinds:
        many = may_call_many(session, [id_], moment=moment)[id_]
        assert may_call(session, id_, moment=moment) == many
        for case in (None, CASE):
            how: dict[str, Any] = {"purpose": Purpose.SERVICE, "case": case}
            verdict = may_call(session, id_, moment=moment, **how)
            rule = decide(expected(kinds[id_], moment, has_case=case is not None, **how))
            assert (verdict.allowed, verdict.rule) == (rule.allowed, rule.rule)
            assert not verdict.allowed or verdict.evidence == CASE
        assert may_call(session, id_, moment=moment, purpose=Purpose.ACQUISITION, case=CASE).rule == many.rule
