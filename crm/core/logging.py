"""Logs as one JSON object a line, without what people typed."""

import logging
import sys
import traceback
from pathlib import Path

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from crm.core.settings import settings


def configure_logging() -> None:
    """Send every log of this process, also those of libraries, to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        kind_and_place,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    finish: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=finish))
    logging.basicConfig(handlers=[handler], level=settings().log_level, force=True)
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # it lists its parts at every start
    for client in ("httpx", "httpcore"):  # they write addresses, which hold telephone numbers
        logging.getLogger(client).setLevel(logging.WARNING)


def kind_and_place(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its kind and where it came from: its own words may quote a name or a number."""
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__qualname__
        event["trace"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return event
