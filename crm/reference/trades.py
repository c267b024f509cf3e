"""Trades in a few groups, and the hours in which each is known to pick up the phone or not."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from functools import cache

from crm.core.i18n import language
from crm.reference.calendar import WEEKDAYS, Window
from crm.reference.models import Named
from crm.reference.queries import rows

OTHER = "other"


@dataclass(frozen=True, slots=True)
class TradeGroup(Named):
    """`sbi` are the beginnings of the trade codes that belong to it; `plural` is how one speaks of such companies."""

    sbi: tuple[str, ...]
    plural_nl: str
    plural_en: str

    @property
    def plural(self) -> str:
        return self.plural_en if language() == "en" else self.plural_nl


class Effect(StrEnum):
    GOOD = "good"
    AVOID = "avoid"


@dataclass(frozen=True, slots=True)
class Reachability:
    """Hours of these weekdays (0 is Monday) in which people of a trade pick up more, or less, than at other times."""

    weekdays: frozenset[int]
    window: Window
    effect: Effect


@cache
def trade_groups() -> dict[str, TradeGroup]:
    return {
        row["code"]: TradeGroup(
            row["code"],
            row["name_nl"],
            row["name_en"],
            tuple(row["sbi"].split()),
            row["plural_nl"],
            row["plural_en"],
        )
        for row in rows("trade_groups.csv")
    }


@cache
def trade_group_prefixes() -> tuple[tuple[str, str], ...]:
    """Beginnings of trade codes with their group, the longest first: car trade is a part of retail."""
    found = ((prefix, group.code) for group in trade_groups().values() for prefix in group.sbi)
    return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair)))


def trade_group(sbi_code: str | None) -> str:
    """The group of a trade code; `other` when it belongs to none."""
    code = sbi_code or ""
    return next((group for prefix, group in trade_group_prefixes() if code.startswith(prefix)), OTHER)


@cache
def reachability() -> dict[str, tuple[Reachability, ...]]:
    found: dict[str, tuple[Reachability, ...]] = dict.fromkeys(trade_groups(), ())
    for row in rows("reachability.csv"):
        window = (time.fromisoformat(row["from"]), time.fromisoformat(row["until"]))
        days = frozenset(WEEKDAYS.index(day) for day in row["days"].split())
        found[row["trade_group"]] += (Reachability(days, window, Effect(row["effect"])),)
    return found


def effect_at(trade_group: str, weekday: int, clock: time) -> Effect | None:
    """What is known of this moment; where both are said of it, it is better avoided."""
    found = {
        known.effect
        for known in reachability()[trade_group]
        if weekday in known.weekdays and known.window[0] <= clock < known.window[1]
    }
    return Effect.AVOID if Effect.AVOID in found else next(iter(found), None)
