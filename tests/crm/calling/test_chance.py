"""How likely it is that somebody comes to the phone."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.calling.chance import (
    ASSUMED,
    ENOUGH_CALLS,
    STEP,
    USUAL,
    assumed,
    chance,
    hour_of_week,
    rank,
    shrunk,
    stands_out,
)
from crm.reference.trades import Effect, reachability, trade_group, trade_groups

MONDAY, TUESDAY, FRIDAY, SATURDAY = 0, 1, 4, 5
GOOD, AVOID = ASSUMED[Effect.GOOD], ASSUMED[Effect.AVOID]

priors = st.floats(0.05, 0.95)
measured = st.integers(0, 5000).flatmap(lambda calls: st.tuples(st.just(calls), st.integers(0, calls)))


class TestStandingOut:
    @given(st.lists(priors, min_size=1))
    def test_an_hour_like_the_others_never_does(self, of_day: list[float]) -> None:
        assert not stands_out(sum(of_day) / len(of_day) + STEP / 2, of_day)

    def test_a_good_hour_among_usual_ones_does(self) -> None:
        assert stands_out(GOOD, [GOOD, *[USUAL] * 7])

    def test_a_usual_hour_does_after_hours_to_avoid(self) -> None:
        assert stands_out(USUAL, [USUAL, *[AVOID] * 7])


class TestShrinkage:
    @given(priors, measured)
    def test_stays_between_what_was_assumed_and_what_was_measured(self, prior: float, figures: tuple[int, int]) -> None:
        calls, spoken = figures
        own = spoken / calls if calls else prior
        assert min(prior, own) - 1e-9 <= shrunk(prior, calls, spoken) <= max(prior, own) + 1e-9

    @given(priors, measured)
    def test_one_more_conversation_never_makes_it_less(self, prior: float, figures: tuple[int, int]) -> None:
        calls, spoken = figures
        assert shrunk(prior, calls + 1, spoken) < shrunk(prior, calls, spoken) < shrunk(prior, calls + 1, spoken + 1)

    @given(priors, st.integers(1, 100), st.integers(1, 50))
    def test_more_calls_of_the_same_kind_bring_it_nearer_to_what_was_measured(
        self, prior: float, spoken: int, times: int
    ) -> None:
        once, often = (abs(shrunk(prior, 100 * n, spoken * n) - spoken / 100) for n in (1, times))
        assert often <= once + 1e-9

    @given(priors, priors, measured)
    def test_who_was_assumed_to_be_reached_better_stays_so_with_the_same_calls(
        self, one: float, other: float, figures: tuple[int, int]
    ) -> None:
        low, high = sorted((one, other))
        assert shrunk(low, *figures) <= shrunk(high, *figures)


class TestChance:
    def test_with_few_calls_it_is_what_was_assumed(self) -> None:
        found = chance("care", TUESDAY, 10, calls=ENOUGH_CALLS - 1, spoken=ENOUGH_CALLS - 1)
        assert (found.value, found.is_measured) == (assumed("care", TUESDAY, 10), False)

    def test_from_thirty_calls_on_they_count(self) -> None:
        found = chance("care", TUESDAY, 9, calls=30, spoken=0)
        assert (found.value, found.is_measured) == (pytest.approx(USUAL / 2), True)

    def test_small_differences_do_not_change_the_order(self) -> None:
        assert rank(0.41) == rank(0.40)
        assert rank(0.50) < rank(0.40) < rank(0.30)


class TestAssumed:
    @pytest.mark.parametrize(
        ("group", "weekday", "hour", "expected"),
        [
            ("horeca", TUESDAY, 10, GOOD),
            ("horeca", MONDAY, 10, USUAL),
            ("horeca", TUESDAY, 12, AVOID),
            ("horeca", FRIDAY, 15, AVOID),
            ("retail", SATURDAY, 11, AVOID),
            ("building", MONDAY, 16, GOOD),
            ("building", MONDAY, 15, (USUAL + GOOD) / 2),
            ("care", TUESDAY, 14, 0.75 * GOOD + 0.25 * AVOID),
            ("farming", FRIDAY, 12, GOOD),
            ("office", MONDAY, 9, AVOID),
            ("other", TUESDAY, 10, USUAL),
        ],
    )
    def test_is_by_the_minutes_of_the_hour(self, group: str, weekday: int, hour: int, expected: float) -> None:
        assert assumed(group, weekday, hour) == pytest.approx(expected)

    def test_the_hour_is_the_dutch_one(self) -> None:
        assert hour_of_week(datetime.fromisoformat("2026-11-22T23:30+00:00")) == (MONDAY, 0)


class TestTradeGroups:
    @pytest.mark.parametrize(
        ("code", "group"),
        [
            ("56101", "horeca"),
            ("4711", "retail"),
            ("4781", "garage"),
            ("46710", "garage"),
            ("46311", "other"),
            ("95311", "garage"),
            ("95210", "other"),
            ("81", "cleaning"),
            ("8220", "office"),
            ("0113", "farming"),
            (None, "other"),
            ("", "other"),
        ],
    )
    def test_a_trade_belongs_to_the_group_that_names_it_most_closely(self, code: str | None, group: str) -> None:
        assert trade_group(code) == group

    def test_every_group_of_the_hours_is_known(self) -> None:
        assert reachability().keys() == trade_groups().keys()
