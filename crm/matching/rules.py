"""How well a job and a job seeker fit, in points that explain themselves.

Competences, work, hours, days and travel count. Age, sex, origin and health cannot: there is nowhere they are kept.
What is not known counts for half, so that nobody is pushed aside by an empty field.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any, Literal

from crm.core.i18n import N_, _, ngettext, show_amount
from crm.core.text import plain
from crm.reference.queries import competences
from crm.reference.wording import AGE, GENDER, HEALTH, without

COMPETENCES, DISTANCE, HOURS, DAYS, WORK = 35, 20, 15, 15, 15
HOURS_TOLERANCE = 16
EARTH_KM = 6371.0
STEM = 5
NEVER_TELLING = frozenset(
    {"graag", "samen", "vooral", "goed", "goede", "ervaring", "werk", "werken", "bedrijf", "week"}
)

Verdict = Literal["fits", "mind", "unknown"]


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What counts about a job. `text` is what `work_text` makes of all that is written about the work."""

    competences: frozenset[str] = frozenset()
    hours: float | None = None
    days: frozenset[str] = frozenset()
    position: tuple[float, float] | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """What counts about a job seeker; travel in kilometres as the crow flies."""

    competences: frozenset[str] = frozenset()
    hours_min: int = 0
    hours_max: int = 40
    days: frozenset[str] = frozenset()
    position: tuple[float, float] | None = None
    travel_km: int = 15
    text: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One reason: its points, out of how many, and why in a sentence."""

    name: str
    points: int
    maximum: int
    why: str
    verdict: Verdict

    def as_kept(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Score:
    """0 to 100, the sum of its parts."""

    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        return sum(part.points for part in self.parts)


def score(job: JobFacts, candidate: CandidateFacts) -> Score:
    return Score(
        (
            _competences(job, candidate),
            _distance(job, candidate),
            _hours(job, candidate),
            _days(job, candidate),
            _work(job, candidate),
        )
    )


def work_text(*texts: str) -> str:
    """All that is written about work, without words that may not decide."""
    return without(" ".join(texts), AGE, GENDER, HEALTH)


def kilometres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """The distance between two positions in degrees, as the crow flies."""
    latitude_1, longitude_1, latitude_2, longitude_2 = map(radians, (*here, *there))
    half = (
        sin((latitude_2 - latitude_1) / 2) ** 2
        + cos(latitude_1) * cos(latitude_2) * sin((longitude_2 - longitude_1) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(sqrt(min(1.0, half)))


def shared_words(one: str, other: str) -> list[str]:
    """Words of `one` that `other` has too, also as the beginning of a longer word."""
    theirs = set(stems(other))
    return list(dict.fromkeys(word for word in _words(one) if word[:STEM] in theirs))


def stems(text: str) -> list[str]:
    """The beginnings of the words that tell something, each once."""
    return list(dict.fromkeys(word[:STEM] for word in _words(text)))


def _words(text: str) -> list[str]:
    found = re.findall(r"[^\W\d_]{4,}", plain(text))
    return [word for word in found if word not in NEVER_TELLING]


def _part(name: str, maximum: int, share: float, why: str) -> Part:
    return Part(name, round(maximum * share), maximum, why, "fits" if share >= 0.5 else "mind")


def _unknown(name: str, maximum: int, why: str) -> Part:
    return Part(name, maximum // 2, maximum, why, "unknown")


def _names(codes: Iterable[str]) -> str:
    known = competences()
    return ", ".join(known[code].name.lower() for code in sorted(codes) if code in known)


def _competences(job: JobFacts, candidate: CandidateFacts) -> Part:
    name = N_("Competences")
    if not job.competences:
        return _unknown(name, COMPETENCES, _("No competences were written down for this job."))
    if not candidate.competences:
        return _unknown(name, COMPETENCES, _("No competences were written down for this job seeker."))
    shared = job.competences & candidate.competences
    wanted = len(job.competences)
    why = _("{n} of the {wanted} competences asked").format(n=len(shared), wanted=wanted)
    return _part(name, COMPETENCES, len(shared) / wanted, f"{why}: {_names(shared)}." if shared else f"{why}.")


def _distance(job: JobFacts, candidate: CandidateFacts) -> Part:
    name = N_("Distance")
    if not (job.position and candidate.position):
        return _unknown(name, DISTANCE, _("The distance is not known: a postcode is missing."))
    distance, limit = kilometres(job.position, candidate.position), max(candidate.travel_km, 1)
    share = 1.0 if distance <= limit else max(0.0, 1 - (distance - limit) / limit) / 2
    why = (
        _("{km} km away, and willing to travel {limit} km.")
        if distance <= limit
        else _("{km} km away, but willing to travel {limit} km.")
    )
    return _part(name, DISTANCE, share, why.format(km=round(distance), limit=candidate.travel_km))


def _hours(job: JobFacts, candidate: CandidateFacts) -> Part:
    name = N_("Hours")
    if not job.hours:
        return _unknown(name, HOURS, _("The hours of this job are not known yet."))
    least, most = candidate.hours_min, candidate.hours_max
    gap = max(least - job.hours, job.hours - most, 0.0)
    share = 1.0 if gap == 0 else max(0.0, 1 - gap / HOURS_TOLERANCE) * 0.49
    why = (
        _("{hours} hours a week; wants {least} to {most}.")
        if gap == 0
        else _("{hours} hours a week, but wants {least} to {most}.")
    )
    return _part(name, HOURS, share, why.format(hours=show_amount(job.hours), least=least, most=most))


def _days(job: JobFacts, candidate: CandidateFacts) -> Part:
    name = N_("Days")
    if not job.days:
        return _unknown(name, DAYS, _("The days of this job are not known yet."))
    if not candidate.days:
        return _unknown(name, DAYS, _("It is not known on which days this job seeker can work."))
    shared, wanted = job.days & candidate.days, len(job.days)
    why = ngettext("Can work on {n} of the {wanted} day.", "Can work on {n} of the {wanted} days.", wanted)
    return _part(name, DAYS, len(shared) / wanted, why.format(n=len(shared), wanted=wanted))


def _work(job: JobFacts, candidate: CandidateFacts) -> Part:
    name = N_("Work")
    if not _words(job.text):
        return _unknown(name, WORK, _("Little was written about the work itself."))
    if not _words(candidate.text):
        return _unknown(name, WORK, _("No trades or strengths were written down for this job seeker."))
    shared = shared_words(candidate.text, job.text)
    if not shared:
        return _part(name, WORK, 0.2, _("Other work than before: ask whether it appeals."))
    why = _("Has done this before or is good at it: {words}.").format(words=", ".join(shared[:4]))
    return _part(name, WORK, min(1.0, 0.4 + 0.2 * len(shared)), why)
