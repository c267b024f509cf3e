"""In what trades somebody with a kind of work behind them, or with certain competences, may find work.

Small companies are meant: who kept the books in a factory can do so for a notary.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from crm.core.text import plain
from crm.reference.models import Named
from crm.reference.queries import rows, sbi

INSIDE = 5  # letters; a shorter beginning of a word is not looked for further on in it


@dataclass(frozen=True, slots=True)
class WorkField(Named):
    """`words` are how names of its occupations begin; a long one counts inside a word too (`vrachtwagenchauffeur`)."""

    words: tuple[str, ...]
    sbi: tuple[str, ...]

    def names(self, occupation: str) -> bool:
        """Whether this occupation is in the field."""
        return any(
            word.startswith(start) or (len(start) >= INSIDE and start in word)
            for word in plain(occupation).replace("-", "").split()
            for start in self.words
        )


@cache
def work_fields() -> tuple[WorkField, ...]:
    return tuple(
        WorkField(row["code"], row["name_nl"], row["name_en"], tuple(row["words"].split()), tuple(row["sbi"].split()))
        for row in rows("work_fields.csv")
    )


@cache
def competence_trades() -> dict[str, tuple[str, ...]]:
    """Divisions of trade in which a competence is asked more than elsewhere; one that is asked everywhere has none."""
    return {row["competence"]: tuple(row["sbi"].split()) for row in rows("competence_trades.csv")}


def fields_of(occupations: Iterable[str]) -> list[WorkField]:
    """The fields in which this work is."""
    told = list(occupations)
    return [field for field in work_fields() if any(field.names(occupation) for occupation in told)]


def other_trade(sbi_code: str | None, fields: Iterable[WorkField]) -> str:
    """The name of a trade outside of these fields; empty where it is in one, or where either is not known."""
    inside = [code for field in fields for code in field.sbi]
    division = sbi((sbi_code or "")[:2])
    if division is None or not inside or any((sbi_code or "").startswith(code) for code in inside):
        return ""
    return division.name
