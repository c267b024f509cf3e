"""Who gets what when work is spread: evenly by what is open already and by the days somebody is here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who can get work. `days`: the working days ahead on which they are here."""

    id: int
    open_work: int
    days: int
    away: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    id: int
    day: date


def spread(items: Sequence[Item], receivers: Sequence[Receiver]) -> dict[int, int | None]:
    """Each follow-up with who gets it: the one with the least work a day who is here then; None when nobody is."""
    load = {receiver.id: receiver.open_work for receiver in receivers}
    given: dict[int, int | None] = {}
    for item in items:
        here = [receiver for receiver in receivers if receiver.days and item.day not in receiver.away]
        chosen = min(here, key=lambda receiver: ((load[receiver.id] + 1) / receiver.days, receiver.id), default=None)
        given[item.id] = chosen.id if chosen else None
        if chosen:
            load[chosen.id] += 1
    return given
