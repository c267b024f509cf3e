"""Long work goes in portions, and stops between two of them when its process has to end."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event

_NEVER = Event()
_stop: ContextVar[Event] = ContextVar("stop", default=_NEVER)


class Stopped(Exception):
    """What was done stays, and `done` says how much that is; the rest is for the next time."""

    def __init__(self, done: int = 0) -> None:
        super().__init__(done)
        self.done = done


@contextmanager
def stopping_at(stop: Event) -> Iterator[None]:
    """What runs within this, in this thread, stops at its next portion once `stop` is set."""
    token = _stop.set(stop)
    try:
        yield
    finally:
        _stop.reset(token)


def is_stopping() -> bool:
    return _stop.get().is_set()


def stop_here(done: int = 0) -> None:
    """Between two portions. Raises Stopped when the process has to end."""
    if is_stopping():
        raise Stopped(done)
