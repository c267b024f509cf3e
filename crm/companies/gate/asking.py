"""One query collects the facts, crm.companies.rules decides."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
)
from sqlmodel import Session, col

from crm.companies.gate.facts import (
    BLOCKED,
    EVIDENCE,
    WORKS,
    blocked_businesses,
    blocks,
    evidence_columns,
    fact_columns,
    facts_of_many,
    has_number,
    openings,
    reach,
)
from crm.companies.law import Purpose
from crm.companies.marks import Erased, mark
from crm.companies.models import (
    Company,
    SuppressionReason,
)
from crm.companies.rules import Evidence, EvidenceKind, GateFacts, Verdict, decide
from crm.core.clock import now
from crm.core.db import run
from crm.core.errors import NotFound
from crm.reference.queries import legal_forms


def may_call(
    session: Session,
    company_id: int,
    *,
    e164: str | None = None,
    contact_id: int | None = None,
    moment: datetime | None = None,
    agreed: bool = False,
    purpose: Purpose = Purpose.ACQUISITION,
    case: Evidence | None = None,
) -> Verdict:
    """Whether this company, or this number or person of it, may be called at that moment, and why.

    `agreed` is for a callback at its agreed time; `case` is what a service call is about. Raises NotFound.
    """
    when = moment or now()
    given = {"id": company_id, "e164": e164, "contact_id": contact_id} | reach(when)
    given["mark"] = mark(Erased.NUMBER, e164) if e164 else None
    row = run(session, _one_company(bool(e164), bool(contact_id)), given).mappings().one_or_none()
    if row is None:
        raise NotFound
    return decide(replace(_facts(row, when), agreed=agreed, purpose=purpose, has_case=case is not None, case=case))


def may_call_many(
    session: Session, company_ids: Iterable[int], *, moment: datetime | None = None, any_time: bool = False
) -> dict[int, Verdict]:
    """The verdict of every company, in one query."""
    when = moment or now()
    found = run(session, _many_companies(), {"ids": list(company_ids)} | reach(when)).mappings()
    return {row["id"]: verdict_of(row, when, any_time=any_time) for row in found}


def verdict_columns() -> list[ColumnElement[Any]]:
    """What `verdict_of` reads, for a statement about companies that is given what `reach` tells."""
    return fact_columns() + evidence_columns()


def verdict_of(row: Any, moment: datetime, *, any_time: bool = True) -> Verdict:
    return decide(replace(_facts(row, moment), any_time=any_time))


def verdict_counts(session: Session, company_ids: Select[Any], *, moment: datetime | None = None) -> dict[str, int]:
    """How many companies of a `select(Company.id)` may not be called, by reason; the hour of the day does not count.

    The database counts combinations of facts, of which there are some dozens, however many companies there are.
    """
    when = moment or now()
    chosen = facts_of_many()
    if company_ids.whereclause is not None:  # in order of id, which is how the pages of a large table lie
        chosen = chosen.where(col(Company.id).in_(company_ids))
    facts = chosen.cte("facts").prefix_with("MATERIALIZED")  # else SQLite looks every fact up twice
    counts: dict[str, int] = {}
    counted = select(*facts.c, func.count().label("n")).group_by(*facts.c)
    for row in session.execute(counted, reach(when)).mappings():
        verdict = decide(replace(_facts(row, when), any_time=True))
        if not verdict.allowed:
            counts[verdict.reason] = counts.get(verdict.reason, 0) + row["n"]
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def callable_now(moment: datetime | None = None) -> ColumnElement[bool]:
    """A clause on Company for making lists: may be called, apart from the hour of the day."""
    when = moment or now()
    return and_(
        col(Company.stopped_at).is_(None),
        or_(_form().in_(_forms(when)), *_opened(when)),
        nobody_objected(),
        has_number(),
    )


def nobody_objected() -> ColumnElement[bool]:
    """A clause on Company: neither it nor another branch of the business is blocked."""
    return and_(
        col(Company.id).not_in(select(blocks().c.company_id)),
        or_(
            col(Company.kvk_number).is_(None),
            col(Company.kvk_number).not_in(select(blocked_businesses().c.kvk_number)),
        ),
    )


def consent_would_help(moment: datetime | None = None) -> ColumnElement[bool]:
    """A clause on Company: all that the law misses for a call is consent."""
    when = moment or now()
    always = _forms(when)
    helped = [code for code in _forms(when, has_consent=True) if code not in always]
    return and_(_form().in_(helped), not_(or_(*_opened(when))))


def _form() -> ColumnElement[str]:
    return func.coalesce(col(Company.legal_form), "")  # keeps SQLite from walking the index of a third of all companies


def _opened(when: datetime) -> list[ColumnElement[bool]]:
    """What opens a call that the legal form alone does not allow."""
    always = _forms(when)
    found: list[ColumnElement[bool]] = []
    for fact, holds in openings(reach(when)).items():
        if more := [code for code in _forms(when, **{fact: True}) if code not in always]:
            found.append(and_(_form().in_(more), holds))
    return found


def _forms(moment: datetime, **facts: Any) -> list[str]:
    """The legal forms that may be called when these facts hold: the rules themselves are asked."""
    return [
        code
        for code in legal_forms()
        if decide(GateFacts(legal_form=code, moment=moment, any_time=True, **facts)).allowed
    ]


@cache
def _one_company(with_number: bool, with_contact: bool) -> Select[Any]:
    """Kept, as building it takes longer than running it, and every call asks."""
    e164 = bindparam("e164", type_=String) if with_number else None
    contact_id = bindparam("contact_id", type_=Integer) if with_contact else None
    columns = fact_columns(e164, contact_id) + evidence_columns(e164, contact_id)
    return select(*columns).where(col(Company.id) == bindparam("id"))


@cache
def _many_companies() -> Select[Any]:
    return select(col(Company.id).label("id"), *verdict_columns()).where(
        col(Company.id).in_(bindparam("ids", expanding=True))
    )


def _facts(row: Any, moment: datetime) -> GateFacts:
    evidence = {kind: row[kind] for kind in EVIDENCE if row.get(kind)}
    return GateFacts(
        legal_form=row["legal_form"],
        moment=moment,
        form_checked=bool(row["form_checked"]),
        has_consent=EvidenceKind.CONSENT in evidence or bool(row.get("has_consent")),
        has_publication=EvidenceKind.PUBLICATION in evidence or bool(row.get("has_publication")),
        is_customer=EvidenceKind.RELATION in evidence or bool(row.get("is_customer")),
        company_block=SuppressionReason(row["company_block"]) if row["company_block"] else None,
        contact_blocked=bool(row["contact_blocked"]),
        number_blocked=row["number"] == BLOCKED,
        has_number=row["number"] == WORKS,
        is_stopped=bool(row["is_stopped"]),
        is_builder=bool(row["is_builder"]),
        evidence=evidence,
    )
