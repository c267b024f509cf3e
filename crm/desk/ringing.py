"""Who calls the caller at the desk."""

from dataclasses import dataclass

from sqlmodel import Session

from crm.access.actor import Actor
from crm.companies.models import Company
from crm.companies.search import search
from crm.telephony.models import RingingCall
from crm.telephony.queries import ringing_for

LAST_DIGITS = 7  # the same line with another area code, or as an exchange passes it on


@dataclass(frozen=True, slots=True)
class Ringing:
    """`company` when exactly one has this number, or numbers that end like it."""

    call: RingingCall
    company: Company | None


def who_rings(session: Session, actor: Actor) -> Ringing | None:
    call = ringing_for(session, actor)
    return Ringing(call, _company(session, actor, call.e164)) if call else None


def _company(session: Session, actor: Actor, e164: str) -> Company | None:
    if not e164:
        return None
    for text in (e164, e164[-LAST_DIGITS:]):
        found = search(session, actor, text, page_size=2)
        if found.total:
            return found.rows[0].company if found.total == 1 else None
    return None
