"""Two who change the same company at the same moment wait for each other once, and never for ever."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, local
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling.models import Call, CallListEntry, CallStatus, Claim, EntryState
from crm.calling.services import CompanyTaken, park, return_to_parked, take_over
from crm.core.db import reading, transaction
from crm.core.errors import ChangedMeanwhile
from crm.desk.services import answer, correct, log_call, put_back, wrap_up
from crm.scripts.services import load_scripts
from tests.conftest import add_user, make_company
from tests.crm.calling.building import make_list, start_call
from tests.crm.desk.test_correcting import right
from tests.crm.desk.test_elsewhere import told
from tests.crm.desk.test_services import result

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite has one writer at a time


@dataclass(frozen=True)
class Work:
    """Something that is done in a transaction of its own, and halts as soon as it holds a row of `table`."""

    do: Callable[[Session], object]
    table: str


def crosswise(database: Engine, *works: Work) -> None:
    """Each goes on when the other holds its row too, or seems to be waiting for one."""
    here, halted = local(), {work.table: Event() for work in works}

    def halt(_connection: Any, cursor: Any, statement: str, *_given: Any) -> None:
        table = getattr(here, "table", "")
        if table and cursor.rowcount and re.search(rf"FROM {table}\b.*FOR UPDATE", statement, re.DOTALL):
            here.table = ""
            halted[table].set()
            [other.wait(0.5) for name, other in halted.items() if name != table]

    def run(work: Work) -> None:
        here.table = work.table
        with suppress(CompanyTaken, ChangedMeanwhile), transaction() as session:
            work.do(session)

    event.listen(database, "after_cursor_execute", halt)
    with ThreadPoolExecutor(len(works)) as crowd:
        list(crowd.map(run, works))


@pytest.fixture
def colleague(database: Engine) -> Actor:
    with transaction() as session:
        load_scripts(session)
        return add_user(session, Role.COORDINATOR)


@pytest.fixture
def call(database: Engine, colleague: Actor) -> Call:
    """Under way, from a list; `caller` is who makes it."""
    with transaction() as session:
        caller = add_user(session, Role.CALLER)
        make_list(session, [caller])
        return start_call(session, caller)


@pytest.fixture
def caller(call: Call) -> Actor:
    return Actor(call.caller_id, "Bea", Role.CALLER)


def state_of(call: Call) -> tuple[CallStatus, EntryState]:
    with reading() as session:
        entry = session.get_one(CallListEntry, call.entry_id)
        return session.get_one(Call, call.id).status, entry.state


def test_a_result_and_a_call_made_elsewhere(database: Engine, call: Call, caller: Actor, colleague: Actor) -> None:
    given = told("GEEN_INTERESSE", holder_id=caller.id)
    crosswise(
        database,
        Work(lambda session: wrap_up(session, caller, call.id, result("GEEN_GEHOOR")), "claim"),
        Work(lambda session: log_call(session, colleague, call.company_id, given), "call_list_entry"),
    )
    assert state_of(call)[0] is CallStatus.DONE
    with reading() as session:
        assert len(session.exec(select(Call)).all()) == 2


def test_putting_back_and_a_call_made_elsewhere(database: Engine, call: Call, caller: Actor, colleague: Actor) -> None:
    given = told("GEEN_GEHOOR", holder_id=caller.id)
    crosswise(
        database,
        Work(lambda session: put_back(session, caller, call.id), "claim"),
        Work(lambda session: log_call(session, colleague, call.company_id, given), "call_list_entry"),
    )
    with reading() as session:
        assert session.exec(select(Claim)).all() == []


def test_a_result_and_one_that_is_put_right(database: Engine, call: Call, caller: Actor, colleague: Actor) -> None:
    with transaction() as session:
        earlier = log_call(session, colleague, call.company_id, told("GEEN_GEHOOR", holder_id=caller.id)).call
    crosswise(
        database,
        Work(lambda session: wrap_up(session, caller, call.id, result("GEEN_INTERESSE", contact_name="Ria")), "claim"),
        Work(
            lambda session: correct(session, colleague, earlier.id, right("IN_GESPREK"), version=earlier.version),
            "call_list_entry",
        ),
    )
    assert state_of(call)[0] is CallStatus.DONE


@pytest.fixture
def parked(call: Call, caller: Actor) -> Call:
    with transaction() as session:
        park(session, caller, call.id)
    return call


@pytest.mark.parametrize("other_open", [False, True])
def test_going_back_to_what_is_parked_and_taking_it_over(
    database: Engine, parked: Call, caller: Actor, colleague: Actor, other_open: bool
) -> None:
    if other_open:
        with transaction() as session:
            answer(session, caller, make_company(session).id)

    def go_back(session: Session) -> None:
        if other_open:
            answer(session, caller, parked.company_id)
        else:
            return_to_parked(session, caller)

    def take(session: Session) -> None:
        take_over(session, colleague, parked.company_id, holder_id=caller.user_id)

    crosswise(database, Work(go_back, "claim"), Work(take, "call"))
    with reading() as session:
        holder = select(Claim.user_id).where(Claim.company_id == parked.company_id)
        assert session.exec(holder).one() == colleague.user_id
