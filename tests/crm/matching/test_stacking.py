from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.matching.rules import kilometres
from crm.matching.stacking import DAY_HOURS, FEWEST_JOBS, JOBS_A_DAY, Obstacles, SmallJob, Week, Wish, usable, weeks

HOME = (51.81, 4.67)
NEAR, WEST, EAST = (51.82, 4.67), (51.81, 4.52), (51.81, 4.82)  # the last two: within reach of home, not of each other
DAYS = ["ma", "di", "wo"]
WISH = Wish(hours_min=12, hours_max=20, days=frozenset(DAYS), travel_km=15, position=HOME)


def job(number: int, hours: float, days: str = "", *, company: int | None = None, **other) -> SmallJob:
    return SmallJob(number, company or number, hours, frozenset(days.split()), **({"position": NEAR} | other))


def numbers(found: list[Week]) -> list[set[int]]:
    return [{job.id for job in week.jobs} for week in found]


class TestWeeks:
    def test_are_as_many_hours_as_somebody_wants_with_the_fewest_employers(self):
        jobs = [job(1, 4, "ma"), job(2, 4, "di"), job(3, 4, "wo"), job(4, 8, "di", company=1)]
        best = weeks(jobs, WISH)[0]
        assert numbers([best]) == [{1, 4}]
        assert (best.hours, best.employers) == (12, 1)
        assert {day: [one.id for one in work] for day, work in best.days.items()} == {"ma": [1], "di": [4]}

    def test_prefer_what_fits_best(self):
        jobs = [job(1, 6, "ma"), job(2, 6, "di", score=40), job(3, 6, "di", score=80)]
        assert numbers(weeks(jobs, WISH, most=2)) == [{1, 3}, {1, 2}]

    def test_never_have_more_hours_than_wanted_or_than_a_day_holds(self):
        assert weeks([job(1, 12, "ma di"), job(2, 10, "wo di")], WISH) == []
        assert weeks([job(1, 6, "ma"), job(2, 6, "ma")], WISH) == []

    def test_two_places_on_one_day_are_within_reach_of_each_other(self):
        assert weeks([job(1, 4, "ma", position=WEST), job(2, 4, "ma", position=EAST)], WISH) == []
        assert numbers(weeks([job(1, 4, "ma", position=WEST), job(2, 4, "ma", position=NEAR)], WISH)) == [{1, 2}]
        assert numbers(weeks([job(1, 4, "ma", position=WEST), job(2, 4, "di", position=EAST)], WISH)) == [{1, 2}]

    def test_at_most_two_jobs_are_done_on_one_day(self):
        found = weeks([job(1, 2, "ma"), job(2, 2, "ma"), job(3, 2, "ma")], WISH)
        assert all(len(work) <= JOBS_A_DAY for week in found for work in week.days.values())

    def test_work_without_days_gets_days_that_are_free(self):
        (week,) = weeks([job(1, 8, "ma"), job(2, 12)], WISH)
        assert {day: [one.id for one in work] for day, work in week.days.items()} == {"ma": [1], "di": [2], "wo": [2]}

    def test_one_job_is_no_week_and_neither_is_none(self):
        assert weeks([job(1, 12, "ma di")], WISH) == []
        assert weeks([], WISH) == []

    def test_too_few_hours_are_better_than_no_week(self):
        (week,) = weeks([job(1, 4, "ma"), job(2, 4, "di")], WISH)
        assert week.hours == 8


class TestUsable:
    @pytest.mark.parametrize(
        ("wrong", "obstacles"),
        [
            (job(1, 24, "ma di wo"), Obstacles(too_many_hours=1)),
            (job(1, 8, "ma", position=(52.4, 4.9)), Obstacles(too_far=1)),
            (job(1, 8, "ma vr"), Obstacles(other_days=1)),
            (job(1, 10, "ma"), Obstacles(long_days=1)),
        ],
    )
    def test_says_what_is_wrong_with_the_others(self, wrong, obstacles):
        fine = job(2, 8, "ma")
        assert usable([wrong, fine], WISH) == ([fine], obstacles)

    def test_what_is_not_known_stands_in_no_way(self):
        unknown = job(1, 8, position=None)
        assert usable([unknown], WISH) == ([unknown], Obstacles())
        far = job(2, 8, "vr", position=(52.4, 4.9))
        assert usable([far], Wish(12, 20)) == ([far], Obstacles())


@st.composite
def small_jobs(draw) -> list[SmallJob]:
    def one(number: int) -> SmallJob:
        return SmallJob(
            id=number,
            company_id=draw(st.integers(1, 4)),
            hours=draw(st.sampled_from([2, 4, 6, 8, 12])),
            days=frozenset(draw(st.sets(st.sampled_from(DAYS), max_size=2))),
            position=draw(st.sampled_from([NEAR, WEST, EAST, None])),
            score=draw(st.integers(0, 100)),
        )

    return [one(number) for number in range(draw(st.integers(0, 6)))]


def cheapest_by_trying_all(jobs: list[SmallJob]) -> list[float]:
    """The prices of all choices of jobs that make a week, the lowest first."""
    sizes = range(FEWEST_JOBS, len(jobs) + 1)
    choices = [choice for size in sizes for choice in combinations(jobs, size)]
    return sorted(Week(choice, {}).price(WISH) for choice in choices if makes_a_week(choice))


def makes_a_week(choice: tuple[SmallJob, ...]) -> bool:
    if sum(one.hours for one in choice) > WISH.hours_max:
        return False
    ways = [[one.days] if one.days else list(map(frozenset, combinations(DAYS, one.days_needed))) for one in choice]
    return any(fits(dict(zip(choice, way, strict=True))) for way in product(*ways))


def fits(days_of: dict[SmallJob, frozenset[str]]) -> bool:
    return all(day_fits([one for one, days in days_of.items() if day in days]) for day in DAYS)


def day_fits(work: list[SmallJob]) -> bool:
    apart = [kilometres(a.position, b.position) for a, b in combinations(work, 2) if a.position and b.position]
    enough = sum(one.hours_a_day for one in work) <= DAY_HOURS + 1e-6
    return enough and len(work) <= JOBS_A_DAY and all(distance <= WISH.travel_km for distance in apart)


@given(small_jobs())
@settings(max_examples=60, deadline=None)
def test_no_other_choice_is_better(jobs):
    fine, _obstacles = usable(jobs, WISH)
    assert [week.price(WISH) for week in weeks(fine, WISH)] == pytest.approx(cheapest_by_trying_all(fine)[:3], abs=1e-3)
