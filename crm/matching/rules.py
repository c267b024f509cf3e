"""How well a job and a job seeker fit, in points that explain themselves; `weights` says how many there are."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from math import floor
from typing import Any, Literal

from crm.core.i18n import N_, _, show_amount
from crm.matching.facts import WHOLE_DAY, CandidateFacts, JobFacts, days_needed, kilometres, minutes_of, show_clock
from crm.matching.weights import weights
from crm.reference.days import Day
from crm.reference.queries import competences
from crm.reference.work_words import shared_words, telling_words

DECISIVE = 3  # the weight of a competence
LEARNING, CAN, STRONG = 1, 2, 3  # the level in one
MOST_NAMED = 2  # in a short line
MOST_WORDS_NAMED = 4

Verdict = Literal["decisive", "fits", "mind", "unknown"]


@dataclass(frozen=True, slots=True)
class Part:
    """One reason: its points, out of how many, and why in a sentence. `short` is for a list, where it matters there.

    The verdict is "decisive" when something is missing that the work cannot do without.
    """

    name: str
    points: int
    maximum: int
    why: str
    verdict: Verdict
    short: str = ""

    def as_kept(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Score:
    """0 to 100, the sum of its parts."""

    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        return sum(part.points for part in self.parts)

    @property
    def short(self) -> str:
        """`sterk in klantgericht werken; 12 van de 16 uur passen; 7 km`"""
        return "; ".join(part.short for part in self.parts if part.short)


def score(job: JobFacts, candidate: CandidateFacts) -> Score:
    return Score(
        (
            _competences(job, candidate),
            _work(job, candidate),
            _hours(job, candidate),
            _times(job, candidate),
            _distance(job, candidate),
        )
    )


def _part(name: str, maximum: int, share: float, why: str, short: str = "") -> Part:
    return Part(name, round(maximum * share), maximum, why, "fits" if share >= 0.5 else "mind", short)


def _unknown(name: str, maximum: int, why: str) -> Part:
    return Part(name, maximum * weights().unknown // 100, maximum, why, "unknown")


def _competences(job: JobFacts, candidate: CandidateFacts) -> Part:
    name, most = N_("Competences"), weights().part_competences
    if not job.competences:
        return _unknown(name, most, _("No competences were written down for this job."))
    share = _competence_share(job, candidate)
    if not candidate.competences:
        unknown = _unknown(name, most, _("No competences were written down for this job seeker."))
        return replace(unknown, points=max(unknown.points, round(most * share)))  # what is learned there, nobody lacks
    groups = _grouped(job, candidate)
    part = _part(name, most, share, _why_competences(groups), _short_competences(groups))
    half = round(share, 6) >= weights().of_level(CAN) / 2  # who can do half of it, fits
    return replace(part, verdict="decisive" if groups["decisive"] else "fits" if half else "mind")


def _competence_share(job: JobFacts, candidate: CandidateFacts) -> float:
    rule, total, reached = weights(), 0.0, 0.0
    for code, asked in job.competences.items():
        counts = rule.of_weight(asked.weight)
        has = rule.of_level(level) if (level := candidate.competences.get(code)) else 0.0
        total += counts
        reached += counts * (max(has, rule.learnable_gap / 100) if asked.learnable else has)
    left = rule.decisive_missing / 100 if _decisive_missing(job, candidate) else 1.0
    return left * reached / total


def _decisive_missing(job: JobFacts, candidate: CandidateFacts) -> list[str]:
    asked = [code for code, one in job.competences.items() if one.weight == DECISIVE and not one.learnable]
    return [code for code in asked if code not in candidate.competences]


def _grouped(job: JobFacts, candidate: CandidateFacts) -> dict[str, list[str]]:
    """The codes that the job asks, by how it stands with them; in each group what counts most first."""
    decisive = _decisive_missing(job, candidate)
    missing = job.competences.keys() - candidate.competences.keys() - set(decisive)
    levels = {"strong": STRONG, "can": CAN, "learning": LEARNING}
    groups = {
        "decisive": decisive,
        **{
            name: [c for c in job.competences if candidate.competences.get(c) == level]
            for name, level in levels.items()
        },
        "learnable": [code for code in missing if job.competences[code].learnable],
        "missing": [code for code in missing if not job.competences[code].learnable],
    }
    return {
        name: sorted(codes, key=lambda code: (-job.competences[code].weight, code)) for name, codes in groups.items()
    }


def _why_competences(groups: dict[str, list[str]]) -> str:
    has = sum(len(groups[name]) for name in ("strong", "can", "learning"))
    wanted = sum(map(len, groups.values()))
    said = {
        "decisive": _("Decisive, and missing: {names}."),
        "strong": _("Strong in {names}."),
        "can": _("Can do: {names}."),
        "learning": _("Is still learning: {names}."),
        "learnable": _("Can be learned here: {names}."),
        "missing": _("Is missing: {names}."),
    }
    sentences = [words.format(names=_names(groups[name])) for name, words in said.items() if groups[name]]
    sentences.insert(
        1 if groups["decisive"] else 0, _("{n} of the {wanted} competences asked.").format(n=has, wanted=wanted)
    )
    return " ".join(sentences)


def _short_competences(groups: dict[str, list[str]]) -> str:
    said = {
        "decisive": _("{names} is missing and decisive"),
        "strong": _("strong in {names}"),
        "can": _("can do {names}"),
        "learning": _("is learning {names}"),
        "learnable": _("{names} can be learned here"),
    }
    best = next((name for name in said if groups[name]), None)
    return said[best].format(names=_names(groups[best][:MOST_NAMED])) if best else ""


def _names(codes: Iterable[str]) -> str:
    known = competences()
    return ", ".join(known[code].plain for code in codes if code in known)


def _work(job: JobFacts, candidate: CandidateFacts) -> Part:
    name, rule = N_("Work"), weights()
    if not telling_words(job.text):
        return _unknown(name, rule.part_work, _("Little was written about the work itself."))
    if not candidate.work_words.strip():
        return _unknown(name, rule.part_work, _("No trades or strengths were written down for this job seeker."))
    shared = shared_words(job.text, candidate.work_words)
    if not shared:
        return _part(name, rule.part_work, rule.other_work / 100, _("Other work than before: ask whether it appeals."))
    why = _("Has done this before or is good at it: {words}.").format(words=", ".join(shared[:MOST_WORDS_NAMED]))
    short = _("familiar with {words}").format(words=", ".join(shared[:MOST_NAMED]))
    share = min(100, rule.first_word + rule.next_word * (len(shared) - 1)) / 100
    return _part(name, rule.part_work, share, why, short)


def _hours(job: JobFacts, candidate: CandidateFacts) -> Part:
    name, most = N_("Hours and days"), weights().part_hours
    days = _days(job, candidate)
    if not job.hours:
        unknown = _unknown(name, most, " ".join(filter(None, (_("The hours of this job are not known yet."), days))))
        return replace(unknown, points=round(unknown.points * _days_share(job, candidate)))
    fitting = min(job.hours * _days_share(job, candidate), candidate.hours_max)
    part = _part(name, most, _hours_share(job, candidate, fitting), "")
    said = {"hours": show_amount(job.hours), "fitting": show_amount(floor(2 * fitting) / 2)}
    all_fit = fitting >= job.hours
    first = _("All {hours} hours a week fit.") if all_fit else _("{fitting} of the {hours} hours a week fit.")
    short = _("all {hours} hours fit") if all_fit else _("{fitting} of the {hours} hours fit")
    why = " ".join(filter(None, (first.format(**said), _wish(job.hours, candidate), days)))
    return replace(part, why=why, short=short.format(**said))


def _hours_share(job: JobFacts, candidate: CandidateFacts, fitting: float) -> float:
    """What fits of the hours, less so when the job has fewer than somebody wants; unknown days count as unknown."""
    hours = job.hours or 0.0
    share = fitting / hours * min(1.0, hours / max(candidate.hours_min, 1))
    known = bool(job.days and candidate.days)
    return share if known else share * (1 + weights().unknown / 100) / 2


def _wish(hours: float, candidate: CandidateFacts) -> str:
    least, most = candidate.hours_min, candidate.hours_max
    words = _("Wants {least} to {most}.") if least <= hours <= most else _("But wants {least} to {most}.")
    return words.format(least=least, most=most)


def _days_share(job: JobFacts, candidate: CandidateFacts) -> float:
    return len(job.days & candidate.days) / len(job.days) if job.days and candidate.days else 1.0


def _days(job: JobFacts, candidate: CandidateFacts) -> str:
    if not job.days:
        return _("The days are not known yet.")
    if not candidate.days:
        return _("It is not known on which days this job seeker can work.")
    missing = [day.label.lower() for day in Day if day.value in job.days - candidate.days]
    return _("Not on {days}.").format(days=", ".join(missing)) if missing else ""


def _times(job: JobFacts, candidate: CandidateFacts) -> Part:
    name, most = N_("Times of day"), weights().part_times
    if job.from_time is None or job.until_time is None:
        return _unknown(name, most, _("The times of this work are not known yet."))
    if candidate.from_time is None and candidate.until_time is None:
        return _unknown(name, most, _("It is not known at what times this job seeker can work."))
    starts, ends = minutes_of(job.from_time, unknown=0), minutes_of(job.until_time, unknown=WHOLE_DAY)
    free = (minutes_of(candidate.from_time, unknown=0), minutes_of(candidate.until_time, unknown=WHOLE_DAY))
    needed = min(_minutes_a_day(job) or ends - starts, ends - starts)
    share = min(1.0, max(0, min(ends, free[1]) - max(starts, free[0])) / needed)
    work = _("The work is between {start} and {end}.").format(start=show_clock(starts), end=show_clock(ends))
    short = "" if share == 1 else _("other times of day")
    return _part(name, most, share, f"{work} {_free(candidate)}", short)


def _free(candidate: CandidateFacts) -> str:
    start, end = candidate.from_time, candidate.until_time
    words = _("Can work between {start} and {end}.")
    if start is None or end is None:
        words = _("Can work until {end}.") if start is None else _("Can work from {start}.")
    clock = {"start": minutes_of(start, unknown=0), "end": minutes_of(end, unknown=WHOLE_DAY)}
    return words.format(**{name: show_clock(minutes) for name, minutes in clock.items()})


def _minutes_a_day(job: JobFacts) -> float:
    return 60 * job.hours / days_needed(job.hours, job.days) if job.hours else 0.0


def _distance(job: JobFacts, candidate: CandidateFacts) -> Part:
    name, most = N_("Distance"), weights().part_distance
    if not (job.position and candidate.position):
        return _unknown(name, most, _("The distance is not known: a postcode is missing."))
    distance, limit = kilometres(job.position, candidate.position), max(candidate.travel_km, 1)
    within = distance <= limit
    share = 1.0 if within else max(0.0, 1 - (distance - limit) / limit) * weights().too_far / 100
    why = (
        _("{km} km away, and willing to travel {limit} km.")
        if within
        else _("{km} km away, but willing to travel {limit} km.")
    )
    part = _part(name, most, share, why.format(km=round(distance), limit=candidate.travel_km))
    short = _("{km} km").format(km=max(1, round(distance)))
    return replace(part, verdict="fits" if within else "mind", short=short)
