"""`python -m jobs`: the scheduler, until it is told to stop. Any number may run; one is at work."""

import logging
import os
import signal
from secrets import token_hex
from socket import gethostname
from threading import Event

import structlog

from crm.core.logging import configure_logging
from crm.scheduling.lease import lease_of
from jobs.scheduler import Scheduler
from jobs.table import JOBS

LOOK_EVERY = 2.0

log = structlog.get_logger()


def main() -> None:
    configure_logging()
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # else it notes every run
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: stop.set())
    holder = f"kopkoffie {gethostname()[:30]} {os.getpid()} {token_hex(4)}"
    os.environ["PGAPPNAME"] = holder  # by which a spare finds the connections of one that hangs
    scheduler = Scheduler(JOBS, lease_of(holder))
    log.info("scheduler_started", jobs=[job.name for job in JOBS])  # before what its jobs say
    scheduler.look()
    while not stop.wait(LOOK_EVERY):
        scheduler.look()
    scheduler.stop(LOOK_EVERY)
    log.info("scheduler_stopped")


if __name__ == "__main__":
    main()
