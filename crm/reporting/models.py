"""Figures as they are read: no tables of their own, no personal data."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Self

from crm.core.clock import day_bounds


@dataclass(frozen=True, slots=True)
class Period:
    """Whole calendar days in the Netherlands, the last one included."""

    first: date
    last: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Start (included) and end (excluded), in UTC."""
        return day_bounds(self.first)[0], day_bounds(self.last)[1]


@dataclass(frozen=True, slots=True)
class Funnel:
    """From calls to placements. Each figure counts what happened in the period itself."""

    called: int = 0
    spoken: int = 0
    found: int = 0
    kopkoffie: int = 0
    placed: int = 0

    def __add__(self, other: Self) -> "Funnel":
        return Funnel(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class JobSeekerFunnel:
    """Of how many people something happened, each counted once per step."""

    enrolled: int = 0
    introduced: int = 0
    met: int = 0
    at_work: int = 0


@dataclass(frozen=True, slots=True)
class DayFigures:
    day: date
    figures: Funnel


@dataclass(frozen=True, slots=True)
class ListFigures:
    list_name: str
    figures: Funnel
