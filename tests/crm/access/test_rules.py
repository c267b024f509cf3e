"""How long to wait after wrong passwords."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crm.access.rules import ACCOUNT_TRIES, LONGEST_WAIT, still_to_wait, wait_after

LAST = datetime(2026, 11, 24, 10, tzinfo=UTC)


class TestWaitAfter:
    def test_a_few_mistakes_cost_nothing(self):
        assert all(wait_after(failures, ACCOUNT_TRIES) == timedelta(0) for failures in range(ACCOUNT_TRIES))

    def test_doubles_after_that(self):
        waits = [wait_after(ACCOUNT_TRIES + more, ACCOUNT_TRIES).seconds for more in range(4)]
        assert waits == [2, 4, 8, 16]

    @given(st.integers(0, 10**9))
    def test_never_locks_for_good(self, failures):
        assert wait_after(failures, ACCOUNT_TRIES) <= LONGEST_WAIT

    @given(st.integers(0, 10**6))
    def test_one_more_mistake_never_waits_shorter(self, failures):
        assert wait_after(failures, ACCOUNT_TRIES) <= wait_after(failures + 1, ACCOUNT_TRIES)


class TestStillToWait:
    def test_counts_down_to_nothing(self):
        left = [still_to_wait(7, 5, LAST, LAST + timedelta(seconds=s)).total_seconds() for s in (0, 3, 8, 60)]
        assert left == [8, 5, 0, 0]

    def test_without_failures_there_is_no_wait_even_if_the_clock_went_back(self):
        assert still_to_wait(0, 5, LAST, LAST - timedelta(minutes=1)) == timedelta(0)
