"""Reference data, read from data/reference once per process and kept."""

import csv
from collections.abc import Iterator
from functools import cache

from crm.core.settings import PROJECT_DIR
from crm.reference.models import (
    ColdCall,
    Competence,
    Disposition,
    DispositionKind,
    LegalForm,
    Named,
    Needs,
    PostcodeArea,
    Reached,
    Reason,
    RecallReason,
    Retry,
    Sbi,
    SizeClass,
)

REFERENCE_DIR = PROJECT_DIR / "data" / "reference"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a reference file, as text."""
    with (REFERENCE_DIR / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _number(text: str) -> int | None:
    return int(text) if text else None


@cache
def legal_forms() -> dict[str, LegalForm]:
    return {
        r["code"]: LegalForm(r["code"], r["name_nl"], r["name_en"], r["group"], ColdCall(r["cold_call"]))
        for r in rows("legal_forms.csv")
    }


def legal_form(code: str) -> LegalForm:
    """A code nobody knows counts as unknown, which may not be called."""
    return legal_forms().get(code) or legal_forms()["ONB"]


@cache
def _sbi() -> dict[str, Sbi]:
    return {r["code"]: Sbi(r["code"], r["name_nl"], r["name_en"], r["level"], r["parent"]) for r in rows("sbi2025.csv")}


def sbi(code: str | None) -> Sbi | None:
    return _sbi().get(code or "")


@cache
def sbi_sections() -> list[Sbi]:
    return [item for item in _sbi().values() if item.level == "section"]


@cache
def sbi_divisions() -> list[Sbi]:
    return [item for item in _sbi().values() if item.level == "division"]


@cache
def sbi_groups() -> list[Sbi]:
    return [item for item in _sbi().values() if item.level == "group"]


@cache
def sbi_classes() -> list[Sbi]:
    return [item for item in _sbi().values() if item.level == "class"]


@cache
def competences() -> dict[str, Competence]:
    return {row["code"]: Competence(**row) for row in rows("competences.csv")}


@cache
def reasons() -> dict[str, Reason]:
    return {
        r["code"]: Reason(
            r["code"], r["name_nl"], r["name_en"], r["question"], r["deeper"], r["tasks"], int(r["recall_days"])
        )
        for r in rows("reasons.csv")
    }


@cache
def recall_reasons() -> dict[str, RecallReason]:
    return {
        r["code"]: RecallReason(
            r["code"],
            r["name_nl"],
            r["name_en"],
            Needs(r["needs"]) if r["needs"] else None,
            _number(r["months_before"]) or 0,
            _day_of_year(r["starts"]),
            _number(r["working_days"]) or 0,
        )
        for r in rows("recall_reasons.csv")
    }


def _day_of_year(text: str) -> tuple[int, int] | None:
    return (int(text[:2]), int(text[3:])) if text else None


@cache
def _outcomes() -> dict[str, dict[str, Named]]:
    found: dict[str, dict[str, Named]] = {}
    for r in rows("follow_up_outcomes.csv"):
        found.setdefault(r["kind"], {})[r["code"]] = Named(r["code"], r["name_nl"], r["name_en"])
    return found


def outcomes(follow_up_kind: str) -> dict[str, Named]:
    """What can come of a follow-up of this kind; empty where it goes without saying."""
    return _outcomes().get(follow_up_kind, {})


@cache
def dispositions() -> dict[str, Disposition]:
    return {
        r["code"]: Disposition(
            r["code"],
            r["name_nl"],
            r["name_en"],
            DispositionKind(r["kind"]),
            Reached(r["reached"]),
            r["follow_up"] or None,
            _number(r["working_days"]),
            _retry(r),
        )
        for r in rows("dispositions.csv")
    }


@cache
def _without_conversation() -> dict[Reached, Disposition]:
    return {result.reached: result for result in dispositions().values() if result.reached is not Reached.ANSWERED}


def result_of(reached: Reached | None, disposition: str | None) -> Disposition | None:
    """What the caller chose: the result of the conversation, else what the line gave; None when there is no result."""
    if reached is None or reached is Reached.ANSWERED:
        return dispositions().get(disposition or "")
    return _without_conversation()[reached]


def _retry(row: dict[str, str]) -> Retry | None:
    if not row["most_attempts"]:
        return None
    hours, days = _number(row["retry_hours"]), _number(row["retry_days"])
    return Retry(hours, days, int(row["most_attempts"]), _number(row["message_once_in"]))


@cache
def size_classes() -> dict[str, SizeClass]:
    return {
        r["code"]: SizeClass(r["code"], r["name_nl"], r["name_en"], int(r["staff_min"]), _number(r["staff_max"]))
        for r in rows("size_classes.csv")
    }


@cache
def _postcodes() -> dict[str, PostcodeArea]:
    return {
        r["postcode4"]: PostcodeArea(
            r["postcode4"],
            r["town"],
            r["municipality_2019"],
            r["province"],
            float(r["latitude"]),
            float(r["longitude"]),
        )
        for r in rows("postcodes.csv")
        if r["latitude"]
    }


def postcode_area(postcode: str) -> PostcodeArea | None:
    """The area of `3311` or `3311AB`; None for digits that are not in use."""
    return _postcodes().get(postcode[:4])


@cache
def postcode_areas() -> tuple[PostcodeArea, ...]:
    """All that are in use, by their digits."""
    return tuple(sorted(_postcodes().values(), key=lambda area: area.code))
