"""Callers as processes of their own, for tests of what happens at the same moment. They say which companies they get.

caller_process.py ACTION USER [USER ...]

work           claim, call and finish until nothing is left
stop_claiming  claim, and wait before the transaction ends
stop_calling   claim, answer two questions, and wait in the middle of the third
"""

import os
import sys
import time
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.models import User
from crm.calling.services import claim_next, give_answer, open_call
from crm.core.db import reading, transaction
from crm.migrations import tables  # noqa: F401  # so that every table is known
from tests.crm.calling.building import finish_call


def work(actor: Actor) -> None:
    while True:
        with transaction() as session:
            claim = claim_next(session, actor)
            if claim is None:
                return
            call = open_call(session, actor, claim)
        with transaction() as session:
            give_answer(session, actor, call.id, "S01", "allowed")
        with transaction() as session:
            finish_call(session, actor, call.id, disposition="GEEN_GEHOOR", objection_right=None)
        _say(call.company_id)
        time.sleep(0.01)  # a caller who never pauses keeps the others from SQLite's single lock


def stop_claiming(actor: Actor) -> None:
    with transaction() as session:
        _stop(session, claim_next(session, actor).company_id)


def stop_calling(actor: Actor) -> None:
    with transaction() as session:
        call = open_call(session, actor, claim_next(session, actor))
    for node, answer in (("S01", "allowed"), ("S02", "right_person")):
        with transaction() as session:
            give_answer(session, actor, call.id, node, answer)
    with transaction() as session:
        give_answer(session, actor, call.id, "S04", "listens")
        _stop(session, call.company_id)


def _stop(session: Session, company_id: int) -> None:
    session.flush()
    _say(company_id)
    time.sleep(600)  # until it is killed


def _say(company_id: int) -> None:
    os.write(sys.stdout.fileno(), f"{company_id}\n".encode())  # in one piece, whoever else writes


ACTIONS = {"work": work, "stop_claiming": stop_claiming, "stop_calling": stop_calling}


def run(action: str, user_id: int, start: Barrier | None = None) -> None:
    with reading() as session:
        actor = Actor.of(session.get_one(User, user_id))
    if start:
        start.wait(timeout=120)
    ACTIONS[action](actor)


def run_all(action: str, user_ids: list[int]) -> int:
    """At the same time, forked before anything is connected: loading the program, the slow part, is done once."""
    fork = get_context("fork")
    start = fork.Barrier(len(user_ids))
    crowd = [fork.Process(target=run, args=(action, user_id, start)) for user_id in user_ids]
    for process in crowd:
        process.start()
    for process in crowd:
        process.join()
    return sum(process.exitcode != 0 for process in crowd)


if __name__ == "__main__":
    action, *users = sys.argv[1:]
    if len(users) > 1:
        sys.exit(run_all(action, [int(user) for user in users]))
    run(action, int(users[0]))
