from datetime import date, timedelta

import pytest
import time_machine
from icalendar import Calendar

from crm.core.clock import at
from crm.core.settings import settings
from crm.meetings.calendar import file_name, invitation
from crm.meetings.queries import meeting as meeting_line
from crm.meetings.rules import Side
from crm.meetings.services import cancel, move_kopkoffie, plan_kopkoffie
from tests.conftest import make_company

TUESDAY = "2026-11-24 10:00+01:00"


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def planned(session, coach, introduction, make_input):
    def plan(**overrides):
        meeting = plan_kopkoffie(session, coach, introduction.id, make_input(**overrides))
        session.flush()
        return meeting_line(session, coach, meeting.id)

    return plan


def read(line, side):
    calendar = Calendar.from_ical(invitation(line, side))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


@pytest.mark.parametrize("side", Side)
def test_says_when_and_where_on_the_dutch_clock(planned, side):
    calendar, event = read(planned(), side)
    assert calendar["method"] == "PUBLISH"
    assert event.decoded("dtstart").isoformat() == "2026-11-27T10:00:00+01:00"
    assert event["dtstart"].params["TZID"] == "Europe/Amsterdam"
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=30)
    assert event["location"] == "Kade 1, Dordrecht"
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Amsterdam"]
    assert len(event.walk("VALARM")) == 1


@pytest.mark.parametrize(
    ("day", "start", "utc"),
    [
        (date(2027, 3, 27), "2027-03-27T10:00:00+01:00", 9),
        (date(2027, 3, 29), "2027-03-29T10:00:00+02:00", 8),  # after the clock went forward
        (date(2026, 11, 27), "2026-11-27T10:00:00+01:00", 9),
    ],
)
def test_ten_o_clock_is_ten_o_clock_in_summer_and_in_winter(planned, day, start, utc):
    line = planned(starts_at=at(day, 10))
    assert line.meeting.starts_at.hour == utc
    _, event = read(line, Side.EMPLOYER)
    assert event.decoded("dtstart").isoformat() == start


def test_half_an_hour_lasts_half_an_hour_when_the_clock_changes(planned, on_tuesday):
    on_tuesday.move_to("2027-03-20 10:00+01:00")
    # 1:45 in the night in which 2:00 becomes 3:00
    _, event = read(planned(starts_at=at(date(2027, 3, 28), 1, 45)), Side.EMPLOYER)
    assert event.decoded("dtend").isoformat() == "2027-03-28T03:15:00+02:00"


def test_the_zone_in_the_file_is_right_by_itself(planned):
    """A program that knows no Dutch time finds the rules in the file."""
    line = planned(starts_at=at(date(2027, 7, 5), 10))
    calendar, event = read(line, Side.EMPLOYER)
    (zone,) = calendar.walk("VTIMEZONE")
    naive = event.decoded("dtstart").replace(tzinfo=None)
    assert zone.to_tz().utcoffset(naive) == timedelta(hours=2)


def test_the_employer_gets_a_first_name_and_nothing_more(planned):
    text = invitation(planned(), Side.EMPLOYER).decode()
    assert "Ria" in text
    assert "Jansen" not in text


def test_the_job_seeker_gets_the_company_and_whom_to_ask_for(planned):
    text = invitation(planned(), Side.CANDIDATE).decode()
    assert "Bakkerij De Korenaar" in text
    assert "Kees Bakker" in text
    assert "Jansen" not in text


def test_our_own_preparation_stays_with_us(planned):
    line = planned(preparation="Begint graag rustig")
    assert all(b"rustig" not in invitation(line, side) for side in Side)


def test_comes_from_the_organisation(planned):
    _, event = read(planned(), Side.EMPLOYER)
    assert event["organizer"] == f"mailto:{settings().mail_from}"
    assert event["organizer"].params["CN"] == settings().organisation


def test_a_later_version_takes_the_place_of_the_first(session, coach, planned, make_input):
    line = planned()
    before = read(line, Side.CANDIDATE)[1]
    move_kopkoffie(session, coach, line.meeting.id, make_input(place="Elders"), version=line.meeting.version)
    after = read(line, Side.CANDIDATE)[1]
    assert (before["uid"], before["sequence"]) == (after["uid"], after["sequence"] - 1)
    assert read(line, Side.EMPLOYER)[1]["uid"] != after["uid"]


def test_a_cancelled_one_says_so(session, coach, planned):
    line = planned()
    cancel(session, coach, line.meeting.id, version=line.meeting.version)
    _, event = read(line, Side.EMPLOYER)
    assert event["status"] == "CANCELLED"
    assert event.walk("VALARM") == []


def test_strange_signs_in_names_do_not_break_the_file(session, planned):
    company = make_company(session, name='Jan; "De, Bak\\ker"\r\nBEGIN:VEVENT')
    line = planned(place="Kade 1; achter, links\\", host="<b>Kees</b>")
    calendar, event = read(
        type(line)(line.meeting, line.introduction, line.candidate, line.job, company), Side.CANDIDATE
    )
    assert len(calendar.walk("VEVENT")) == 1
    assert event["location"] == "Kade 1; achter, links\\"
    assert "De, Bak\\ker" in event["summary"]


def test_each_side_has_a_file_of_its_own(planned):
    line = planned()
    assert len({file_name(line, side) for side in Side}) == 2
