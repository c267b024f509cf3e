"""A follow-up in the calendar of who has it."""

from datetime import timedelta

import pytest
import time_machine
from icalendar import Calendar
from sqlmodel import select

from crm.core.clock import now
from crm.core.settings import Settings
from crm.followups.calendar import appointment_file
from crm.followups.models import FollowUpKind
from crm.followups.services import hand_over, move
from crm.messaging import services as messaging
from crm.messaging.inputs import ChoiceInput
from crm.messaging.models import Channel, NoticeKind, OutboxMessage
from crm.messaging.services import choose_channels


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False) as clock:
        yield clock


def read(step, company=""):
    calendar = Calendar.from_ical(appointment_file(step, company))
    assert calendar["method"] == "PUBLISH"
    (event,) = calendar.walk("VEVENT")
    return event


@pytest.mark.parametrize(("days", "zone"), [(0, "+01:00"), (150, "+02:00")])
def test_a_call_is_an_appointment_on_the_dutch_clock(caller, make_follow_up, days, zone):
    due_at = now() + timedelta(days=days, hours=2)
    step = make_follow_up(kind=FollowUpKind.CALLBACK, due_at=due_at, owner_id=caller.id, note="Liever in mei")
    event = read(step, "Bakkerij Zonneschijn")
    assert event.decoded("dtstart") == due_at
    assert event.decoded("dtstart").isoformat().endswith(zone)
    assert event["dtstart"].params["TZID"] == "Europe/Amsterdam"
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=15)
    assert event["summary"] == "Terugbelafspraak: Bakkerij Zonneschijn"
    assert (len(event.walk("VALARM")), event["transp"]) == (1, "OPAQUE")
    assert b"Liever in mei" not in event.to_ical()


def test_anything_else_rings_no_bell_and_leaves_the_time_free(caller, make_follow_up):
    event = read(make_follow_up(kind=FollowUpKind.SEND_INFO, due_at=now() + timedelta(hours=2), owner_id=caller.id))
    assert (event["summary"], event["transp"], event.walk("VALARM")) == ("Informatie sturen", "TRANSPARENT", [])


def test_a_later_version_takes_the_place_of_the_first(session, caller, make_follow_up):
    step = make_follow_up(owner_id=caller.id)
    first = read(step)
    move(session, caller, step.id, version=step.version, due_at=now() + timedelta(hours=4))
    second = read(step)
    assert first["uid"] == second["uid"]
    assert second["sequence"] > first["sequence"]


def test_who_gets_work_by_mail_gets_it_for_the_calendar_too(session, caller, coach, make_follow_up, monkeypatch):
    monkeypatch.setattr(messaging, "settings", lambda: Settings(smtp_host="mail.voorbeeld.nl"))
    choose_channels(session, coach, ChoiceInput(kind=NoticeKind.HANDED_OVER, channels={Channel.MAIL}))
    step = make_follow_up(owner_id=caller.id)
    hand_over(session, caller, step.id, version=step.version, owner_id=coach.id, word="Graag deze week")
    (mail,) = session.exec(select(OutboxMessage))
    assert f"UID:follow-up-{step.id}@" in mail.calendar
    assert "Graag deze week" not in mail.body + mail.calendar
