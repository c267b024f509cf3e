"""Dialling, hanging up and following a call: after the commit, outside every transaction, and within seconds."""

import asyncio
from collections.abc import Coroutine
from time import monotonic
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from crm.core.db import transaction
from crm.telephony.dialling import loop
from crm.telephony.dialling.port import DialState, Problem, Status, Telephone, TelephoneFailed
from crm.telephony.dialling.systems import telephone
from crm.telephony.models import DialledCall
from crm.telephony.rules import END
from crm.telephony.services import note_placed, note_problem, note_status

Result = TypeVar("Result")

PATIENCE = 3.0  # seconds
LOOK_EVERY, LOOK_AT_LEAST = 1.5, 30.0
LONGEST_CALL = 4 * 3600

_followed: set[int] = set()

log = structlog.get_logger()


def place(dialled: DialledCall) -> Problem | None:
    """Ring the caller's line and then the number, once, and note what came of it. What went wrong, or None."""
    try:
        work = telephone(dialled.system).dial(dialled.line, dialled.e164, dialled.mark)
        reference = _ask(work)
    except TelephoneFailed as failed:
        log.warning("dialling failed", system=dialled.system, problem=failed.problem.value)
        with transaction() as session:
            note_problem(session, dialled.id, failed.problem)
        return failed.problem
    with transaction() as session:
        note_placed(session, dialled.id, reference, Status(DialState.RINGING))
    follow(dialled.id, dialled.system, reference)
    return None


def hang_up(dialled: DialledCall) -> Problem | None:
    """What has ended by itself is fine too; that it ended comes by the next look."""
    if dialled.reference is None:
        return None
    try:
        _ask(telephone(dialled.system).hang_up(dialled.reference))
    except TelephoneFailed as failed:
        return None if failed.problem is Problem.NOT_ACCEPTED else failed.problem
    return None


def follow(dialled_id: int, system: str, reference: str) -> None:
    """Note in the background how the call goes on, until its end. Asking twice does it once."""
    if dialled_id not in _followed:
        _followed.add(dialled_id)
        loop.start(_follow(telephone(system), dialled_id, reference))


def _ask(work: Coroutine[Any, Any, Result]) -> Result:
    try:
        return loop.run(work, seconds=PATIENCE)
    except TimeoutError as error:
        raise TelephoneFailed(Problem.UNCLEAR) from error


async def _follow(system: Telephone, dialled_id: int, reference: str) -> None:
    """A system that does not answer is asked less and less often, and not blamed: the call may go on."""
    pause, over, noted, until = LOOK_EVERY, False, None, monotonic() + LONGEST_CALL
    try:
        while not over and monotonic() < until:
            await asyncio.sleep(pause)
            try:
                news = await asyncio.wait_for(system.status(reference), PATIENCE)
                if news != noted:
                    over, noted = await asyncio.to_thread(_note, dialled_id, news), news
                pause = LOOK_EVERY
            except (TelephoneFailed, TimeoutError, SQLAlchemyError):
                pause = min(pause * 2, LOOK_AT_LEAST)
    finally:
        _followed.discard(dialled_id)


def _note(dialled_id: int, news: Status) -> bool:
    """Whether the call is over."""
    with transaction() as session:
        return note_status(session, dialled_id, news).state in END
