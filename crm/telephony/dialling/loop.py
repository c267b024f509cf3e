"""One event loop for all talk with telephone systems, in a thread of its own: a slow one keeps no screen waiting."""

import asyncio
from collections.abc import Coroutine
from functools import cache
from threading import Lock, Thread
from typing import Any, TypeVar

Result = TypeVar("Result")

_starting = Lock()


def run(work: Coroutine[Any, Any, Result], *, seconds: float) -> Result:
    """Do it there and wait for it. Raises TimeoutError when it takes longer; it is broken off then."""
    return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, seconds), _loop()).result(seconds + 1)


def start(work: Coroutine[Any, Any, None]) -> None:
    """Do it there and go on."""
    asyncio.run_coroutine_threadsafe(work, _loop())


def _loop() -> asyncio.AbstractEventLoop:
    with _starting:
        return _running()


@cache
def _running() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="telephony", daemon=True).start()
    return loop
