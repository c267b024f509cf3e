"""One company, one caller, proven with real processes on each kind of database."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling.models import Call, CallListEntry, Claim, EntryState
from crm.calling.queries import my_open_call, position
from crm.calling.services import claim_next
from crm.core.db import reading, transaction
from crm.core.settings import PROJECT_DIR
from tests.conftest import add_user, make_company
from tests.crm.calling.building import make_list

CALLER = Path(__file__).with_name("caller_process.py")
COMPANIES = 60
ON_TWO_LISTS = 20


def start(database: Engine, action: str, *callers: Actor) -> subprocess.Popen[str]:
    url = database.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, str(CALLER), action, *(str(caller.id) for caller in callers)],
        cwd=PROJECT_DIR,
        env=os.environ | {"KOPKOFFIE_DATABASE_URL": url, "PYTHONPATH": str(PROJECT_DIR)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_in_the_middle(process: subprocess.Popen[str]) -> int:
    """Kill it without warning when it says which company it has; gives that company."""
    company_id = int(process.stdout.readline())
    process.kill()
    process.communicate()
    return company_id


def test_four_callers_reach_every_company_exactly_once(database: Engine) -> None:
    with transaction() as session:
        callers = [add_user(session, Role.CALLER) for _each in range(4)]
        companies = [make_company(session) for _each in range(COMPANIES)]
        make_list(session, callers, companies)
        make_list(session, callers, companies[:ON_TWO_LISTS][::-1], name="Nog een")

    callers_at_work = start(database, "work", *callers)
    said, complaints = callers_at_work.communicate(timeout=300)

    assert (callers_at_work.returncode, complaints) == (0, "")
    called = Counter(int(line) for line in said.split())
    assert called == dict.fromkeys((company.id for company in companies), 1)
    with reading() as session:
        assert sorted(session.exec(select(Call.company_id))) == sorted(called)
        assert len(set(session.exec(select(Call.caller_id)))) > 1
        assert session.exec(select(Claim)).all() == []
        assert EntryState.CLAIMED not in session.exec(select(CallListEntry.state)).all()


def test_a_caller_killed_while_claiming_leaves_the_company_to_the_next(database: Engine) -> None:
    caller, colleague = _two_callers()
    company_id = kill_in_the_middle(start(database, "stop_claiming", caller))
    with transaction() as session:
        assert claim_next(session, colleague).company_id == company_id
        assert session.exec(select(Claim.user_id)).all() == [colleague.id]


def test_a_caller_killed_in_a_call_finds_it_at_the_last_answer_that_was_kept(database: Engine) -> None:
    caller, colleague = _two_callers()
    company_id = kill_in_the_middle(start(database, "stop_calling", caller))
    with transaction() as session:
        assert claim_next(session, colleague).company_id != company_id
        call = my_open_call(session, caller)
        assert (call.company_id, position(session, call).node.id) == (company_id, "S04")
        assert claim_next(session, caller).company_id == company_id


def _two_callers() -> tuple[Actor, Actor]:
    with transaction() as session:
        caller, colleague = add_user(session, Role.CALLER), add_user(session, Role.CALLER)
        make_list(session, [caller, colleague], 2)
    return caller, colleague
