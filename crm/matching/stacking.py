"""Small jobs together as a week for one person: which of them go together, and what stands in the way.

A week is a choice of at least two jobs. None of their days falls outside those of the person, no day holds more than
DAY_HOURS or JOBS_A_DAY, who works at two places on one day lives and travels within reach of both, and all together is
no more than the person wants. Of all such weeks the cheapest is best, by the prices below; they are solved as one
problem, so none is better (`docs/decisions/0019-weeks-are-solved.md`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil

import highspy

from crm.matching.rules import kilometres
from crm.reference.days import Day

DAY_HOURS = 8.0
JOBS_A_DAY = 2
FEWEST_JOBS = 2
MOST_WEEKS = 3
HOUR_TOO_FEW = 10.0  # price of each hour less than somebody wants
EMPLOYER = 6.0  # price of each employer: one more is worth it for an hour more, not for a somewhat better fit
MISFIT = 0.1  # price of an hour for each ten points that a job fits less than perfectly
SECONDS = 0.5  # to look for one week; what is found by then is taken
WEEK = [day.value for day in Day]


@dataclass(frozen=True, slots=True)
class SmallJob:
    """`days` are those of the work, empty when any will do; `score` is 0 to 100, how well it fits the person."""

    id: int
    company_id: int
    hours: float
    days: frozenset[str] = frozenset()
    position: tuple[float, float] | None = None
    score: int = 50

    @property
    def days_needed(self) -> int:
        return len(self.days) or ceil(self.hours / DAY_HOURS)

    @property
    def hours_a_day(self) -> float:
        return self.hours / self.days_needed


@dataclass(frozen=True, slots=True)
class Wish:
    """Hours a week and days somebody can work, empty for any weekday; kilometres as the crow flies."""

    hours_min: float
    hours_max: float
    days: frozenset[str] = frozenset()
    travel_km: int = 15
    position: tuple[float, float] | None = None

    @property
    def week(self) -> list[str]:
        return [day for day in WEEK if day in (self.days or set(WEEK[:5]))]


@dataclass(frozen=True, slots=True)
class Week:
    """Some jobs that go together, by number. `days` gives the jobs of each day that has work, Monday first."""

    jobs: tuple[SmallJob, ...]
    days: dict[str, tuple[SmallJob, ...]]

    @property
    def hours(self) -> float:
        return sum(job.hours for job in self.jobs)

    @property
    def employers(self) -> int:
        return len({job.company_id for job in self.jobs})

    def price(self, wish: Wish) -> float:
        too_few = max(0.0, wish.hours_min - self.hours)
        return HOUR_TOO_FEW * too_few + EMPLOYER * self.employers + sum(map(_misfit, self.jobs))


@dataclass(frozen=True, slots=True)
class Obstacles:
    """How many jobs were left out, by the first reason that held."""

    too_many_hours: int = 0
    too_far: int = 0
    other_days: int = 0
    long_days: int = 0


def usable(jobs: Iterable[SmallJob], wish: Wish) -> tuple[list[SmallJob], Obstacles]:
    """The jobs that this person could do at all, and what is wrong with the others."""
    fine, wrong = [], defaultdict[str, int](int)
    for job in jobs:
        if obstacle := _obstacle(job, wish):
            wrong[obstacle] += 1
        else:
            fine.append(job)
    return fine, Obstacles(**wrong)


def weeks(jobs: Sequence[SmallJob], wish: Wish, most: int = MOST_WEEKS) -> list[Week]:
    """The best weeks of usable jobs, the best first; fewer when there are no more, none when nothing goes together."""
    problem = _Problem(sorted(jobs, key=lambda job: job.id), wish)
    found: list[Week] = []
    while len(found) < most and (week := problem.solve()):
        found.append(week)
        problem.exclude(week)
    return found


def _obstacle(job: SmallJob, wish: Wish) -> str:
    if job.hours > wish.hours_max:
        return "too_many_hours"
    if _apart(job.position, wish.position) > wish.travel_km:
        return "too_far"
    if not job.days <= set(wish.week) or job.days_needed > len(wish.week):
        return "other_days"
    return "long_days" if job.hours_a_day > DAY_HOURS else ""


def _apart(here: tuple[float, float] | None, there: tuple[float, float] | None) -> float:
    return kilometres(here, there) if here and there else 0.0


def _misfit(job: SmallJob) -> float:
    return MISFIT * job.hours * (100 - job.score) / 10


class _Problem:
    """The weeks of one person for the solver: a yes or no for each job, and for each day of one that may be any day."""

    def __init__(self, jobs: Sequence[SmallJob], wish: Wish) -> None:
        self.jobs, self.wish = jobs, wish
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]  # its constructor has no annotations
        for option, value in {"output_flag": False, "threads": 1, "time_limit": SECONDS}.items():
            self.solver.setOptionValue(option, value)
        self.chosen = [self._yes_or_no(_misfit(job)) for job in jobs]
        self.on_day = [self._days_of(job, chosen) for job, chosen in zip(jobs, self.chosen, strict=True)]
        self._week()
        self._employers()
        for day in wish.week:
            self._day(day)

    def solve(self) -> Week | None:
        """Jobs too far apart for one day are rare in an answer, so they are forbidden only when they come up."""
        while (week := self._solved()) and (far := self._too_far_apart(week)):
            for day, pair in far:
                self._forbid(day, pair)
        return week

    def _solved(self) -> Week | None:
        self.solver.run()
        solution = self.solver.getSolution()
        if not solution.value_valid:
            return None
        picked = {column for column, value in enumerate(solution.col_value) if value > 0.5}
        here = [(job, days) for job, chosen, days in self._rows() if chosen in picked]
        days = {day: tuple(job for job, columns in here if columns.get(day) in picked) for day in self.wish.week}
        return Week(tuple(job for job, _days in here), {day: at_work for day, at_work in days.items() if at_work})

    def _too_far_apart(self, week: Week) -> list[tuple[str, tuple[SmallJob, SmallJob]]]:
        return [
            (day, pair)
            for day, jobs in week.days.items()
            for pair in combinations(jobs, 2)
            if _apart(pair[0].position, pair[1].position) > self.wish.travel_km
        ]

    def _forbid(self, day: str, pair: tuple[SmallJob, SmallJob]) -> None:
        self._at_most(1, {days[day]: 1.0 for job, _chosen, days in self._rows() if job in pair})

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
        too_few = self._column(HOUR_TOO_FEW, highspy.kHighsInf)
        self._between(self.wish.hours_min, highspy.kHighsInf, hours | {too_few: 1.0})

    def _employers(self) -> None:
        of_company = defaultdict[int, list[int]](list)
        for job, chosen, _days in self._rows():
            of_company[job.company_id].append(chosen)
        for columns in of_company.values():
            employer = self._yes_or_no(EMPLOYER)
            for chosen in columns:
                self._at_most(0, {chosen: 1.0, employer: -1.0})

    def _day(self, day: str) -> None:
        there = [(job, days[day]) for job, _chosen, days in self._rows() if day in days]
        self._at_most(DAY_HOURS, {column: job.hours_a_day for job, column in there})
        self._at_most(JOBS_A_DAY, {column: 1.0 for _job, column in there})

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
