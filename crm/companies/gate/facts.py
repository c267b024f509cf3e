"""What the database knows that decides about a call, as parts of statements."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
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
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from crm.companies.law import Treatment, max_days
from crm.companies.models import (
    Company,
    CompanyNumber,
    Consent,
    Contact,
    CustomerRelation,
    Publication,
    Suppression,
)
from crm.companies.rules import EvidenceKind
from crm.core.clock import local

BUILDING_TRADES = ("41", "42", "43")
EVIDENCE = (EvidenceKind.CONSENT, EvidenceKind.PUBLICATION, EvidenceKind.RELATION, EvidenceKind.SUPPRESSION)
FOREVER = 100 * 365  # a rule without a limit in days
# What `reach` tells, as parameters of a statement that is kept.
PARAMETERS: Mapping[str, Any] = {
    "moment": bindparam("moment", type_=UTCDateTime),
    "day": bindparam("day", type_=Date),
    "seen_since": bindparam("seen_since", type_=UTCDateTime),
    "customer_until": bindparam("customer_until", type_=Date),
}

_Rows = tuple[Any, ...]  # the id of a row, and what makes it count
WORKS, BLOCKED, MISSING = "works", "blocked", "missing"


def reach(moment: datetime) -> dict[str, Any]:
    """The moment, and how far back on that day an exception may rest on something."""
    day = local(moment).date()
    return {
        "moment": moment,
        "day": day,
        "seen_since": moment - timedelta(days=max_days(Treatment.PUBLISHED, day) or FOREVER),
        "customer_until": day - timedelta(days=max_days(Treatment.CUSTOMER, day) or FOREVER),
    }


def openings(given: Mapping[str, Any] = PARAMETERS) -> dict[str, ColumnElement[bool]]:
    """What may open a call that the legal form alone does not allow, by the name of the fact."""
    return {
        "form_checked": _form_checked(),
        "has_consent": _exists(_consents(given)),
        "has_publication": _exists(_publications(given)),
        "is_customer": _exists(_relations(given)),
    }


def number_works() -> ColumnElement[bool]:
    """Says in a statement about numbers that one is right and that nobody objected to calls to it."""
    return and_(col(CompanyNumber.is_wrong).is_(False), ~_is_suppressed(col(CompanyNumber.e164)))


def contact_objected() -> ColumnElement[bool]:
    """Says in a statement about contacts that one does not want to be called."""
    return _is_contact_suppressed(col(Contact.id))


def fact_columns(
    e164: Any = None,
    contact_id: Any = None,
    block: ColumnElement[Any] | None = None,
) -> list[ColumnElement[Any]]:
    """What `_facts` reads besides evidence; `block` takes the place of looking for it company by company."""
    columns: dict[str, Any] = {
        "legal_form": col(Company.legal_form),
        "form_checked": _form_checked(),
        "company_block": _block(col(Suppression.reason)) if block is None else block,
        "contact_blocked": literal(False) if contact_id is None else _is_contact_suppressed(contact_id),
        "number": _state_of_numbers() if e164 is None else _state_of(e164),
        "is_stopped": col(Company.stopped_at).is_not(None),
        "is_builder": func.coalesce(or_(*(col(Company.sbi_code).startswith(code) for code in BUILDING_TRADES)), False),
    }
    return [column.label(name) for name, column in columns.items()]


def evidence_columns(e164: Any = None, contact_id: Any = None) -> list[ColumnElement[Any]]:
    """The rows that may decide, for `Verdict.evidence`."""
    found = {
        EvidenceKind.CONSENT: _consents(PARAMETERS),
        EvidenceKind.PUBLICATION: _publications(PARAMETERS),
        EvidenceKind.RELATION: _relations(PARAMETERS),
    }
    columns = [select(func.max(ids)).where(*clauses).scalar_subquery() for ids, *clauses in found.values()]
    return [column.label(kind) for kind, column in zip(found, columns, strict=True)] + [
        _deciding_block(e164, contact_id).label(EvidenceKind.SUPPRESSION)
    ]


def facts_of_many() -> Select[Any]:
    """The facts of all companies. Blocks are few: they are gathered once and joined."""
    own, business = blocks(), blocked_businesses()
    columns = fact_columns(block=func.coalesce(business.c.reason, own.c.reason))
    there_is = [holds.label(fact) for fact, holds in openings().items() if fact != "form_checked"]
    return (
        select(*columns, *there_is)
        .select_from(Company)
        .outerjoin(own, own.c.company_id == Company.id)
        .outerjoin(business, business.c.kvk_number == Company.kvk_number)
    )


def _form_checked() -> ColumnElement[bool]:
    # Compared with the form itself: a form that changes later, by an import too, has to be checked again.
    return func.coalesce(col(Company.legal_form_checked) == col(Company.legal_form), False)


def _consents(given: Mapping[str, Any]) -> _Rows:
    return (
        col(Consent.id),
        col(Consent.company_id) == Company.id,
        col(Consent.given_at) <= given["moment"],
        or_(col(Consent.expires_at).is_(None), col(Consent.expires_at) > given["moment"]),
        or_(col(Consent.withdrawn_at).is_(None), col(Consent.withdrawn_at) > given["moment"]),
    )


def _publications(given: Mapping[str, Any]) -> _Rows:
    return (
        col(Publication.id),
        col(Publication.company_id) == Company.id,
        col(Publication.seen_at) <= given["moment"],
        col(Publication.seen_at) > given["seen_since"],
        or_(col(Publication.ended_at).is_(None), col(Publication.ended_at) > given["moment"]),
    )


def _relations(given: Mapping[str, Any]) -> _Rows:
    return (
        col(CustomerRelation.id),
        col(CustomerRelation.company_id) == Company.id,
        col(CustomerRelation.since) <= given["day"],
        or_(
            col(CustomerRelation.until).is_(None),
            col(CustomerRelation.until) >= given["customer_until"],
        ),
    )


def _exists(rows: _Rows) -> ColumnElement[bool]:
    return exists().where(*rows[1:])


def _deciding_block(e164: Any, contact_id: Any) -> ColumnElement[Any]:
    """The block that a refusal rests on: of the company, else of the person, else of the number."""
    numbers = select(col(CompanyNumber.e164)).where(col(CompanyNumber.company_id) == Company.id)
    of_number = col(Suppression.e164).in_(numbers.correlate(Company)) if e164 is None else _of_typed(e164)
    of_person = [] if contact_id is None else [_first_block(col(Suppression.contact_id) == contact_id)]
    return func.coalesce(_block(col(Suppression.id)), *of_person, _first_block(of_number))


def _first_block(clause: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(func.min(col(Suppression.id))).where(clause).scalar_subquery()


def _block(column: Any) -> ColumnElement[Any]:
    """Of the heaviest block on the company; one on a branch counts for all branches of the business."""
    branch = aliased(Company)
    heaviest = select(column).order_by(col(Suppression.reason), col(Suppression.id)).limit(1)
    own = heaviest.where(col(Suppression.company_id) == Company.id)
    of_any_branch = heaviest.join(branch, col(branch.id) == Suppression.company_id).where(
        col(branch.kvk_number) == Company.kvk_number
    )
    return case(
        (col(Company.kvk_number).is_(None), own.correlate(Company).scalar_subquery()),
        else_=of_any_branch.correlate(Company).scalar_subquery(),
    )


def blocks() -> Subquery:
    company_id, reason = col(Suppression.company_id), func.min(col(Suppression.reason)).label("reason")
    return select(company_id, reason).where(company_id.is_not(None)).group_by(company_id).subquery()


def blocked_businesses() -> Subquery:
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


def has_number() -> ColumnElement[bool]:
    return exists().where(col(CompanyNumber.company_id) == Company.id, number_works())


def _state_of_numbers() -> ColumnElement[str]:
    blocked = exists().where(
        col(CompanyNumber.company_id) == Company.id, col(Suppression.e164) == col(CompanyNumber.e164)
    )
    return case((has_number(), WORKS), (blocked, BLOCKED), else_=MISSING)


def _state_of(e164: Any) -> ColumnElement[str]:
    """A number that was typed in by hand may be one we do not have yet."""
    known_wrong = exists().where(
        col(CompanyNumber.company_id) == Company.id, col(CompanyNumber.e164) == e164, col(CompanyNumber.is_wrong)
    )
    return case((exists().where(_of_typed(e164)), BLOCKED), (known_wrong, MISSING), else_=WORKS)


def _of_typed(e164: Any) -> ColumnElement[bool]:
    """A block on this number, which may have been erased: then only its mark is left."""
    return or_(col(Suppression.e164) == e164, col(Suppression.mark) == bindparam("mark", type_=String))
