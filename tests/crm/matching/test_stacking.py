from dataclasses import replace
from itertools import combinations, permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.matching.facts import kilometres
from crm.matching.stacking import FEWEST_JOBS, Clashes, Obstacles, Week, clashes, usable, weeks
from crm.matching.week_rules import JOBS_A_DAY, SmallJob, Wish, travel_minutes
from crm.matching.weights import weights as rules

HOME = (51.81, 4.67)
NEAR, WEST, EAST = (51.82, 4.67), (51.81, 4.52), (51.81, 4.82)  # the last two: within reach of home, not of each other
DAYS = ["ma", "di", "wo"]
WISH = Wish(hours_min=12, hours_max=20, days=frozenset(DAYS), travel_km=15, position=HOME)


def job(number: int, hours: float, days: str = "", *, company: int | None = None, **other) -> SmallJob:
    return SmallJob(number, company or number, hours, frozenset(days.split()), **({"position": NEAR} | other))


def far(place: tuple[float, float]) -> tuple[float, float]:
    """Nearly 14 kilometres from there."""
    return place[0] - 0.1237, place[1]


def between(start: float, end: float) -> dict[str, int]:
    """Hours of the day."""
    return {"starts": round(60 * start), "ends": round(60 * end)}


def on_days(week: Week) -> dict[str, list[int]]:
    return {day: [shift.job.id for shift in shifts] for day, shifts in week.days.items()}


def numbers(found: list[Week]) -> list[set[int]]:
    return [{job.id for job in week.jobs} for week in found]


class TestWeeks:
    def test_are_as_many_hours_as_somebody_wants_with_the_fewest_employers(self):
        jobs = [job(1, 4, "ma"), job(2, 4, "di"), job(3, 4, "wo"), job(4, 8, "di", company=1)]
        best = weeks(jobs, WISH)[0]
        assert numbers([best]) == [{1, 4}]
        assert (best.hours, best.employers) == (12, 1)
        assert on_days(best) == {"ma": [1], "di": [4]}

    def test_say_how_far_from_home_they_are_and_how_long_the_way_between_two_jobs_is(self):
        week = weeks([job(1, 4, "ma", position=WEST), job(2, 4, "ma", position=NEAR)], WISH)[0]
        assert week.farthest(WISH) == kilometres(WEST, HOME)
        one, other = week.days["ma"]
        assert week.longest_trip(WISH) == travel_minutes(one.job, other.job, WISH) > 0

    def test_say_how_well_they_fit_with_a_long_job_counting_more_than_a_short_one(self):
        week = weeks([job(1, 4, "ma", score=80), job(2, 12, "di wo", score=40)], WISH)[0]
        assert week.fit == 50

    def test_keep_silent_about_a_distance_that_nobody_knows(self):
        week = weeks([job(1, 4, "ma", position=None), job(2, 4, "di")], WISH)[0]
        assert week.farthest(WISH) is None
        assert week.longest_trip(WISH) == 0

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
        assert on_days(week) == {"ma": [1], "di": [2], "wo": [2]}

    def test_no_two_jobs_are_at_one_time(self):
        morning, later = job(1, 4, "ma", **between(9, 13)), job(2, 4, "ma", **between(12, 16))
        assert weeks([morning, later], WISH) == []
        afternoon = job(3, 4, "ma", **between(13, 17))
        (week,) = weeks([afternoon, morning, later], WISH)
        assert on_days(week) == {"ma": [1, 3]}

    def test_work_that_may_begin_later_does_so(self):
        first, flexible = job(1, 4, "ma", **between(9, 13)), job(2, 4, "ma", **between(8, 18))
        (week,) = weeks([first, flexible], WISH)
        assert [(shift.job.id, shift.starts, shift.ends) for shift in week.days["ma"]] == [
            (1, 540, 780),
            (2, 780, 1020),
        ]

    def test_there_is_time_to_travel_from_one_to_the_other(self):
        here, there = job(1, 3, "ma", **between(9, 12)), job(2, 3, "ma", position=HOME, **between(12, 15))
        assert travel_minutes(here, there, WISH) == 14
        assert weeks([here, there], WISH) == []
        in_time = job(3, 3, "ma", position=HOME, **between(12.25, 15.25))
        assert numbers(weeks([here, in_time], WISH)) == [{1, 3}]
        same_company = job(4, 3, "ma", company=1, position=HOME, **between(12, 15))
        assert numbers(weeks([here, same_company], WISH)) == [{1, 4}]

    @pytest.mark.parametrize(
        ("ways", "minutes"),
        [((), 65), (("foot",), 175), (("bike",), 65), (("foot", "car"), 34), (("transit",), 65), (("moped",), 43)],
    )
    def test_travel_takes_as_long_as_by_the_fastest_way_of_the_person(self, ways, minutes):
        here, there = job(1, 3, "ma", **between(9, 12)), job(2, 3, "ma", position=far(NEAR), **between(12.75, 16))
        wish = replace(WISH, speed=rules().speed_by(ways))
        assert travel_minutes(here, there, wish) == minutes
        assert bool(weeks([here, there], wish)) is (minutes < 45)

    def test_jobs_of_one_company_need_no_travel_and_are_one_employer(self):
        jobs = [job(n, 4, "ma", company=1, **between(9 + 4 * n, 13 + 4 * n)) for n in range(2)]
        (week,) = weeks(jobs, replace(WISH, speed=rules().speed_by(["foot"])))
        assert (week.employers, week.hours) == (1, 8)

    def test_of_somebody_who_can_work_no_hours_are_none_and_it_is_said_why(self):
        nobody = Wish(0, 0, frozenset(DAYS), position=HOME)
        jobs = [job(1, 4, "ma"), job(2, 4, "di")]
        assert usable(jobs, nobody) == ([], Obstacles(too_many_hours=2))
        assert weeks([], nobody) == []

    def test_of_somebody_whose_days_are_not_known_are_on_working_days(self):
        (week,) = weeks([job(1, 4), job(2, 4, "vr")], Wish(4, 20, position=HOME))
        assert week.days.keys() <= {"ma", "di", "wo", "do", "vr"}
        assert usable([job(1, 4, "za")], Wish(4, 20)) == ([], Obstacles(other_days=1))

    def test_only_days_count_while_the_times_are_unknown(self):
        assert numbers(weeks([job(1, 4, "ma"), job(2, 4, "ma", **between(9, 13))], WISH)) == [{1, 2}]

    def test_both_jobs_are_within_the_times_of_the_person(self):
        wish = Wish(4, 20, frozenset(DAYS), position=HOME, **between(9, 15))
        assert weeks([job(1, 4, "ma"), job(2, 4, "ma")], wish) == []
        assert numbers(weeks([job(1, 3, "ma", company=1), job(2, 3, "ma", company=1)], wish)) == [{1, 2}]

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
            (job(1, 4, "ma", **between(17, 21)), Obstacles(other_times=1)),
        ],
    )
    def test_says_what_is_wrong_with_the_others(self, wrong, obstacles):
        fine, wish = job(2, 8, "ma"), replace(WISH, **between(8, 18))
        assert usable([wrong, fine], wish) == ([fine], obstacles)

    def test_what_is_not_known_stands_in_no_way(self):
        unknown = job(1, 8, position=None)
        assert usable([unknown], WISH) == ([unknown], Obstacles())
        far = job(2, 8, "vr", position=(52.4, 4.9))
        assert usable([far], Wish(12, 20)) == ([far], Obstacles())


