"""Who is calling us: the companies that a number can belong to, and whether a colleague is busy with them."""

import re
from dataclasses import dataclass

from sqlmodel import Session, col, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.calling.models import Call, Claim
from crm.calling.queries import Holder, my_open_call, my_parked_call
from crm.companies.models import Company
from crm.companies.queries import FoundCompanies, FoundCompany, companies_with
from crm.companies.search import companies_ending
from crm.core.clock import now
from crm.followups.next_steps import NextStep, next_steps
from crm.telephony.numbers import parse_numbers

FEWEST_DIGITS = 6  # fewer are the end of too many numbers
MOST_DIGITS = 9  # of a Dutch number, without what says that it is one


@dataclass(frozen=True, slots=True)
class Ringing:
    """`e164` is empty as long as the number is not whole. `holders` are colleagues who are busy, by company, and
    `steps` what is planned with it.

    `left` is the company of the call that is open now, `parked` that of the call that is parked already: answering
    parks the one, or puts it back when there is the other. It is None when that is who rings: then the two change
    places.
    """

    e164: str
    found: list[FoundCompany]
    more: bool
    holders: dict[int, Holder]
    steps: dict[int, NextStep]
    left: Company | None
    parked: Company | None


def ringing(session: Session, actor: Actor, number: str) -> Ringing:
    """Whose number this is, typed by somebody or told by a telephone: exactly, else by its last digits."""
    actor.require(Permission.CALL_MAKE)
    whole = parse_numbers(number)
    e164 = whole[0].e164 if len(whole) == 1 else ""
    found = companies_with(session, actor, e164) if e164 else FoundCompanies([], 0, more=False)
    digits = re.sub(r"\D", "", number)[-MOST_DIGITS:]
    if not found.rows and len(digits) >= FEWEST_DIGITS:
        found = companies_ending(session, actor, digits)
    ids = [row.company.id for row in found.rows]
    holders, steps = _holders(session, actor, ids), next_steps(session, actor, ids)
    left, parked = (_company(session, call(session, actor)) for call in (my_open_call, my_parked_call))
    if parked and ids == [parked.id]:
        parked = None
    return Ringing(e164, found.rows, found.more, holders, steps, left, parked)


def _holders(session: Session, actor: Actor, company_ids: list[int]) -> dict[int, Holder]:
    statement = (
        select(Claim.company_id, User.id, User.name, Claim.expires_at)
        .join(User, col(User.id) == Claim.user_id)
        .where(col(Claim.company_id).in_(company_ids), Claim.expires_at > now(), Claim.user_id != actor.user_id)
    )
    return {row[0]: Holder(row[1], row[2], row[3]) for row in session.exec(statement)}


def _company(session: Session, call: Call | None) -> Company | None:
    return session.get_one(Company, call.company_id) if call else None
