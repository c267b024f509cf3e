"""Logs without what people typed."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from pydantic import BaseModel

from crm.core.logging import configure_logging


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    configure_logging()
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


class Age(BaseModel):
    years: int


def test_an_error_keeps_its_kind_and_place_but_not_its_words(lines):
    try:
        Age.model_validate({"years": "Wilhelmina"})
    except ValueError:
        structlog.get_logger().exception("page failed")
    line = json.loads(lines.getvalue())
    assert line["error"] == "ValidationError"
    assert any(place.startswith("test_logging.py") for place in line["trace"])
    assert "Wilhelmina" not in lines.getvalue()


def test_libraries_write_the_same_way(lines):
    try:
        raise RuntimeError("Wilhelmina")
    except RuntimeError:
        logging.getLogger("some.library").exception("failed for %s", "a reason")
    line = json.loads(lines.getvalue())
    assert (line["event"], line["error"], line["level"]) == ("failed for a reason", "RuntimeError", "error")
    assert "Wilhelmina" not in lines.getvalue()


def test_debug_is_quiet_by_default(lines):
    structlog.get_logger().debug("detail")
    assert lines.getvalue() == ""
