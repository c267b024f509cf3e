"""How long somebody waits after wrong passwords."""

from datetime import datetime, timedelta

ACCOUNT_TRIES = 5
ADDRESS_TRIES = 20  # a whole office may share one address
LONGEST_WAIT = timedelta(minutes=5)  # never locked for good: an attacker could keep the owner out that way
FORGET_AFTER = timedelta(hours=1)


def wait_after(failures: int, tries: int) -> timedelta:
    """Nothing for the first tries; then 2 seconds, and twice as long after each next one."""
    if failures < tries:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - tries + 1, 20)), LONGEST_WAIT)


def still_to_wait(failures: int, tries: int, last: datetime, moment: datetime) -> timedelta:
    wait = wait_after(failures, tries)
    return max(last + wait - moment, timedelta(0)) if wait else wait
