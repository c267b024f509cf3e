"""Schemes and methods that help with a placement: what they are, who applies, who decides. Never an amount.

Amounts change and depend on the case: who decides tells them. The texts are Dutch, as they are told to employers.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from crm.core.i18n import N_, _
from crm.core.settings import settings
from crm.core.text import plain
from crm.core.types import LabelledEnum
from crm.reference.calendar import add_months
from crm.reference.models import Named
from crm.reference.queries import rows

AMOUNT = re.compile(r"[€%]|\b(?:euro|eur|procent|percent)\w*\b|\d[.,]\d", re.IGNORECASE)


class InstrumentKind(LabelledEnum):
    GUIDANCE = "guidance", N_("Guidance")
    FINANCIAL = "financial", N_("Money")
    ASSESSMENT = "assessment", N_("Assessment")
    RISK = "risk", N_("Risk")
    METHOD = "method", N_("Way of working")
    TRAINING = "training", N_("Training")
    DESK = "desk", N_("Service desk")


class InstrumentStatus(LabelledEnum):
    ACTIVE = "active", N_("Exists")
    CHANGED = "changed", N_("Exists, has changed")
    UNKNOWN = "unknown", N_("Not known whether it exists")
    ENDED = "ended", N_("Does not exist any more")


class Certainty(LabelledEnum):
    HIGH = "high", N_("certain")
    MIDDLE = "middle", N_("fairly certain")
    LOW = "low", N_("not certain")


@dataclass(frozen=True, slots=True)
class Instrument(Named):
    """`since` is when it changed or ended; `as_of` when the facts were right, None when nobody checked them.

    One that is `about_health` is never kept with a person: that it was asked would tell about somebody's health.
    """

    kind: InstrumentKind
    status: InstrumentStatus
    since: date | None
    what: str
    applies: str
    decides: str
    duties: str
    about_health: bool
    as_of: date | None
    source: str
    certainty: Certainty

    @property
    def has_ended(self) -> bool:
        return self.status is InstrumentStatus.ENDED

    def is_old(self, day: date) -> bool:
        """Nobody has checked it for longer than an installation finds good."""
        return self.as_of is None or add_months(self.as_of, settings().instrument_months) < day


@cache
def instruments() -> dict[str, Instrument]:
    """Raises ValueError for a row that names an amount."""
    return {row["code"]: _instrument(row) for row in rows("instruments.csv")}


def _instrument(row: dict[str, str]) -> Instrument:
    if told := next((text for text in row.values() if AMOUNT.search(text)), None):
        raise ValueError(f"an amount in instruments.csv, {row['code']}: {told}")
    return Instrument(
        row["code"],
        row["name_nl"],
        row["name_en"],
        InstrumentKind(row["kind"]),
        InstrumentStatus(row["status"]),
        _day(row["since"]),
        row["what"],
        row["applies"],
        row["decides"],
        row["duties"],
        row["about_health"] == "yes",
        _day(row["as_of"]),
        row["source"],
        Certainty(row["certainty"]),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def find_instruments(text: str = "", kind: InstrumentKind | None = None, *, ended: bool = False) -> list[Instrument]:
    """By name; all words of `text` have to be somewhere in it. What has ended comes along only when asked for."""
    words = plain(text).split()
    found = [
        one
        for one in instruments().values()
        if (ended or not one.has_ended) and kind in {None, one.kind} and _says(one, words)
    ]
    return sorted(found, key=lambda one: (one.has_ended, plain(one.name)))


def _says(one: Instrument, words: list[str]) -> bool:
    written = plain(" ".join((one.name_nl, one.name_en, one.what, one.applies, one.decides, one.duties)))
    return all(word in written for word in words)


def for_employer(one: Instrument, day: date) -> str:
    """What an employer may read, a line for each fact."""
    told = {
        _("What it is"): one.what,
        _("Who applies"): one.applies,
        _("Who decides"): one.decides,
        _("What you do as an employer"): one.duties,
    }
    lines = [one.name, *(f"{label}: {text}" for label, text in told.items() if text)]
    if one.is_old(day):
        lines.append(_("Ask who decides whether this is still so: we have not checked it lately."))
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class ContractTerm:
    """In this trade somebody may be hired in through another company for so many months at most."""

    sbi: str
    months: int
    source: str

    def ends(self, start: date) -> date:
        return add_months(start, self.months)


@cache
def _contract_terms() -> tuple[ContractTerm, ...]:
    return tuple(ContractTerm(row["sbi"], int(row["months"]), row["source"]) for row in rows("contract_terms.csv"))


def contract_term(sbi_code: str | None) -> ContractTerm | None:
    return next((term for term in _contract_terms() if (sbi_code or "").startswith(term.sbi)), None)
