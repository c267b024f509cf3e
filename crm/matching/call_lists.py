"""A call list made from one job seeker: companies whose trade, distance and size fit what this person can do.

It gives a choice that a coordinator changes before making the list. Nothing about the person comes on the list: no
name and no address, only the trades and the postcode areas that can be reached.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from sqlmodel import Session

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.inputs import LARGE_FROM, ListFilters
from crm.candidates.models import Candidate
from crm.candidates.queries import candidate
from crm.core.i18n import _
from crm.matching.facts import Position, kilometres
from crm.matching.queries import position_of
from crm.reference.queries import competences, postcode_area, postcode_areas, sbi
from crm.reference.work_fields import WorkField, competence_trades, fields_of, work_fields

FEWEST_COMPETENCES = 2  # one points to half of all trades
MOST_BY_COMPETENCE = 4
MOST_RANGES = 100
NAMED = 2


@dataclass(frozen=True, slots=True)
class ListSuggestion:
    """A choice of companies with the reasons in words, and a name that tells nothing about the person."""

    name: str
    filters: ListFilters
    reasons: tuple[str, ...]


def list_for(session: Session, actor: Actor, candidate_id: int) -> ListSuggestion:
    """Raises NotFound."""
    actor.require(Permission.LIST_MANAGE)
    card = candidate(session, actor, candidate_id)
    return suggestion(card.candidate, card.competences)


def suggestion(person: Candidate, codes: Iterable[str]) -> ListSuggestion:
    fields = [*fields_of(person.trades), *(field for field in work_fields() if field.code in person.open_to)]
    by_work = list(dict.fromkeys(code for field in fields for code in field.sbi))
    by_competence = {code: why for code, why in _by_competence(codes).items() if not _covered(code, by_work)}
    areas, distance = _reach(person)
    reasons = [
        *(_work_reason(field, person.trades) for field in fields),
        *(_competence_reason(code, why) for code, why in by_competence.items()),
        *([] if fields or by_competence else [_("No work or telling competences are written down: all trades.")]),
        distance,
        _("Only companies that we have not called yet."),
        _("At most {n} staff: there work can be made to fit a person.").format(n=LARGE_FROM - 1),
    ]
    filters = ListFilters(trades=(*by_work, *by_competence), postcodes=areas, never_called=True)
    return ListSuggestion(_name(fields), filters, tuple(reasons))


def _by_competence(codes: Iterable[str]) -> dict[str, list[str]]:
    """Divisions that several competences of this person point to, the most first, with those competences."""
    pointing: dict[str, list[str]] = {}
    for code in sorted(codes):
        for division in competence_trades().get(code, ()):
            pointing.setdefault(division, []).append(code)
    best = sorted(pointing.items(), key=lambda item: (-len(item[1]), item[0]))
    return dict([item for item in best if len(item[1]) >= FEWEST_COMPETENCES][:MOST_BY_COMPETENCE])


def _covered(code: str, chosen: Iterable[str]) -> bool:
    return any(code.startswith(other) for other in chosen)


def _work_reason(field: WorkField, occupations: Iterable[str]) -> str:
    work = ", ".join(occupation for occupation in occupations if field.names(occupation))
    if not work:
        return _("{field}: fits as well, as was decided with this job seeker.").format(field=field.name)
    return _("{field}: worked as {work}.").format(field=field.name, work=work)


def _competence_reason(code: str, why: Iterable[str]) -> str:
    trade, known = sbi(code), competences()
    names = ", ".join(known[one].plain for one in why if one in known)
    return _("{trade}: strong in {competences}.").format(trade=trade.name if trade else code, competences=names)


def _name(fields: list[WorkField]) -> str:
    names = ", ".join(field.name.lower() for field in fields[:NAMED])
    return _("From one job seeker: {fields}").format(fields=names) if names else _("From one job seeker")


def _reach(person: Candidate) -> tuple[str, str]:
    """The postcode areas that can be reached, and what is told about it."""
    position = home_of(person)
    if position is None:
        return "", _("Where this person lives is not known, so the whole country is chosen.")
    km = max(person.travel_km, 1)
    near = {area.code for area in postcode_areas() if kilometres(position, (area.latitude, area.longitude)) <= km}
    why = _("Within {km} km of where this person lives, as the crow flies.").format(km=km)
    return as_ranges(near), why


def home_of(person: Candidate) -> Position | None:
    """Where somebody lives, else the middle of their postcode area."""
    area = postcode_area(person.postcode) if person.postcode else None
    return position_of(person) or ((area.latitude, area.longitude) if area else None)


def as_ranges(near: set[str]) -> str:
    """`3295, 3300-3336`: postcode areas as the filter of a list reads them.

    Where they would be too many, the ones with the fewest other areas between them are joined.
    """
    codes = [area.code for area in postcode_areas()]
    places = [place for place, code in enumerate(codes) if code in near]
    if not places:
        return ""
    gaps = sorted((after - before for before, after in pairwise(places)), reverse=True)
    widest = max(1, gaps[MOST_RANGES - 1]) if len(gaps) >= MOST_RANGES else 1
    runs = [[places[0], places[0]]]
    for place in places[1:]:
        if place - runs[-1][1] <= widest:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return ", ".join(codes[a] if a == b else f"{codes[a]}-{codes[b]}" for a, b in runs)
