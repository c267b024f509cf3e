"""Work that is many small pieces, each in a transaction of its own."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog

from crm.core.errors import CrmError
from crm.core.stopping import Stopped, stop_here

Unit = TypeVar("Unit")

log = structlog.get_logger()


class SomeFailed(Exception):
    """The rest was done. `first` is why the first one failed."""

    def __init__(self, done: int, failed: int, first: Exception) -> None:
        super().__init__(failed)
        self.done, self.failed, self.first = done, failed, first


def do_each(units: Iterable[Unit], work: Callable[[Unit], int]) -> int:
    """Do every unit, so that a bad one cannot stop the rest; it has its turn again in the next run.

    A refusal is no failure: the unit was changed by somebody else meanwhile. Raises SomeFailed at the end, and Stopped
    before the next unit when the process has to end.
    """
    done, failures = 0, list[Exception]()
    for unit in units:
        try:
            stop_here()
            done += work(unit)
        except CrmError:
            continue
        except Stopped as stopped:
            raise Stopped(done + stopped.done) from None
        except Exception as error:
            log.exception("unit_failed", work=work.__name__, unit=unit)
            failures.append(error)
    if failures:
        raise SomeFailed(done, len(failures), failures[0])
    return done
