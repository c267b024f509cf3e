"""Small jobs together as a week for one person: which of them go together, and what stands in the way.

A week is a choice of at least two jobs. None of their days falls outside those of the person, no day holds more hours
than `day_hours` or more than JOBS_A_DAY, no two are at one time, there is time to travel from one to the other, who
works at two places on one day lives and travels within reach of both, and all together is no more than the person
wants. Of all such weeks the cheapest is best, by the prices in `data/reference/matching.csv`; they are solved as one
problem, so none is better (`docs/decisions/0019-weeks-are-solved.md`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import highspy

from crm.matching.week_rules import (
    JOBS_A_DAY,
    Shift,
    SmallJob,
    Wish,
    apart,
    clash,
    day_plan,
    must_share_a_day,
    obstacle,
    travel_minutes,
)
from crm.matching.weights import weights as rules

FEWEST_JOBS = 2
MOST_WEEKS = 3
SECONDS = 1.5  # to look for all weeks of somebody; what is found by then is taken


@dataclass(frozen=True, slots=True)
class Week:
    """Some jobs that go together, by number. `days` has each day with work, Monday first, its jobs in their order."""

    jobs: tuple[SmallJob, ...]
    days: dict[str, tuple[Shift, ...]]

    @property
    def hours(self) -> float:
        return sum(job.hours for job in self.jobs)

    @property
    def employers(self) -> int:
        return len({job.company_id for job in self.jobs})

    @property
    def fit(self) -> int:
        """0 to 100, how well the work fits the person, each hour of it counting as much."""
        return round(sum(job.score * job.hours for job in self.jobs) / self.hours)

    def farthest(self, wish: Wish) -> float | None:
        """Kilometres from home to the work that is furthest away; None when a place is not known."""
        places = [job.position for job in self.jobs]
        if wish.position is None or None in places:
            return None
        return max(apart(place, wish.position) for place in places)

    def longest_trip(self, wish: Wish) -> int:
        """The most minutes between two jobs on one day; 0 when nobody has to travel between jobs."""
        pairs = (pair for shifts in self.days.values() for pair in pairwise(shifts))
        return max((travel_minutes(one.job, other.job, wish) for one, other in pairs), default=0)

    def price(self, wish: Wish) -> float:
        too_few = max(0.0, wish.hours_min - self.hours)
        return rules().hour_too_few * too_few + rules().employer * self.employers + sum(map(_misfit, self.jobs))


@dataclass(frozen=True, slots=True)
class Obstacles:
    """How many jobs were left out, by the first reason that held."""

    too_many_hours: int = 0
    too_far: int = 0
    other_days: int = 0
    long_days: int = 0
    other_times: int = 0


@dataclass(frozen=True, slots=True)
class Clashes:
    """Of the jobs that could be done: how many pairs do not go together, by the first reason that held."""

    too_many_hours: int = 0
    long_day: int = 0
    far_apart: int = 0
    same_time: int = 0


def usable(jobs: Iterable[SmallJob], wish: Wish) -> tuple[list[SmallJob], Obstacles]:
    """The jobs that this person could do at all, and what is wrong with the others."""
    fine, wrong = [], Counter[str]()
    for job in jobs:
        if found := obstacle(job, wish):
            wrong[found] += 1
        else:
            fine.append(job)
    return fine, Obstacles(**wrong)


def clashes(jobs: Sequence[SmallJob], wish: Wish) -> Clashes:
    """Why no two of these usable jobs make a week."""
    found = Counter(_clash_in_a_week(one, other, wish) for one, other in combinations(jobs, 2))
    return Clashes(**{reason: n for reason, n in found.items() if reason})


def _clash_in_a_week(one: SmallJob, other: SmallJob, wish: Wish) -> str:
    if one.hours + other.hours > wish.hours_max:
        return "too_many_hours"
    return clash(one, other, wish) if must_share_a_day(one, other, wish) else ""


def weeks(jobs: Sequence[SmallJob], wish: Wish, most: int = MOST_WEEKS) -> list[Week]:
    """The best weeks of usable jobs, the best first; fewer when there are no more, none when nothing goes together."""
    problem = _Problem(sorted(jobs, key=lambda job: job.id), wish)
    found: list[Week] = []
    while len(found) < most and (week := problem.solve()):
        found.append(week)
        problem.exclude(week)
    return sorted(found, key=lambda week: week.price(wish))  # in order already, unless the time was up


def _misfit(job: SmallJob) -> float:
    return rules().misfit * job.hours * (100 - job.score) / 100


class _Problem:
    """The weeks of one person for the solver: a yes or no for each job, and for each day of one that may be any day."""

    def __init__(self, jobs: Sequence[SmallJob], wish: Wish) -> None:
        self.jobs, self.wish = jobs, wish
        self.solver = highspy.Highs()
        for option, value in {"output_flag": False, "threads": 1, "time_limit": SECONDS}.items():
            self.solver.setOptionValue(option, value)
        self.chosen = [self._yes_or_no(_misfit(job)) for job in jobs]
        self.on_day = [self._days_of(job, chosen) for job, chosen in zip(jobs, self.chosen, strict=True)]
        self._week()
        self._employers()
        for day in wish.week:
            self._day(day)

    def solve(self) -> Week | None:
        """Jobs that only travel keeps apart are rare in an answer, so they are forbidden when they come up."""
        while (picked := self._solved()) and (apart := self._apart(picked)):
            for job in apart:
                self._keep_apart(job)
        return self._as_week(picked) if picked else None

    def _solved(self) -> dict[str, list[SmallJob]] | None:
        """The jobs of each day."""
        self.solver.run()
        solution = self.solver.getSolution()
        if not solution.value_valid:
            return None
        picked = {column for column, value in enumerate(solution.col_value) if value > 0.5}
        here = [(job, days) for job, chosen, days in self._rows() if chosen in picked]
        return {day: [job for job, columns in here if columns.get(day) in picked] for day in self.wish.week}

    def _as_week(self, picked: dict[str, list[SmallJob]]) -> Week:
        jobs = {job.id: job for at_work in picked.values() for job in at_work}
        days = {day: day_plan(at_work, self.wish) for day, at_work in picked.items() if at_work}
        return Week(tuple(sorted(jobs.values(), key=lambda job: job.id)), days)

    def _apart(self, picked: dict[str, list[SmallJob]]) -> list[SmallJob]:
        pairs = [pair for at_work in picked.values() for pair in combinations(at_work, 2)]
        return list(dict.fromkeys(job for pair in pairs if clash(*pair, self.wish) for job in pair))

    def _keep_apart(self, job: SmallJob) -> None:
        """On no day beside any that it clashes with: then all JOBS_A_DAY of these are out."""
        clashing = {other.id for other in self.jobs if other.id != job.id and clash(job, other, self.wish)}
        for day in self.wish.week:
            there = {one.id: days[day] for one, _chosen, days in self._rows() if day in days}
            if job.id in there and (others := {column: 1.0 for id_, column in there.items() if id_ in clashing}):
                self._at_most(JOBS_A_DAY, others | {there[job.id]: float(JOBS_A_DAY)})

    def exclude(self, week: Week) -> None:
        """Another choice of jobs; the same ones on other days is no other week."""
        inside = {job.id for job in week.jobs}
        terms = {column: 1.0 if job.id in inside else -1.0 for job, column, _days in self._rows()}
        self._at_most(len(inside) - 1, terms)

    def _rows(self) -> Iterable[tuple[SmallJob, int, dict[str, int]]]:
        return zip(self.jobs, self.chosen, self.on_day, strict=True)

    def _days_of(self, job: SmallJob, chosen: int) -> dict[str, int]:
        """The column that says whether the job is done on a day."""
        if job.days:
            return dict.fromkeys(job.days, chosen)
        columns = {day: self._yes_or_no() for day in self.wish.week}
        self._between(0, 0, dict.fromkeys(columns.values(), 1.0) | {chosen: -float(job.days_needed)})
        return columns

    def _week(self) -> None:
        hours = {chosen: job.hours for job, chosen, _days in self._rows()}
        self._at_most(self.wish.hours_max, hours)
        self._between(FEWEST_JOBS, highspy.kHighsInf, dict.fromkeys(self.chosen, 1.0))
        too_few = self._column(rules().hour_too_few, highspy.kHighsInf)
        self._between(self.wish.hours_min, highspy.kHighsInf, hours | {too_few: 1.0})

    def _employers(self) -> None:
        of_company = defaultdict[int, list[int]](list)
        for job, chosen, _days in self._rows():
            of_company[job.company_id].append(chosen)
        for columns in of_company.values():
            employer = self._yes_or_no(rules().employer)
            for chosen in columns:
                self._at_most(0, {chosen: 1.0, employer: -1.0})

    def _day(self, day: str) -> None:
        there = [(job, days[day]) for job, _chosen, days in self._rows() if day in days]
        self._at_most(rules().day_hours, {column: job.hours_a_day for job, column in there})
        self._at_most(JOBS_A_DAY, {column: 1.0 for _job, column in there})
        at_work = [(*self._surely_at_work(job), column) for job, column in there]
        for moment in sorted({starts for starts, ends, _column in at_work if starts < ends}):
            together = {column: 1.0 for starts, ends, column in at_work if starts <= moment < ends}
            if len(together) > 1:
                self._at_most(1, together)

    def _surely_at_work(self, job: SmallJob) -> tuple[int, int]:
        """The minutes in which the job is done whenever it begins, so that there are no others then; maybe none."""
        starts, ends = max(job.starts, self.wish.starts), min(job.ends, self.wish.ends)
        return ends - job.minutes_a_day, starts + job.minutes_a_day

    def _yes_or_no(self, price: float = 0.0) -> int:
        column = self._column(price, 1.0)
        self.solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        return column

    def _column(self, price: float, most: float) -> int:
        self.solver.addCol(price, 0.0, most, 0, [], [])
        return int(self.solver.getNumCol()) - 1

    def _at_most(self, most: float, terms: dict[int, float]) -> None:
        self._between(-highspy.kHighsInf, most, terms)

    def _between(self, least: float, most: float, terms: dict[int, float]) -> None:
        self.solver.addRow(least, most, len(terms), list(terms), list(terms.values()))
