"""Callers at work as processes that are killed at any moment and replaced, for a test of what happens under load.

crowd.py KILLS USER [USER ...]

Every user is a process that calls as the desk does, with random results. Now and then one puts a company back, skips
it, dozes off until its time is over, takes over what a colleague holds, or hears that a company objects. Beside them
one process frees what has expired and lets the days pass for what waits. It goes on until KILLS have died and every
kind of thing has happened often enough, however slow the machine is. Says how many were killed; fails when a process
fails of itself.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

from sqlalchemy import text, update
from sqlmodel import Session, col, func, select

from crm.access.actor import Actor
from crm.access.models import User
from crm.access.permissions import Permission
from crm.calling.inputs import SkipInput
from crm.calling.models import Call, CallListEntry, Claim, EntryState, SkipReason
from crm.calling.services import CompanyTaken, mark_dialled, release, release_expired, take_over
from crm.companies.models import Company, SuppressionReason
from crm.companies.services import suppress
from crm.core.clock import now
from crm.core.db import engine, reading, transaction
from crm.core.errors import CrmError
from crm.desk.inputs import NextStep, WrapUpInput
from crm.desk.rules import OBJECTS, disposition, needs
from crm.desk.services import next_company, put_back, skip_company, wrap_up
from crm.migrations import tables  # noqa: F401  # so that every table is known
from crm.pipeline.inputs import HiddenJobInput
from crm.reference.queries import dispositions

LONGEST_PAUSE = 0.1  # seconds between two things a caller does
LIFE = 5.0  # seconds a process lives, about
OFTEN = 3  # times each kind of thing happens at least
KINDS = {"held", "taken", "freed", "called", "objected"}
WARMING_UP = 20  # turns
A_DAY = 1.5  # seconds after which all that waits for a later day is due


def work(user_id: int) -> None:
    actor = _actor(user_id)
    while True:
        turn(actor)
        time.sleep(random.uniform(0, LONGEST_PAUSE))


def _actor(user_id: int) -> Actor:
    with reading() as session:
        return Actor.of(session.get_one(User, user_id))


def turn(actor: Actor) -> None:
    try:
        with transaction() as session:
            call = next_company(session, actor)
    except CompanyTaken:  # a colleague has it since this caller dozed off
        with transaction() as session:
            release(session, actor)
        return
    if call is None:
        return
    actions, weights = zip(*ACTIONS.items(), strict=True)
    action = random.choices(actions, weights)[0]
    try:
        action(actor, call)
    except CrmError:
        return  # a refusal is an answer too; the call goes on at the next turn


def finish(actor: Actor, call: Call) -> None:
    with transaction() as session:
        mark_dialled(session, actor, call.id)
    time.sleep(random.uniform(0, LONGEST_PAUSE))
    codes = list(dispositions())
    code = random.choice([*codes, *["GEEN_GEHOOR"] * len(codes)])
    with transaction() as session:
        wrap_up(session, actor, call.id, given(code))
    if code == OBJECTS:
        _objected(actor, call.company_id)


def given(code: str) -> WrapUpInput:
    """What this result needs."""
    wanted = needs(disposition(code))
    fields: dict[str, Any] = {"disposition": code, "objection_right": wanted.objection_right[0], "summary": "Druk."}
    if wanted.next_step:
        fields["next_step"] = NextStep(kind=wanted.steps[0], due_at=now() + timedelta(days=1))
    if wanted.job:
        fields["job"] = HiddenJobInput(title="Boekhouding", reason="PENSIOEN")
    if wanted.legal_form:
        fields["legal_form"] = "EMZ"
    return WrapUpInput(**fields)


def give_back(actor: Actor, call: Call) -> None:
    with transaction() as session:
        put_back(session, actor, call.id)


def skip(actor: Actor, call: Call) -> None:
    with transaction() as session:
        skip_company(session, actor, call.id, SkipInput(reason=SkipReason.MOMENT))


def doze(actor: Actor, _call: Call) -> None:
    with transaction() as session:
        session.execute(update(Claim).where(col(Claim.user_id) == actor.id).values(expires_at=now()))
    time.sleep(2 * LONGEST_PAUSE)


def grab(actor: Actor, call: Call) -> None:
    """Let go, and take over what somebody else holds."""
    if not actor.may(Permission.LIST_MANAGE):
        return
    with transaction() as session:
        release(session, actor)
    with transaction() as session:
        others = select(Claim.company_id, Claim.user_id).where(
            Claim.user_id != actor.id, Claim.company_id != call.company_id
        )
        if found := session.exec(others.order_by(func.random()).limit(1)).first():
            take_over(session, actor, found[0], holder_id=found[1])


def hear_objection(actor: Actor, _call: Call) -> None:
    with transaction() as session:
        company_id = session.exec(select(Company.id).order_by(func.random()).limit(1)).one()
        suppress(session, actor, company_id, reason=SuppressionReason.OBJECTION)
    _objected(actor, company_id)


def _objected(actor: Actor, company_id: int) -> None:
    """Noted in a transaction that begins after the objection was kept."""
    with transaction() as session:
        note = "INSERT INTO crowd_log (kind, company_id, user_id) VALUES ('objected', :company, :user)"
        session.execute(text(note), {"company": company_id, "user": actor.id})


ACTIONS: dict[Callable[[Actor, Call], None], int] = {
    finish: 75, give_back: 7, skip: 5, doze: 7, grab: 10, hear_objection: 2,
}  # fmt: skip


def keep_house(_user_id: int) -> None:
    """What the scheduler does, and the days that pass."""
    next_day = time.monotonic()
    while True:
        with transaction() as session:
            release_expired(session)
        if time.monotonic() > next_day:
            next_day += A_DAY
            with transaction() as session:
                _let_a_day_pass(session)
        time.sleep(0.3)


def _let_a_day_pass(session: Session) -> None:
    waiting = select(CallListEntry.id).where(CallListEntry.state == EntryState.WAITING, CallListEntry.due_at > now())
    ids = session.exec(waiting.order_by(col(CallListEntry.id)).with_for_update(skip_locked=True)).all()
    session.execute(update(CallListEntry).where(col(CallListEntry.id).in_(ids)).values(due_at=now()))


def run(kills: int, user_ids: list[int]) -> int:
    """Forked with nothing connected: loading the program and building statements, the slow part, is done once.

    Gives how many were killed.
    """
    for _turn in range(WARMING_UP):
        turn(_actor(user_ids[0]))
    engine().dispose()
    crowd = {0: _start(keep_house, 0)}
    for user_id in user_ids:
        crowd[user_id] = _start(work, user_id)
        time.sleep(0.02)
    killed = 0
    while killed < kills or not _enough_happened():
        time.sleep(random.uniform(0, 2 * LIFE / len(user_ids)))
        if failed := [process.exitcode for process in crowd.values() if not process.is_alive()]:
            sys.exit(f"{len(failed)} failed of themselves")
        victim = random.choice(user_ids)
        _kill(crowd[victim])
        crowd[victim] = _start(work, victim)
        killed += 1
    for process in crowd.values():
        _kill(process)
    return killed + len(user_ids)


def _enough_happened() -> bool:
    with reading() as session:
        rows = session.execute(text("SELECT kind, count(*) FROM crowd_log GROUP BY kind")).all()
    engine().dispose()  # who is started next connects for himself
    return {kind for kind, times in rows if times >= OFTEN} >= KINDS


def _start(task: Callable[[int], None], user_id: int) -> BaseProcess:
    process = get_context("fork").Process(target=task, args=(user_id,), daemon=True)
    process.start()
    return process


def _kill(process: BaseProcess) -> None:
    process.kill()
    process.join()


if __name__ == "__main__":
    sys.stdout.write(str(run(int(sys.argv[1]), [int(user) for user in sys.argv[2:]])))
