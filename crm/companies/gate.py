"""The gate every call passes: one query collects the facts, crm.companies.rules decides."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from crm.companies.models import Company, CompanyNumber, Consent, Suppression
from crm.companies.rules import GateFacts, Purpose, Verdict, decide
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.reference.queries import legal_forms

BUILDING_TRADES = ("41", "42", "43")


def may_call(
    session: Session,
    company_id: int,
    *,
    e164: str | None = None,
    contact_id: int | None = None,
    moment: datetime | None = None,
    agreed: bool = False,
    purpose: Purpose = Purpose.ACQUISITION,
) -> Verdict:
    """Whether this company, or this number or person of it, may be called at that moment, and why.

    `agreed` is for a callback at its agreed time. Raises NotFound.
    """
    when = moment or now()
    columns = _fact_columns(when, e164, contact_id)
    row = session.execute(select(*columns).where(col(Company.id) == company_id)).mappings().one_or_none()
    if row is None:
        raise NotFound
    return decide(replace(_facts(row, when), agreed=agreed, purpose=purpose))


def may_call_many(
    session: Session, company_ids: Iterable[int], *, moment: datetime | None = None, any_time: bool = False
) -> dict[int, Verdict]:
    """The verdict of every company, in one query."""
    when = moment or now()
    statement = select(col(Company.id).label("id"), *_fact_columns(when)).where(col(Company.id).in_(list(company_ids)))
    found = session.execute(statement).mappings()
    return {row["id"]: decide(replace(_facts(row, when), any_time=any_time)) for row in found}


def verdict_counts(session: Session, company_ids: Select[Any], *, moment: datetime | None = None) -> dict[str, int]:
    """How many of these companies may not be called, by reason; the hour of the day does not count.

    The database counts combinations of facts, of which there are some dozens, however many companies there are.
    """
    when = moment or now()
    facts = select(*_fact_columns(when)).where(col(Company.id).in_(company_ids)).subquery()
    counts: dict[str, int] = {}
    for row in session.execute(select(*facts.c, func.count().label("n")).group_by(*facts.c)).mappings():
        verdict = decide(replace(_facts(row, when), any_time=True))
        if not verdict.allowed:
            counts[verdict.reason] = counts.get(verdict.reason, 0) + row["n"]
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def callable_now(moment: datetime | None = None) -> ColumnElement[bool]:
    """A clause on Company for making lists: may be called, apart from the hour of the day."""
    when = moment or now()
    return and_(
        col(Company.stopped_at).is_(None),
        or_(
            col(Company.legal_form).in_(_forms(when)),
            and_(col(Company.legal_form).in_(_forms(when, form_checked=True)), _form_checked()),
            and_(col(Company.legal_form).in_(_forms(when, has_consent=True)), _has_consent(when)),
        ),
        _company_block().is_(None),
        _has_number(),
    )


def _forms(moment: datetime, **facts: Any) -> list[str]:
    """The legal forms that may be called when these facts hold: the rules themselves are asked."""
    return [
        code
        for code in legal_forms()
        if decide(GateFacts(legal_form=code, moment=moment, any_time=True, **facts)).allowed
    ]


def _facts(row: Any, moment: datetime) -> GateFacts:
    return GateFacts(
        legal_form=row["legal_form"],
        moment=moment,
        form_checked=bool(row["form_checked"]),
        has_consent=bool(row["has_consent"]),
        company_block=row["company_block"],
        contact_blocked=bool(row["contact_blocked"]),
        number_blocked=bool(row["number_blocked"]) and not row["has_number"],
        has_number=bool(row["has_number"]),
        is_stopped=bool(row["is_stopped"]),
        is_builder=bool(row["is_builder"]),
    )


def _fact_columns(moment: datetime, e164: str | None = None, contact_id: int | None = None) -> list[ColumnElement[Any]]:
    columns: dict[str, Any] = {
        "legal_form": col(Company.legal_form),
        "form_checked": _form_checked(),
        "has_consent": _has_consent(moment),
        "company_block": _company_block(),
        "contact_blocked": exists().where(col(Suppression.contact_id) == contact_id) if contact_id else literal(False),
        "number_blocked": _is_suppressed(e164) if e164 else _has_suppressed_number(),
        "has_number": _works(e164) if e164 else _has_number(),
        "is_stopped": col(Company.stopped_at).is_not(None),
        "is_builder": func.coalesce(or_(*(col(Company.sbi_code).startswith(code) for code in BUILDING_TRADES)), False),
    }
    return [column.label(name) for name, column in columns.items()]


def _form_checked() -> ColumnElement[bool]:
    # Compared with the form itself: a form that changes later, by an import too, has to be checked again.
    return func.coalesce(col(Company.legal_form_checked) == col(Company.legal_form), False)


def _has_consent(moment: datetime) -> ColumnElement[bool]:
    return exists().where(
        col(Consent.company_id) == Company.id,
        col(Consent.given_at) <= moment,
        or_(col(Consent.expires_at).is_(None), col(Consent.expires_at) > moment),
        or_(col(Consent.withdrawn_at).is_(None), col(Consent.withdrawn_at) > moment),
    )


def _company_block() -> ColumnElement[Any]:
    """Why the company may not be called; a block on one branch counts for all branches of the business."""
    branch = aliased(Company)
    own = select(func.min(col(Suppression.reason))).where(col(Suppression.company_id) == Company.id)
    sibling = (
        select(func.min(col(Suppression.reason)))
        .join(branch, col(branch.id) == Suppression.company_id)
        .where(col(branch.kvk_number) == Company.kvk_number)
    )
    return func.coalesce(own.correlate(Company).scalar_subquery(), sibling.correlate(Company).scalar_subquery())


def _is_suppressed(e164: Any) -> ColumnElement[bool]:
    return exists().where(col(Suppression.e164) == e164)


def _has_number() -> ColumnElement[bool]:
    return exists().where(
        col(CompanyNumber.company_id) == Company.id,
        col(CompanyNumber.is_wrong).is_(False),
        ~_is_suppressed(col(CompanyNumber.e164)),
    )


def _has_suppressed_number() -> ColumnElement[bool]:
    return exists().where(col(CompanyNumber.company_id) == Company.id, col(Suppression.e164) == col(CompanyNumber.e164))


def _works(e164: str) -> ColumnElement[bool]:
    """A number that was typed in by hand may be one we do not have yet."""
    known_wrong = exists().where(
        col(CompanyNumber.company_id) == Company.id, col(CompanyNumber.e164) == e164, col(CompanyNumber.is_wrong)
    )
    return and_(~known_wrong, ~_is_suppressed(e164))
