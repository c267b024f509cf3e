"""Have we got this company already? Pure rules; the companies to compare with come from `known`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from rapidfuzz import fuzz, process

from crm.companies.importing.rows import FileRow

SIMILAR_NAME = 85
FULL_POSTCODE = 6


@dataclass(slots=True, eq=False)
class Known:
    """A company in the database, or one from an earlier row of the same file (`is_new` until it is written).

    `line`: the first line in this file that is about it. `numbers` maps e164 to whether it is wrong.
    `changes` and `added` are what rows gave it: values before and after, and numbers with their text and source.
    """

    id: int
    name: str
    name_key: str
    postcode: str | None
    kvk_number: str | None
    branch_number: str | None
    street: str = ""
    town: str = ""
    version: int = 1
    is_new: bool = False
    line: int | None = None
    source: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, bool] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    added: list[tuple[str, str, str]] = field(default_factory=list)


class Likeness(IntEnum):
    OTHER = 0
    NEAR = 1
    SAME = 2


def compare(row: FileRow, known: Known, *, shared: bool, wrong: bool = False) -> Likeness:
    """Is this the same company?

    `shared`: they have a telephone number in common; `wrong`: it is marked as wrong at the known company.

    1. Branch numbers decide when both are there.
    2. One KVK number is one company, but another postcode is another branch of it: with the same telephone
       number it may also have moved, so that is for a person to decide.
    3. Different KVK numbers are different companies; what they share makes it worth a look.
    4. Without KVK numbers: the same name and postcode, or the same number and nearly the same name.
    """
    values = row.values
    if (branch := _equal(values.get("branch_number"), known.branch_number)) is not None:
        return Likeness.SAME if branch else Likeness.OTHER
    place = _same_place(values.get("postcode"), known.postcode)
    kvk = _equal(values.get("kvk_number"), known.kvk_number)
    if kvk:
        if place is False:
            return Likeness.NEAR if shared else Likeness.OTHER
        return Likeness.SAME
    same_name = row.name_key == known.name_key
    if kvk is False:
        return Likeness.NEAR if (shared and not wrong) or (place and same_name) else Likeness.OTHER
    if place and same_name:
        return Likeness.SAME
    return _by_number_and_name(row, known, place, shared=shared, wrong=wrong)


def _by_number_and_name(row: FileRow, known: Known, place: bool | None, *, shared: bool, wrong: bool) -> Likeness:
    similar = fuzz.token_sort_ratio(row.name_key, known.name_key) >= SIMILAR_NAME
    if shared and similar:
        return Likeness.NEAR if place is False else Likeness.SAME
    if (shared and not wrong) or (place and similar):
        return Likeness.NEAR
    return Likeness.OTHER


def _equal(one: str | None, other: str | None) -> bool | None:
    """None when either is unknown."""
    return one == other if one and other else None


def _same_place(one: str | None, other: str | None) -> bool | None:
    """None when either is unknown, or when only four digits agree."""
    if not one or not other:
        return None
    if len(one) == len(other) == FULL_POSTCODE:
        return one == other
    return None if one[:4] == other[:4] else False


@dataclass(frozen=True, slots=True)
class Match:
    """`also`: others that are as surely the same company."""

    likeness: Likeness
    known: Known
    also: tuple[Known, ...] = ()


class Candidates:
    """Companies that rows of one batch may be the same as. Rows that turn out new are added as they come."""

    def __init__(self) -> None:
        self._by_branch: dict[str, Known] = {}
        self._by_kvk: dict[str, set[Known]] = {}
        self._by_number: dict[str, dict[Known, bool]] = {}
        self._by_postcode: dict[str, dict[Known, str]] = {}

    def add(self, known: Known, numbers: Iterable[tuple[str, bool]] = ()) -> None:
        if known.branch_number:
            self._by_branch[known.branch_number] = known
        if known.kvk_number:
            self._by_kvk.setdefault(known.kvk_number, set()).add(known)
        if known.postcode:
            self._by_postcode.setdefault(known.postcode, {})[known] = known.name_key
        for e164, is_wrong in numbers:
            self._by_number.setdefault(e164, {}).setdefault(known, is_wrong)

    def enrich(self, known: Known, row: FileRow) -> None:
        """Let the rows after this one find the company by what this row adds to it as well."""
        known.branch_number = known.branch_number or row.values.get("branch_number")
        known.kvk_number = known.kvk_number or row.values.get("kvk_number")
        known.postcode = known.postcode or row.values.get("postcode")
        self.add(known, ((e164, False) for e164 in row.e164s))

    def find(self, row: FileRow) -> Match | None:
        """The company that is most surely the same; else one that may be; else None."""
        if known := self._by_branch.get(row.values.get("branch_number", "")):
            return Match(Likeness.SAME, known)
        shared = self._sharing_a_number(row)
        matches = [
            Match(likeness, known)
            for known in {*shared, *self._by_kvk.get(row.values.get("kvk_number", ""), ()), *self._neighbours(row)}
            if (likeness := compare(row, known, shared=known in shared, wrong=shared.get(known, False)))
        ]
        if not matches:
            return None
        best, *rest = sorted(matches, key=lambda match: _preference(row, match, shared), reverse=True)
        toss_up = bool(rest) and _is_toss_up(row, best, rest[0], shared)
        also = tuple(match.known for match in rest if match.likeness is Likeness.SAME)
        return Match(Likeness.NEAR if toss_up else best.likeness, best.known, also)

    def _sharing_a_number(self, row: FileRow) -> dict[Known, bool]:
        """With whether the number they share is known to be wrong there."""
        found: dict[Known, bool] = {}
        for e164 in row.e164s:
            for known, is_wrong in self._by_number.get(e164, {}).items():
                found[known] = found.get(known, True) and is_wrong
        return found

    def _neighbours(self, row: FileRow) -> list[Known]:
        """Those at the same full postcode with nearly the same name."""
        postcode = row.values.get("postcode", "")
        names = self._by_postcode.get(postcode) if len(postcode) == FULL_POSTCODE else None
        if not names:
            return []
        found = process.extract(
            row.name_key, names, scorer=fuzz.token_sort_ratio, score_cutoff=SIMILAR_NAME, limit=None
        )
        return [known for _name, _score, known in found]


def _agreement(row: FileRow, known: Known, shared: dict[Known, bool]) -> tuple[bool, ...]:
    """What row and company have in common; that both lack something counts too."""
    values = row.values
    return (
        known in shared,
        row.name_key == known.name_key,
        values.get("kvk_number") == known.kvk_number,
        values.get("postcode") == known.postcode,
    )


def _preference(row: FileRow, match: Match, shared: dict[Known, bool]) -> tuple[object, ...]:
    """The likeliest, then the one with most in common, then the one that was there first."""
    agreement = _agreement(row, match.known, shared)
    return match.likeness, sum(agreement), agreement, not match.known.is_new, -match.known.id


def _is_toss_up(row: FileRow, best: Match, other: Match, shared: dict[Known, bool]) -> bool:
    """A bare KVK number that fits several branches does not say which of them is meant."""
    bare = (False, False, True, False)
    agreements = {_agreement(row, match.known, shared) for match in (best, other)}
    return best.likeness is other.likeness is Likeness.SAME and agreements == {bare}
