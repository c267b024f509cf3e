"""Who calls the caller at the desk, as the telephone system tells it."""

from dataclasses import dataclass

from sqlmodel import Session

from crm.access.actor import Actor
from crm.companies.models import Company
from crm.desk.incoming import ringing
from crm.telephony.models import RingingCall
from crm.telephony.queries import ringing_for

LAST_DIGITS = 7  # the same line with another area code, or as an exchange passes it on


@dataclass(frozen=True, slots=True)
class RingsNow:
    """`asked` is the number, or the end of it by which companies were found. `company` when it is exactly one."""

    call: RingingCall
    asked: str
    company: Company | None


def who_rings(session: Session, actor: Actor) -> RingsNow | None:
    call = ringing_for(session, actor)
    if call is None:
        return None
    for asked in filter(None, (call.e164, call.e164[-LAST_DIGITS:])):
        if found := ringing(session, actor, asked).found:
            return RingsNow(call, asked, found[0].company if len(found) == 1 else None)
    return RingsNow(call, call.e164, None)
