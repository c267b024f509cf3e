"""What a row adds to a company that is already there. Nothing that somebody filled in is overwritten."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from crm.companies.importing.cleaning import UNKNOWN_FORM, tidy
from crm.companies.importing.inputs import CompanyField
from crm.companies.importing.matching import Known
from crm.companies.importing.rows import LONGEST_ORIGINAL, FileRow
from crm.core.text import plain

PLAIN_FIELDS = ("legal_form", "kvk_number", "branch_number", "sbi_code", "activity", "email", "website")
COLUMNS = (
    *PLAIN_FIELDS,
    "street",
    "postcode",
    "town",
    "latitude",
    "longitude",
    "staff_min",
    "staff_max",
    "non_mailing",
)

Difference = tuple[CompanyField, Any, Any]


def new_company(row: FileRow) -> Known:
    values = row.values
    known = Known(
        0,
        values["name"],
        row.name_key,
        values.get("postcode"),
        values.get("kvk_number"),
        values.get("branch_number"),
        values.get("street", ""),
        values.get("town", ""),
        is_new=True,
        line=row.number,
        source=row.source,
        values={name: value for name, value in values.items() if name != "name"},
    )
    _add_numbers(known, row)
    return known


def absorb(known: Known, row: FileRow) -> Iterator[Difference]:
    """Fill what is empty and add new numbers; yields each field that differs, with what was kept and what came.

    The address is one thing: with another postcode the file means another place, and none of it is taken over.
    Staff is one thing as well.
    """
    _add_numbers(known, row)
    if "name" in row.values and row.name_key != known.name_key:
        yield CompanyField.NAME, known.name, row.values["name"]
    for attribute in PLAIN_FIELDS:
        yield from _fill(known, row, attribute)
    yield from _fill_address(known, row)
    yield from _fill_staff(known, row)
    if row.values.get("non_mailing") and not known.values.get("non_mailing"):
        _set(known, "non_mailing", True)


def has_all(known: Known, row: FileRow) -> bool:
    """Whether the row would add nothing to the company."""
    trial = replace(known, values=dict(known.values), numbers=dict(known.numbers), changes={}, added=[])
    list(absorb(trial, row))
    return not trial.changes and not trial.added


def _add_numbers(known: Known, row: FileRow) -> None:
    for number in row.numbers:
        if number.e164 not in known.numbers:
            known.numbers[number.e164] = False
            known.added.append((number.e164, tidy(number.original)[:LONGEST_ORIGINAL], row.source))


def _set(known: Known, attribute: str, value: object) -> None:
    before = known.changes.get(attribute, [known.values.get(attribute)])[0]
    known.changes[attribute] = [before, value]
    known.values[attribute] = value


def _fill(known: Known, row: FileRow, attribute: str) -> Iterator[Difference]:
    value = row.values.get(attribute)
    if not value:
        return
    kept = known.values.get(attribute)
    if kept in (None, "", UNKNOWN_FORM):
        _set(known, attribute, value)
    elif kept != value and plain(kept) != plain(value):
        yield CompanyField(attribute), kept, value


def _fill_address(known: Known, row: FileRow) -> Iterator[Difference]:
    postcode, kept = row.values.get("postcode"), known.values.get("postcode")
    if postcode and kept and postcode[:4] != kept[:4]:
        yield CompanyField.POSTCODE, kept, postcode
        return
    for attribute in ("postcode", "street", "town"):
        yield from _fill(known, row, attribute)
    if postcode and known.values.get("latitude") is None and row.values.get("latitude") is not None:
        _set(known, "latitude", row.values["latitude"])
        _set(known, "longitude", row.values["longitude"])


def _fill_staff(known: Known, row: FileRow) -> Iterator[Difference]:
    given = row.values.get("staff_min"), row.values.get("staff_max")
    kept = known.values.get("staff_min"), known.values.get("staff_max")
    if given in ((None, None), kept):
        return
    if kept == (None, None):
        _set(known, "staff_min", given[0])
        _set(known, "staff_max", given[1])
    else:
        yield CompanyField.STAFF, show_staff(*kept), show_staff(*given)


def show_staff(least: int | None, most: int | None) -> str:
    if most is None:
        return f"{least}+"
    return str(most) if least == most else f"{least or 0}-{most}"
