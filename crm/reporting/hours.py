"""When people of each trade come to the phone: what the order of the queue goes by."""

from dataclasses import dataclass

from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.chance import Chance, chance
from crm.calling.models import HourFigures
from crm.core.settings import settings
from crm.reference.trades import trade_groups


@dataclass(frozen=True, slots=True)
class TradeHours:
    """The chances of one trade group, one for each hour of the desk."""

    trade: str
    chances: tuple[Chance, ...]


@dataclass(frozen=True, slots=True)
class BestHours:
    """One day of the week; `hours` are those in which the desk calls."""

    hours: range
    rows: list[TradeHours]


def best_hours(session: Session, actor: Actor, weekday: int) -> BestHours:
    """0 is Monday. Reads a row per trade group and hour, however many calls there were."""
    actor.require(Permission.REPORT_VIEW)
    hours = range(settings().call_from_hour, settings().call_until_hour)
    statement = select(HourFigures).where(HourFigures.weekday == weekday)
    known = {(row.trade_group, row.hour): (row.calls, row.spoken) for row in session.exec(statement)}

    def of(group: str, hour: int) -> Chance:
        calls, spoken = known.get((group, hour), (0, 0))
        return chance(group, weekday, hour, calls=calls, spoken=spoken)

    rows = [TradeHours(group.name, tuple(of(group.code, hour) for hour in hours)) for group in trade_groups().values()]
    return BestHours(hours, rows)
