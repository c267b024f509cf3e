"""Counting at what hours people pick up the phone."""

from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from crm.calling.chance import hour_of_week
from crm.calling.models import Call, HourFigures
from crm.companies.models import Company
from crm.core.clock import now
from crm.reference.models import SPOKEN, Disposition, DispositionKind, Reached
from crm.reference.trades import trade_group


def count_call(session: Session, call: Call, *, times: int = 1) -> None:
    """Let a call from a list count for its trade and hour; with -1 it no longer does.

    Not one that was agreed or chosen, at an hour that suited; nor one that only tells of our data or our line.
    """
    result = call.result
    if call.entry_id is None or result is None or _says_nothing(result):
        return
    moment = call.dialled_at or call.ended_at or now()
    weekday, hour = hour_of_week(moment)
    sbi_code = session.exec(_trade(), params={"company": call.company_id}).one()
    given = {
        "weekday": weekday,
        "hour": hour,
        "trade_group": trade_group(sbi_code),
        "calls": times,
        "spoken": times * int(result.kind in SPOKEN),
        "created_at": now(),
    }
    session.execute(_counting(session.get_bind().dialect.name), given)


def _says_nothing(result: Disposition) -> bool:
    return result.kind is DispositionKind.DATA or result.reached in {Reached.OUT_OF_SERVICE, Reached.FAILED}


@cache
def _trade() -> SelectOfScalar[Any]:
    return select(Company.sbi_code).where(col(Company.id) == bindparam("company"))


@cache
def _counting(dialect: str) -> Insert:
    """Adds to the row of the hour, or makes it, also when a colleague does so at this moment."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    names = ("weekday", "hour", "trade_group", "calls", "spoken", "created_at")
    adding = insert(HourFigures).values({name: bindparam(name) for name in names})
    return adding.on_conflict_do_update(
        index_elements=["weekday", "hour", "trade_group"],
        set_={
            "calls": col(HourFigures.calls) + adding.excluded.calls,
            "spoken": col(HourFigures.spoken) + adding.excluded.spoken,
        },
    )
