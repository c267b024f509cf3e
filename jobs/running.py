"""One run of a job, with what the page for administrators tells of it."""

import traceback
from pathlib import Path
from time import perf_counter

import structlog

from crm.core.clock import now
from crm.core.db import transaction
from crm.core.settings import PROJECT_DIR
from crm.core.stopping import Stopped
from crm.scheduling.models import Outcome
from crm.scheduling.services import Result, begin_run, end_run
from jobs.table import Job
from jobs.units import SomeFailed

log = structlog.get_logger()


def run(job: Job) -> None:
    """Whatever happens in one job, the others go on and this one has its next turn."""
    try:
        with transaction() as session:
            asked = begin_run(session, job.name, job.when.after(now()))
        result = _result(job)
        with transaction() as session:
            end_run(session, job.name, result, asked)
    except Exception:  # the database is away; the run that could not be noted is found broken off
        log.exception("run_not_noted", job=job.name)


def _result(job: Job) -> Result:
    started = perf_counter()
    try:
        done = job.work()
    except Stopped as stopped:
        outcome, done, reason = Outcome.BROKEN_OFF, stopped.done, ""
    except SomeFailed as error:
        outcome, done, reason = Outcome.FAILED, error.done, f"{error.failed} × {_place(error.first)}"
    except Exception as error:
        log.exception("job_failed", job=job.name)
        outcome, done, reason = Outcome.FAILED, 0, _place(error)
    else:
        outcome, reason = Outcome.DONE, ""
    details = done if isinstance(done, dict) else {}
    count = sum(details.values()) if isinstance(done, dict) else done
    if count:
        log.info("job_done", job=job.name, count=count)
    return Result(outcome, perf_counter() - started, count, details, reason[:300])


def _place(error: Exception) -> str:
    """Its kind and where it came from: its own words may quote a name or a number."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(PROJECT_DIR / "crm")] or frames
    where = f" ({Path(own[-1].filename).name}:{own[-1].lineno} {own[-1].name})" if own else ""
    return f"{type(error).__qualname__}{where}"
