"""What was erased is recognised when it comes back, though nobody can read from the database what it was.

A mark is a hash with the key of the installation, so a number or name cannot be found by trying them all without it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Connection, insert, select
from sqlmodel import col

from crm.companies.models import Company, Suppression, SuppressionReason
from crm.core.clock import now
from crm.core.secrets import keyed_hash
from crm.core.text import plain

AT_ONCE = 500

Item = TypeVar("Item")
Key = TypeVar("Key", int, str)


class Erased(StrEnum):
    """What a mark is of; the same digits of another kind give another mark."""

    NUMBER = "number"
    BUSINESS = "business"
    BRANCH = "branch"
    PLACE = "place"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A company that is new or got something new: what it may be recognised by."""

    company_id: int
    name_key: str
    kvk_number: str | None = None
    branch_number: str | None = None
    postcode: str | None = None
    town: str = ""
    numbers: Iterable[str] = field(default_factory=tuple)

    @classmethod
    def of(cls, company: Company, numbers: Iterable[str] = ()) -> "Arrival":
        return cls(
            company.id,
            company.name_key,
            company.kvk_number,
            company.branch_number,
            company.postcode,
            company.town,
            tuple(numbers),
        )


def mark(kind: Erased, value: str) -> str:
    return keyed_hash(f"erased:{kind}", value)


def person_mark(company_id: int, name_key: str) -> str:
    """Somebody is recognised at the same company only: names are not rare."""
    return mark(Erased.PERSON, f"{company_id}|{name_key}")


def company_marks(company: Arrival) -> set[str]:
    """By KVK number, branch number, and name with postcode, or with town when there is no postcode."""
    where = company.postcode or plain(company.town)
    values = {
        Erased.BUSINESS: company.kvk_number,
        Erased.BRANCH: company.branch_number,
        Erased.PLACE: f"{company.name_key}|{where}" if company.name_key and where else None,
    }
    return {mark(kind, value) for kind, value in values.items() if value}


def block_known(connection: Connection, companies: Sequence[Arrival], made_by_id: int | None) -> None:
    """Block at once what was erased before and now comes back. A few statements, however many companies."""
    if connection.scalar(select(col(Suppression.id)).where(col(Suppression.mark).is_not(None)).limit(1)) is None:
        return
    by_company = {company.company_id: company_marks(company) for company in companies}
    by_number = {e164: mark(Erased.NUMBER, e164) for company in companies for e164 in company.numbers}
    reasons = known_marks(connection, {*by_number.values()}.union(*by_company.values()))
    found = {id_: _heaviest(reasons, marks) for id_, marks in by_company.items()}
    numbers = {e164: reasons.get(hashed) for e164, hashed in by_number.items()}
    stamp = {"note": "", "made_by_id": made_by_id, "created_at": now()}
    rows = [
        {"company_id": id_, "e164": None, "reason": reason} | stamp
        for id_, reason in _not_blocked(connection, "company_id", found)
    ]
    rows += [
        {"company_id": None, "e164": e164, "reason": reason} | stamp
        for e164, reason in _not_blocked(connection, "e164", numbers)
    ]
    if rows:
        connection.execute(insert(Suppression), rows)


def known_marks(connection: Connection, marks: set[str]) -> dict[str, SuppressionReason]:
    found: dict[str, SuppressionReason] = {}
    for portion in _portions(marks):
        rows = connection.execute(
            select(col(Suppression.mark), col(Suppression.reason)).where(col(Suppression.mark).in_(portion))
        )
        found |= {hashed: reason for hashed, reason in rows if hashed}
    return found


def _heaviest(reasons: Mapping[str, SuppressionReason], marks: set[str]) -> SuppressionReason | None:
    return min((reasons[hashed] for hashed in marks if hashed in reasons), default=None)


def _not_blocked(
    connection: Connection, column: str, found: Mapping[Key, SuppressionReason | None]
) -> list[tuple[Key, SuppressionReason]]:
    wanted = {key: reason for key, reason in found.items() if reason}
    target = getattr(Suppression, column)
    for portion in _portions(wanted):
        for key in connection.scalars(select(target).where(target.in_(portion))):
            wanted.pop(key, None)
    return list(wanted.items())


def _portions(items: Iterable[Item]) -> Iterator[list[Item]]:
    waiting = list(items)
    for start in range(0, len(waiting), AT_ONCE):
        yield waiting[start : start + AT_ONCE]
