"""Counting at what hours people pick up the phone."""

from functools import cache

from sqlalchemy import Insert, bindparam
from sqlmodel import Session, col, select

from crm.calling.chance import hour_of_week
from crm.calling.models import Call, HourFigures
from crm.calling.queue import lane_of_company
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.db import Upsert, insert_for, run, table_of
from crm.reference.models import SPOKEN, Disposition, DispositionKind, Reached


def count_call(session: Session, call: Call, *, times: int = 1) -> None:
    """Let a call from a list count for its trade and hour; with -1 it no longer does.

    Not one that was agreed or chosen, at an hour that suited; nor one that only tells of our data or our line.
    """
    result = call.result
    if call.entry_id is None or result is None or _says_nothing(result):
        return
    moment = call.dialled_at or call.ended_at or now()
    weekday, hour = hour_of_week(moment)
    given = {
        "company": call.company_id,
        "weekday": weekday,
        "hour": hour,
        "calls": times,
        "spoken": times * int(result.kind in SPOKEN),
        "created_at": now(),
    }
    run(session, _counting(insert_for(session.connection())), given)


def _says_nothing(result: Disposition) -> bool:
    return result.kind is DispositionKind.DATA or result.reached in {Reached.OUT_OF_SERVICE, Reached.FAILED}


@cache
def _counting(insert: Upsert) -> Insert:
    """Adds to the row of the hour, or makes it, also when a colleague does so at this moment."""
    table = table_of(HourFigures)
    figures = [table.c[name] for name in ("weekday", "hour", "calls", "spoken", "created_at")]
    row = select(lane_of_company(), *(bindparam(column.name, type_=column.type) for column in figures))
    row = row.where(col(Company.id) == bindparam("company"))
    adding = insert(table).from_select([table.c.trade_group, *figures], row)
    return adding.on_conflict_do_update(
        index_elements=["weekday", "hour", "trade_group"],
        set_={
            "calls": table.c.calls + adding.excluded.calls,
            "spoken": table.c.spoken + adding.excluded.spoken,
        },
    )
