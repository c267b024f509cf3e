"""When a job runs: pure rules, by the product's clock."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from crm.core.clock import at, local


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again."""

    period: timedelta

    def after(self, moment: datetime) -> datetime:
        return moment + self.period


@dataclass(frozen=True, slots=True)
class Daily:
    """Once on every Dutch calendar day, at a wall-clock time in the Netherlands, also when the clocks change."""

    time: time

    def after(self, moment: datetime) -> datetime:
        day = local(moment).date()
        today = at(day, self.time.hour, self.time.minute)
        return today if today > moment else at(day + timedelta(days=1), self.time.hour, self.time.minute)

    def latest(self, moment: datetime) -> datetime:
        """The last moment on which it was planned."""
        day = local(moment).date()
        today = at(day, self.time.hour, self.time.minute)
        return today if today <= moment else at(day - timedelta(days=1), self.time.hour, self.time.minute)


When = Every | Daily


def first_run(when: When, useful_for: timedelta, last_start: datetime | None, moment: datetime) -> datetime:
    """When a scheduler that begins at `moment` runs this job: at once if a run was missed and is still useful."""
    if isinstance(when, Every):
        # Not later than one period, also when the clock was put back after the last run.
        due = when.after(last_start) if last_start else moment
        return min(max(due, moment), when.after(moment))
    planned = when.latest(moment)
    missed = last_start is None or last_start < planned
    return moment if missed and moment - planned <= useful_for else when.after(moment)