class TestClashes:
    @pytest.mark.parametrize(
        ("one", "other", "found"),
        [
            (job(1, 12, "ma di"), job(2, 12, "ma wo"), Clashes(too_many_hours=1)),
            (job(1, 6, "ma"), job(2, 6, "ma"), Clashes(long_day=1)),
            (job(1, 4, "ma", position=WEST), job(2, 4, "ma", position=EAST), Clashes(far_apart=1)),
            (job(1, 4, "ma", **between(9, 13)), job(2, 4, "ma", **between(12, 16)), Clashes(same_time=1)),
        ],
    )
    def test_say_why_two_do_not_go_together(self, one, other, found):
        assert clashes([one, other], WISH) == found
        assert weeks([one, other], WISH) == []

    def test_are_not_counted_of_jobs_that_can_be_on_different_days(self):
        assert clashes([job(1, 6, "ma"), job(2, 6), job(3, 6, "di")], WISH) == Clashes()


TIMES = [{}, between(9, 13), between(12, 17), between(13, 17), between(8, 18), between(12.25, 18)]


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
            **draw(st.sampled_from(TIMES)),
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
    enough = sum(one.hours_a_day for one in work) <= rules().day_hours + 1e-6
    near = all(distance <= WISH.travel_km for distance in apart)
    return enough and len(work) <= JOBS_A_DAY and near and any(map(in_this_order, permutations(work)))


def in_this_order(work: tuple[SmallJob, ...]) -> bool:
    """Whether some minute to begin each of them leaves time for all."""
    if len(work) < 2:
        return True
    one, other = work
    gap = travel_minutes(one, other, WISH)
    return any(
        max(other.starts, begins + one.minutes_a_day + gap) + other.minutes_a_day <= other.ends
        for begins in range(one.starts, one.ends - one.minutes_a_day + 1)
    )


@given(small_jobs())
@settings(max_examples=60, deadline=None)
def test_no_other_choice_is_better(jobs):
    fine, _obstacles = usable(jobs, WISH)
    assert [week.price(WISH) for week in weeks(fine, WISH)] == pytest.approx(cheapest_by_trying_all(fine)[:3], abs=1e-3)
