"""Lists, callers and calls for tests of the queue."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling import services
from crm.calling.models import Call, CallList, CallListEntry, CallListMember
from crm.calling.queries import position
from crm.calling.services import claim_next, give_answer, open_call, take_up
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.db import locked
from crm.scripts.models import ScriptVersion
from crm.scripts.services import load_scripts
from tests.conftest import add_user, make_company


def make_list(
    session: Session, callers: Iterable[Actor], companies: Iterable[Company] | int = 1, **overrides: Any
) -> CallList:
    """An open list with the delivered script; its companies have been due for an hour, in this order."""
    load_scripts(session)
    version = session.exec(select(ScriptVersion)).first()
    maker = add_user(session, Role.COORDINATOR)
    fields = {"name": "Bakkers", "script_version_id": version.id, "made_by_id": maker.id}
    made = CallList(**(fields | overrides))
    session.add(made)
    session.flush()
    if isinstance(companies, int):
        companies = [make_company(session) for _each in range(companies)]
    start = now() - timedelta(hours=1)
    session.add_all(
        CallListEntry(list_id=made.id, company_id=company.id, due_at=start + timedelta(seconds=place))
        for place, company in enumerate(companies)
    )
    session.add_all(CallListMember(list_id=made.id, user_id=caller.id) for caller in callers)
    session.flush()
    return made


def entries_of(session: Session, made: CallList) -> list[CallListEntry]:
    statement = select(CallListEntry).where(CallListEntry.list_id == made.id).order_by(CallListEntry.id)
    return list(session.exec(statement))


def start_call(session: Session, caller: Actor) -> Call:
    """A call with the first company that is due."""
    return open_call(session, caller, claim_next(session, caller))


def finish_call(session: Session, caller: Actor, call_id: int, **result: Any) -> Call:
    """End an open call with its result."""
    call = locked(session, Call, call_id)
    claim = take_up(session, caller, call).claim
    services.finish_call(session, caller, call, services.lock_lists(session, call.company_id, claim), **result)
    return call


def answer(session: Session, caller: Actor, call: Call, *answers: str) -> None:
    """Give these answers one after another, from where the call is."""
    for key in answers:
        give_answer(session, caller, call.id, position(session, call).node.id, key)
