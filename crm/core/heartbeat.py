"""A sign of life of the scheduler: a file in the data folder, touched as long as it runs."""

from datetime import UTC, datetime
from pathlib import Path

from crm.core.settings import settings


def _file() -> Path:
    return settings().data_dir / "scheduler.alive"


def beat() -> None:
    _file().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _file().touch()


def last_beat() -> datetime | None:
    """By the clock of the machine; None when the scheduler never ran here."""
    try:
        return datetime.fromtimestamp(_file().stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
