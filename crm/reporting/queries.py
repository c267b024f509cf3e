"""Read-only figures over all rooms: counts in SQL, never a query per row."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.calling.models import Call, CallList, CallStatus, CallWay
from crm.core.clock import local, today
from crm.core.i18n import _
from crm.matching.models import Introduction
from crm.meetings.models import Meeting, MeetingStatus
from crm.pipeline.models import HiddenJob, Stage, StageChange
from crm.reference.models import SPOKEN
from crm.reference.queries import dispositions
from crm.reporting.models import DayFigures, Funnel, ListFigures, Period

Counts = dict[Any, int]


def funnel(session: Session, actor: Actor, period: Period) -> Funnel:
    """The whole desk, from called to placed."""
    actor.require(Permission.REPORT_VIEW)
    return _collect(session, period, _nothing()).get(None, Funnel())


def per_day(session: Session, actor: Actor, period: Period) -> list[DayFigures]:
    """Days on which something happened, oldest first, on the Dutch calendar."""
    actor.require(Permission.REPORT_VIEW)
    days: dict[date, Funnel] = defaultdict(Funnel)
    for hour, figures in _collect(session, period, _hours()).items():
        days[_dutch_day(hour)] += figures
    return [DayFigures(day, days[day]) for day in sorted(days)]


def per_list(session: Session, actor: Actor, period: Period) -> list[ListFigures]:
    """Per call list; what did not come from a list stands at the end under a name of its own."""
    actor.require(Permission.REPORT_VIEW)
    found = _collect(session, period, _lists())
    lists = session.exec(select(CallList).where(col(CallList.id).in_(found))).all()
    names = {call_list.id: call_list.name for call_list in lists}
    rows = [ListFigures(names[key], figures) for key, figures in found.items() if key in names]
    rest = sum((figures for key, figures in found.items() if key not in names), Funnel())
    rows.sort(key=lambda row: -row.figures.called)
    return [*rows, ListFigures(_("Outside the lists"), rest)] if rest != Funnel() else rows


def by_way(session: Session, actor: Actor, period: Period) -> dict[CallWay, int]:
    """How often people spoke, or we tried, in another way than from the desk. The funnel has the calls we made."""
    actor.require(Permission.REPORT_VIEW)
    start, end = period.bounds
    statement = (
        select(Call.way, func.count(col(Call.id)))
        .where(Call.status == CallStatus.DONE, col(Call.ended_at) >= start, col(Call.ended_at) < end)
        .where(Call.way != CallWay.DESK)
        .group_by(Call.way)
    )
    found = dict(session.exec(statement).all())
    return {way: found[way] for way in CallWay if way in found}


def my_day(session: Session, actor: Actor) -> Funnel:
    """What this caller did today: calls, conversations and work found."""
    actor.require(Permission.FOLLOWUP_OWN)
    period = Period(today(), today())
    call_key, job_key, *_rest = _nothing()
    calls, jobs = _calls(period, call_key), _found(period, job_key)
    mine = Call.caller_id == actor.user_id
    return Funnel(*(sum(_count(session, q.where(mine)).values()) for q in (calls, calls.where(spoken()), jobs)))


Keys = tuple[Any, Any, Any, Any]
"""What to group calls, jobs, meetings and stage changes by."""


def _nothing() -> Keys:
    return None, None, None, None


def _hours() -> Keys:
    return _hour(Call.ended_at), _hour(HiddenJob.created_at), _hour(Meeting.starts_at), _hour(StageChange.created_at)


def _lists() -> Keys:
    return Call.list_id, Call.list_id, Call.list_id, Call.list_id


def _hour(moment: Any) -> ColumnElement[str]:
    # Both databases write a moment as text the same way, in UTC, up to the hour.
    return func.substr(cast(moment, String), 1, 13)


def _dutch_day(hour: str) -> date:
    return local(datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC)).date()


def _collect(session: Session, period: Period, keys: Keys) -> dict[Any, Funnel]:
    columns: dict[str, Counts] = {
        "called": _count(session, _calls(period, keys[0])),
        "spoken": _count(session, _calls(period, keys[0]).where(spoken())),
        "found": _count(session, _found(period, keys[1])),
        "kopkoffie": _count(session, _kopkoffie(period, keys[2])),
        "placed": _count(session, _placed(period, keys[3])),
    }
    groups: Iterable[Any] = set().union(*columns.values())
    return {key: Funnel(**{name: counts.get(key, 0) for name, counts in columns.items()}) for key in groups}


def _count(session: Session, statement: Any) -> Counts:
    return dict(session.exec(statement).all())


def _grouped(key: Any, counted: Any) -> Select[Any]:
    statement: Any = select(key, func.count(counted))
    grouped: Select[Any] = statement if key is None else statement.group_by(key)
    return grouped


def _calls(period: Period, key: Any) -> Select[Any]:
    start, end = period.bounds
    done = (Call.status == CallStatus.DONE, col(Call.ended_at) >= start, col(Call.ended_at) < end)
    ours = col(Call.way).in_([way for way in CallWay if way.is_ours])
    return _grouped(key, Call.id).where(*done, ours)


def spoken() -> ColumnElement[bool]:
    return col(Call.disposition).in_([d.code for d in dispositions().values() if d.kind in SPOKEN])


def _found(period: Period, key: Any) -> Select[Any]:
    start, end = period.bounds
    return (
        _grouped(key, HiddenJob.id)
        .select_from(HiddenJob)
        .outerjoin(Call, col(Call.id) == HiddenJob.call_id)
        .where(col(HiddenJob.created_at) >= start, col(HiddenJob.created_at) < end)
    )


def _kopkoffie(period: Period, key: Any) -> Select[Any]:
    start, end = period.bounds
    return (
        _grouped(key, Meeting.id)
        .select_from(Meeting)
        .join(Introduction, col(Introduction.id) == Meeting.introduction_id)
        .join(HiddenJob, col(HiddenJob.id) == Introduction.job_id)
        .outerjoin(Call, col(Call.id) == HiddenJob.call_id)
        .where(Meeting.status != MeetingStatus.CANCELLED)
        .where(col(Meeting.starts_at) >= start, col(Meeting.starts_at) < end)
    )


def _placed(period: Period, key: Any) -> Select[Any]:
    start, end = period.bounds
    return (
        _grouped(key, col(StageChange.job_id).distinct())
        .select_from(StageChange)
        .join(HiddenJob, col(HiddenJob.id) == StageChange.job_id)
        .outerjoin(Call, col(Call.id) == HiddenJob.call_id)
        .where(StageChange.to_stage == Stage.PLACED)
        .where(col(StageChange.created_at) >= start, col(StageChange.created_at) < end)
    )
