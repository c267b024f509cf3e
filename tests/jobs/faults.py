"""Processes that do the work of the scheduler and are killed, stopped or cut off while they do.

faults.py steps               one process after the other, killed before its first database step, its second, ...
faults.py chaos FAULTS SEED   three schedulers at once, killed and stopped at random moments, some with a clock a day
                              ahead or back; on PostgreSQL their connections are cut too, as by a restart

Prints how many faults there were.
"""

import os
import random
import signal
import sys
from itertools import count
from time import sleep

import psycopg  # noqa: F401  (imported once for all)
from sqlalchemy import event, text
from sqlalchemy.orm import configure_mappers

import jobs.__main__ as program
from crm.core import clock
from crm.core.db import engine
from crm.core.i18n import speaking
from crm.core.settings import settings
from crm.messaging.mail_text import MailText
from crm.scheduling import lease
from crm.scheduling.rules import Every
from jobs.claims import release_claims
from jobs.reminders import remind_due
from jobs.table import JOBS, Job

DAY = 86_400
QUICK = {"remind_due", "release_claims"}


def warm_up() -> None:
    """What every process would do before its first step, so that they die at work."""
    configure_mappers()
    with speaking("nl"):
        MailText("An", "Dag", ()).as_html()


def start(work, *args) -> int:
    child = os.fork()
    if child == 0:
        try:
            work(*args)
        except BaseException:
            os._exit(1)
        os._exit(0)
    return child


def dying(dies_at: int) -> None:
    passed = count()

    def step(*_args: object) -> None:
        if next(passed) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine(), "before_cursor_execute", step)
    event.listen(engine(), "commit", step)
    remind_due()
    release_claims()


def steps() -> int:
    for step in count():
        code = os.waitstatus_to_exitcode(os.waitpid(start(dying, step), 0)[1])
        if code == 0:
            return step
        assert code == -signal.SIGKILL, code
    raise AssertionError


def schedule(ahead: int = 0) -> None:
    """`python -m jobs` in a hurry."""
    os.environ["KOPKOFFIE_CLOCK_OFFSET"] = str(ahead)
    settings.cache_clear()
    clock._offset.cache_clear()
    program.JOBS = tuple(in_a_hurry(job) for job in JOBS if job.name in QUICK)
    program.LOOK_EVERY, lease.SILENCE_SECONDS = 0.1, 1.0
    program.main()


def in_a_hurry(job: Job) -> Job:
    assert isinstance(job.when, Every)
    return Job(job.name, job.title, job.work, Every(job.when.period / 200), job.useful_for)


def cut_connections() -> None:
    with engine().connect() as connection:
        theirs = "application_name LIKE 'kopkoffie %' AND datname = current_database()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {theirs}"))
    engine().dispose()


def chaos(faults: str, seed: str) -> int:
    crowd = [start(schedule) for _each in range(3)]
    try:
        return disturb(crowd, int(faults), random.Random(seed))
    finally:
        for child in crowd:  # those that an error left
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def disturb(crowd: list[int], faults: int, chance: random.Random) -> int:
    """At the end they are told to stop, and are gone from `crowd`."""
    for _fault in range(faults):
        sleep(chance.uniform(0.05, 0.4))
        fault, victim = chance.random(), chance.randrange(len(crowd))
        if fault < 0.5:
            os.kill(crowd[victim], signal.SIGKILL)
            code = os.waitstatus_to_exitcode(os.waitpid(crowd[victim], 0)[1])
            crowd[victim] = start(schedule, chance.choice((0, 0, DAY, -DAY)))
            assert code == -signal.SIGKILL, code
        elif fault < 0.8 or engine().dialect.name == "sqlite":
            os.kill(crowd[victim], signal.SIGSTOP)
            sleep(chance.uniform(0.1, 1.5))
            os.kill(crowd[victim], signal.SIGCONT)
        else:
            cut_connections()
    for child in crowd:
        os.kill(child, signal.SIGTERM)
    codes = []
    while crowd:
        codes.append(os.waitstatus_to_exitcode(os.waitpid(crowd[0], 0)[1]))
        del crowd[0]
    assert set(codes) <= {0, -signal.SIGTERM}, codes  # the last may not have begun yet
    return faults


if __name__ == "__main__":
    warm_up()
    sys.stdout.write(str({"steps": steps, "chaos": chaos}[sys.argv[1]](*sys.argv[2:])))
