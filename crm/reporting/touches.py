"""Calls to companies that had heard of us, beside calls to those that had not."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, cast, exists, func, select
from sqlmodel import Session, col

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.models import Call, CallStatus
from crm.outreach.models import Touch, TouchKind
from crm.pipeline.models import HiddenJob
from crm.reporting.models import Period
from crm.reporting.queries import spoken

ENOUGH = 30  # calls on each side before a difference says something


@dataclass(frozen=True, slots=True)
class CallResults:
    """Calls, those in which somebody was spoken, and those in which a hidden job was found."""

    calls: int = 0
    spoken: int = 0
    with_job: int = 0


@dataclass(frozen=True, slots=True)
class TouchEffect:
    touched: CallResults
    untouched: CallResults

    @property
    def is_small(self) -> bool:
        return min(self.touched.calls, self.untouched.calls) < ENOUGH


def touch_effect(session: Session, actor: Actor, period: Period, kind: TouchKind | None, weeks: int) -> TouchEffect:
    """Calls of the period, parted by whether a touch of this kind (None: any) was in the weeks before."""
    actor.require(Permission.REPORT_VIEW)
    start, end = period.bounds
    touched = case((_touched(session, kind, weeks), 1), else_=0).label("touched")
    found_job = exists().where(col(HiddenJob.call_id) == Call.id)
    call = (
        select(
            touched,
            case((spoken(), 1), else_=0).label("spoken"),
            case((found_job, 1), else_=0).label("with_job"),
        )
        .where(col(Call.status) == CallStatus.DONE, col(Call.ended_at) >= start, col(Call.ended_at) < end)
        .subquery()
    )
    counted = select(call.c.touched, func.count(), func.sum(call.c.spoken), func.sum(call.c.with_job))
    found = {row[0]: CallResults(*row[1:]) for row in session.execute(counted.group_by(call.c.touched))}
    return TouchEffect(found.get(1, CallResults()), found.get(0, CallResults()))


def _touched(session: Session, kind: TouchKind | None, weeks: int) -> ColumnElement[bool]:
    """In the weeks before the day of the call; the day itself does not count, as nobody knows what came first."""
    kinds = list(TouchKind) if kind is None else [kind]
    return exists().where(
        and_(
            col(Touch.company_id) == Call.company_id,
            col(Touch.kind).in_(kinds),
            col(Touch.on_day) < _day(session, 0),
            col(Touch.on_day) >= _day(session, weeks * 7),
        )
    )


def _day(session: Session, days_before: int) -> ColumnElement[Any]:
    """The day of the call, or so many days before: calls are made by day, so that of UTC is the Dutch one."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(col(Call.ended_at), Date) - days_before
    return func.date(col(Call.ended_at), f"-{days_before} days")
