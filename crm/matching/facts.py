"""What counts about a job and about a job seeker. Age, sex, origin and health cannot: there is no field for them."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from datetime import time
from hashlib import blake2b
from math import asin, ceil, cos, radians, sin, sqrt
from typing import NamedTuple

from crm.matching.weights import weights

EARTH_KM = 6371.0
WHOLE_DAY = 24 * 60

Position = tuple[float, float]


class Asked(NamedTuple):
    """How much a competence counts for a job, 1 to 3, and whether it may be learned there."""

    weight: int = 2
    learnable: bool = False


@dataclass(frozen=True, slots=True)
class JobFacts:
    """`competences` by code; `text` is what `work_text` makes of all that is written about the work."""

    competences: Mapping[str, Asked] = field(default_factory=dict)
    hours: float | None = None
    days: frozenset[str] = frozenset()
    from_time: time | None = None
    until_time: time | None = None
    position: Position | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """`competences` give the level by code, 1 to 3; travel in kilometres as the crow flies.

    `work_words` are the beginnings of the words about what somebody did, as they are kept to compare by.
    """

    competences: Mapping[str, int] = field(default_factory=dict)
    hours_min: int = 0
    hours_max: int = 40
    days: frozenset[str] = frozenset()
    from_time: time | None = None
    until_time: time | None = None
    position: Position | None = None
    travel_km: int = 15
    work_words: str = ""


def fingerprint(job: JobFacts, candidate: CandidateFacts) -> str:
    """The same as long as nothing that counts has changed on either side."""
    told = repr([_in_order(value) for facts in (job, candidate) for value in astuple(facts)])
    return blake2b(told.encode(), digest_size=16).hexdigest()


def _in_order(value: object) -> object:
    match value:
        case Mapping():
            return sorted((code, str(detail)) for code, detail in value.items())
        case frozenset():
            return sorted(value)
    return str(value)


def days_needed(hours: float, days: frozenset[str]) -> int:
    """Where the days are not known, as few as can be."""
    return len(days) or ceil(hours / weights().day_hours)


def minutes_of(moment: time | None, *, unknown: int) -> int:
    """Since midnight."""
    return unknown if moment is None else moment.hour * 60 + moment.minute


def show_clock(minutes: int) -> str:
    """`9:00`, of minutes since midnight."""
    return f"{minutes // 60}:{minutes % 60:02}"


def kilometres(here: Position, there: Position) -> float:
    """The distance between two positions in degrees, as the crow flies."""
    latitude_1, longitude_1, latitude_2, longitude_2 = map(radians, (*here, *there))
    half = (
        sin((latitude_2 - latitude_1) / 2) ** 2
        + cos(latitude_1) * cos(latitude_2) * sin((longitude_2 - longitude_1) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(sqrt(min(1.0, half)))
