"""`python -m jobs`: the scheduler, until it is told to stop."""

import logging
import signal
from threading import Event

import structlog

from crm.core.logging import configure_logging
from jobs.scheduler import make_scheduler

log = structlog.get_logger()


def main() -> None:
    configure_logging()
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # else it notes every run
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: stop.set())
    scheduler = make_scheduler()
    log.info("scheduler_started", jobs=[job.id for job in scheduler.get_jobs()])  # before what its jobs say
    scheduler.start()
    stop.wait()
    scheduler.shutdown(wait=True)
    log.info("scheduler_stopped")


if __name__ == "__main__":
    main()
