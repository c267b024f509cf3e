"""The gate every call passes: one query collects the facts, crm.companies.rules decides."""

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
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from sqlmodel.sql.sqltypes import UTCDateTime

from crm.companies.models import Company, CompanyNumber, Consent, Contact, Suppression, SuppressionReason
from crm.companies.rules import GateFacts, Purpose, Verdict, decide
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.reference.queries import legal_forms

BUILDING_TRADES = ("41", "42", "43")
WORKS, BLOCKED, MISSING = "works", "blocked", "missing"


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
    given = {"id": company_id, "moment": when, "e164": e164, "contact_id": contact_id}
    row = session.execute(_one_company(bool(e164), bool(contact_id)), given).mappings().one_or_none()
    if row is None:
        raise NotFound
    return decide(replace(_facts(row, when), agreed=agreed, purpose=purpose))


def may_call_many(
    session: Session, company_ids: Iterable[int], *, moment: datetime | None = None, any_time: bool = False
) -> dict[int, Verdict]:
    """The verdict of every company, in one query."""
    when = moment or now()
    found = session.execute(_many_companies(), {"ids": list(company_ids), "moment": when}).mappings()
    return {row["id"]: decide(replace(_facts(row, when), any_time=any_time)) for row in found}


def verdict_counts(session: Session, company_ids: Select[Any], *, moment: datetime | None = None) -> dict[str, int]:
    """How many companies of a `select(Company.id)` may not be called, by reason; the hour of the day does not count.

    The database counts combinations of facts, of which there are some dozens, however many companies there are.
    """
    when = moment or now()
    chosen = _facts_of_many(when)
    if company_ids.whereclause is not None:  # in order of id, which is how the pages of a large table lie
        chosen = chosen.where(col(Company.id).in_(company_ids))
    facts = chosen.cte("facts").prefix_with("MATERIALIZED")  # else SQLite looks every fact up twice
    counts: dict[str, int] = {}
    for row in session.execute(select(*facts.c, func.count().label("n")).group_by(*facts.c)).mappings():
        verdict = decide(replace(_facts(row, when), any_time=True))
        if not verdict.allowed:
            counts[verdict.reason] = counts.get(verdict.reason, 0) + row["n"]
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def callable_now(moment: datetime | None = None) -> ColumnElement[bool]:
    """A clause on Company for making lists: may be called, apart from the hour of the day."""
    when = moment or now()
    form = func.coalesce(col(Company.legal_form), "")  # keeps SQLite from walking the index of a third of all companies
    return and_(
        col(Company.stopped_at).is_(None),
        or_(
            form.in_(_forms(when)),
            and_(form.in_(_forms(when, form_checked=True)), _form_checked()),
            and_(form.in_(_forms(when, has_consent=True)), _has_consent(when)),
        ),
        nobody_objected(),
        _has_number(),
    )


def nobody_objected() -> ColumnElement[bool]:
    """A clause on Company: neither it nor another branch of the business is blocked."""
    return and_(
        col(Company.id).not_in(select(_blocks().c.company_id)),
        or_(
            col(Company.kvk_number).is_(None),
            col(Company.kvk_number).not_in(select(_blocked_businesses().c.kvk_number)),
        ),
    )


def consent_would_help(moment: datetime | None = None) -> ColumnElement[bool]:
    """A clause on Company: all that the law misses for a call is consent."""
    when = moment or now()
    allowed = _forms(when)
    return and_(
        col(Company.legal_form).in_([code for code in _forms(when, has_consent=True) if code not in allowed]),
        ~_has_consent(when),
        ~and_(col(Company.legal_form).in_(_forms(when, form_checked=True)), _form_checked()),
    )


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
    columns = _fact_columns(
        bindparam("moment", type_=UTCDateTime),
        bindparam("e164", type_=String) if with_number else None,
        bindparam("contact_id", type_=Integer) if with_contact else None,
    )
    return select(*columns).where(col(Company.id) == bindparam("id"))


@cache
def _many_companies() -> Select[Any]:
    columns = _fact_columns(bindparam("moment", type_=UTCDateTime))
    return select(col(Company.id).label("id"), *columns).where(col(Company.id).in_(bindparam("ids", expanding=True)))


def number_works() -> ColumnElement[bool]:
    """Says in a statement about numbers that one is right and that nobody objected to calls to it."""
    return and_(col(CompanyNumber.is_wrong).is_(False), ~_is_suppressed(col(CompanyNumber.e164)))


def contact_objected() -> ColumnElement[bool]:
    """Says in a statement about contacts that one does not want to be called."""
    return _is_contact_suppressed(col(Contact.id))


