"""Which promised calls are to be made now: own ones, then what colleagues are late with or not here for."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.companies.gate import may_call_many
from crm.companies.rules import time_refusal
from crm.core.clock import local, now
from crm.desk import statements
from crm.desk.cases import running_case
from crm.followups.models import CALLING_KINDS, PROMISED_KINDS, FollowUp, FollowUpKind
from crm.followups.rules import for_team_since


def calls_to_make(session: Session, actor: Actor) -> Iterator[FollowUp]:
    """Those that may be made at this hour, to companies that may be called and that no colleague holds.

    What may not be called stays open for its owner, and does not keep the others waiting.
    """
    actor.require(Permission.CALL_MAKE)
    kinds = _kinds_at(now())
    if kinds:
        yield from _allowed(session, actor, kinds, own=True)
        yield from _allowed(session, actor, kinds & PROMISED_KINDS, own=False)


def _kinds_at(moment: datetime) -> frozenset[FollowUpKind]:
    """An agreed moment may be outside the hours of the desk, a recall may not."""
    if time_refusal(moment, agreed=False) is None:
        return CALLING_KINDS
    return frozenset() if time_refusal(moment, agreed=True) else PROMISED_KINDS


def _allowed(session: Session, actor: Actor, kinds: frozenset[FollowUpKind], *, own: bool) -> Iterator[FollowUp]:
    seen, moment = 0, now()
    given = {"caller": actor.user_id, "kinds": sorted(kinds), "moment": moment}
    given |= {"for_team_since": for_team_since(moment), "today": local(moment).date()}
    while page := session.exec(statements.due_calls(own=own), params=given | {"seen": seen}).all():
        companies = [one.company_id for one in page if one.company_id is not None]
        verdicts = may_call_many(session, companies, moment=moment, any_time=True)
        for one in page:
            if one.company_id and (verdicts[one.company_id].allowed or running_case(session, one)):
                yield one
        seen += len(page)
