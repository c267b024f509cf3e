"""When people of each trade come to the phone."""

import pytest
from sqlmodel import Session

from crm.access.actor import Actor
from crm.calling.models import HourFigures
from crm.core.errors import NotAllowed
from crm.core.settings import settings
from crm.reference.trades import trade_groups
from crm.reporting.hours import best_hours

TUESDAY = 1


def test_has_every_trade_and_every_hour_of_the_desk(
    session: Session, coordinator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "call_until_hour", 20)
    found = best_hours(session, coordinator, TUESDAY)
    assert list(found.hours) == list(range(9, 20))
    assert [row.trade for row in found.rows] == [group.name for group in trade_groups().values()]
    assert {len(row.chances) for row in found.rows} == {11}


def test_tells_what_is_measured_from_what_is_assumed(session: Session, coordinator: Actor) -> None:
    session.add(HourFigures(weekday=TUESDAY, hour=10, trade_group="horeca", calls=30, spoken=27))
    session.add(HourFigures(weekday=TUESDAY, hour=11, trade_group="horeca", calls=29, spoken=0))
    session.add(HourFigures(weekday=2, hour=12, trade_group="horeca", calls=90, spoken=0))
    session.flush()
    horeca = best_hours(session, coordinator, TUESDAY).rows[0].chances
    assert [chance.is_measured for chance in horeca[1:4]] == [True, False, False]
    assert [chance.calls for chance in horeca[1:4]] == [30, 29, 0]
    assert horeca[1].value == pytest.approx(0.7)


def test_is_for_who_may_see_reports(session: Session, caller: Actor) -> None:
    with pytest.raises(NotAllowed):
        best_hours(session, caller, TUESDAY)