def _facts(row: Any, moment: datetime) -> GateFacts:
    return GateFacts(
        legal_form=row["legal_form"],
        moment=moment,
        form_checked=bool(row["form_checked"]),
        has_consent=bool(row["has_consent"]),
        company_block=SuppressionReason(row["company_block"]) if row["company_block"] else None,
        contact_blocked=bool(row["contact_blocked"]),
        number_blocked=row["number"] == BLOCKED,
        has_number=row["number"] == WORKS,
        is_stopped=bool(row["is_stopped"]),
        is_builder=bool(row["is_builder"]),
    )


def _fact_columns(
    moment: Any,
    e164: Any = None,
    contact_id: Any = None,
    block: ColumnElement[Any] | None = None,
) -> list[ColumnElement[Any]]:
    """What `_facts` reads; `block` takes the place of looking for it company by company."""
    columns: dict[str, Any] = {
        "legal_form": col(Company.legal_form),
        "form_checked": _form_checked(),
        "has_consent": _has_consent(moment),
        "company_block": _block() if block is None else block,
        "contact_blocked": literal(False) if contact_id is None else _is_contact_suppressed(contact_id),
        "number": _state_of_numbers() if e164 is None else _state_of(e164),
        "is_stopped": col(Company.stopped_at).is_not(None),
        "is_builder": func.coalesce(or_(*(col(Company.sbi_code).startswith(code) for code in BUILDING_TRADES)), False),
    }
    return [column.label(name) for name, column in columns.items()]


def _facts_of_many(moment: datetime) -> Select[Any]:
    """The facts of all companies. Blocks are few: they are gathered once and joined."""
    own, business = _blocks(), _blocked_businesses()
    columns = _fact_columns(moment, block=func.coalesce(business.c.reason, own.c.reason))
    return (
        select(*columns)
        .select_from(Company)
        .outerjoin(own, own.c.company_id == Company.id)
        .outerjoin(business, business.c.kvk_number == Company.kvk_number)
    )


def _form_checked() -> ColumnElement[bool]:
    # Compared with the form itself: a form that changes later, by an import too, has to be checked again.
    return func.coalesce(col(Company.legal_form_checked) == col(Company.legal_form), False)


def _has_consent(moment: Any) -> ColumnElement[bool]:
    return exists().where(
        col(Consent.company_id) == Company.id,
        col(Consent.given_at) <= moment,
        or_(col(Consent.expires_at).is_(None), col(Consent.expires_at) > moment),
        or_(col(Consent.withdrawn_at).is_(None), col(Consent.withdrawn_at) > moment),
    )


def _block() -> ColumnElement[Any]:
    """Why the company may not be called; a block on one branch counts for all branches of the business."""
    branch = aliased(Company)
    own = select(func.min(col(Suppression.reason))).where(col(Suppression.company_id) == Company.id)
    of_any_branch = (
        select(func.min(col(Suppression.reason)))
        .join(branch, col(branch.id) == Suppression.company_id)
        .where(col(branch.kvk_number) == Company.kvk_number)
    )
    return case(
        (col(Company.kvk_number).is_(None), own.correlate(Company).scalar_subquery()),
        else_=of_any_branch.correlate(Company).scalar_subquery(),
    )


def _blocks() -> Subquery:
    company_id, reason = col(Suppression.company_id), func.min(col(Suppression.reason)).label("reason")
    return select(company_id, reason).where(company_id.is_not(None)).group_by(company_id).subquery()


def _blocked_businesses() -> Subquery:
    branch = aliased(Company)
    # As it is, SQLite would walk the index of all KVK numbers; without the cast it would make no index of the result.
    number = cast(func.coalesce(col(branch.kvk_number), ""), String).label("kvk_number")
    found = select(number, func.min(col(Suppression.reason)).label("reason"))
    return (
        found.join(Suppression, col(Suppression.company_id) == branch.id)
        .where(number != "")
        .group_by(number)
        .subquery()
    )


def _is_contact_suppressed(contact_id: Any) -> ColumnElement[bool]:
    return exists().where(col(Suppression.contact_id) == contact_id)


def _is_suppressed(e164: Any) -> ColumnElement[bool]:
    return exists().where(col(Suppression.e164) == e164)


def _has_number() -> ColumnElement[bool]:
    return exists().where(col(CompanyNumber.company_id) == Company.id, number_works())


def _state_of_numbers() -> ColumnElement[str]:
    blocked = exists().where(
        col(CompanyNumber.company_id) == Company.id, col(Suppression.e164) == col(CompanyNumber.e164)
    )
    return case((_has_number(), WORKS), (blocked, BLOCKED), else_=MISSING)


def _state_of(e164: Any) -> ColumnElement[str]:
    """A number that was typed in by hand may be one we do not have yet."""
    known_wrong = exists().where(
        col(CompanyNumber.company_id) == Company.id, col(CompanyNumber.e164) == e164, col(CompanyNumber.is_wrong)
    )
    return case((_is_suppressed(e164), BLOCKED), (known_wrong, MISSING), else_=WORKS)
