"""Run the reminders in processes that are killed, until one comes through; prints how many were killed.

usage: dying.py steps            one process at a time, killed before its first database step, its second, ...
       dying.py moments SEED     two processes at once, killed at random moments
"""

import os
import random
import signal
import sys
from itertools import count
from time import sleep

import psycopg  # noqa: F401  (imported once for all)
from sqlalchemy import event
from sqlalchemy.orm import configure_mappers

from crm.core.db import engine
from crm.core.i18n import speaking
from crm.messaging.mail_text import MailText
from jobs.reminders import remind_due


def warm_up() -> None:
    """What every process would do before its first step, so that they die at work."""
    configure_mappers()
    with speaking("nl"):
        MailText("An", "Dag", ()).as_html()


def work(dies_at: int | None = None) -> None:
    if dies_at is not None:
        steps = count()

        def step(*_args: object) -> None:
            if next(steps) == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(engine(), "before_cursor_execute", step)
        event.listen(engine(), "commit", step)
    remind_due()


def start(dies_at: int | None = None) -> int:
    child = os.fork()
    if child == 0:
        try:
            work(dies_at)
        except BaseException:
            os._exit(1)
        os._exit(0)
    return child


def exit_code(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def steps() -> int:
    for step in count():
        code = exit_code(start(dies_at=step))
        if code == 0:
            return step
        assert code == -signal.SIGKILL, code
    raise AssertionError


def moments(seed: str) -> int:
    chance, killed = random.Random(seed), 0
    while True:
        children = [start(), start()]
        for child in children:
            sleep(chance.random() * 0.3)
            os.kill(child, signal.SIGKILL)  # a child that is ready waits to be asked for its exit code
        codes = [exit_code(child) for child in children]
        assert set(codes) <= {0, -signal.SIGKILL}, codes
        if 0 in codes:
            return killed
        killed += 2


if __name__ == "__main__":
    warm_up()
    sys.stdout.write(str({"steps": steps, "moments": moments}[sys.argv[1]](*sys.argv[2:])))
