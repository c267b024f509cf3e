"""`python -m jobs`: the scheduler, until it is told to stop."""

import logging
import signal
import sys
from threading import Event
from types import FrameType

import structlog

from crm.core.settings import settings
from jobs.scheduler import make_scheduler


def main() -> None:
    _log_as_json()
    stop = Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    log = structlog.get_logger()
    scheduler = make_scheduler()
    scheduler.start()
    log.info("scheduler_started", jobs=[job.id for job in scheduler.get_jobs()])
    stop.wait()
    scheduler.shutdown(wait=True)
    log.info("scheduler_stopped")


def _log_as_json() -> None:
    # The scheduler's own messages hold arguments and texts of errors; what matters of them is logged by the jobs.
    logging.getLogger("apscheduler").addHandler(logging.NullHandler())
    logging.getLogger("apscheduler").propagate = False
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings().log_level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    main()
