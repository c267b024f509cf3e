from datetime import date, timedelta

import pytest
import time_machine
from icalendar import Calendar

from crm.access.permissions import Role
from crm.access.services import change_role, deactivate, reactivate, reset_password
from crm.agenda.feed import feed_file, fingerprint
from crm.agenda.queries import agenda_at, feed_of
from crm.agenda.services import close_feed, open_feed
from crm.companies.models import Contact
from crm.core.clock import at
from crm.core.errors import NotAllowed
from crm.followups.inputs import FollowUpInput
from crm.followups.models import FollowUpKind
from crm.followups.services import assign, complete, drop, move, plan
from crm.matching.models import Introduction
from crm.meetings.models import Meeting
from tests.conftest import add_user, make_candidate, make_company, make_job

WEDNESDAY = at(date(2026, 11, 25), 10)
THURSDAY = at(date(2026, 11, 26), 11)


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def promise(session, caller):
    def make(due_at=WEDNESDAY, owner=None, **fields):
        company = make_company(session, name="Bakkerij Kruimel")
        wish = {"kind": FollowUpKind.CALLBACK, "due_at": due_at, "company_id": company.id} | fields
        made = plan(session, caller, FollowUpInput(**wish, owner_id=(owner or caller).id))
        session.flush()
        return made

    return make


@pytest.fixture
def feed(session):
    """`feed(actor)`: the events that the calendar of this person reads, by what comes before the @ of their UID."""

    def read(actor):
        session.flush()
        content = feed_file(agenda_at(session, open_feed(session, actor)))
        return {event["uid"].partition("@")[0]: event for event in Calendar.from_ical(content).walk("VEVENT")}

    return read


def test_a_promise_is_at_its_hour_on_the_dutch_clock_with_an_alarm(feed, caller, promise):
    made = promise()
    event = feed(caller)[f"follow-up-{made.id}"]

    assert event.decoded("dtstart").isoformat() == "2026-11-25T10:00:00+01:00"
    assert event["dtstart"].params["TZID"] == "Europe/Amsterdam"
    assert event["summary"].endswith("Bakkerij Kruimel")
    assert [alarm.decoded("trigger") for alarm in event.walk("VALARM")] == [timedelta(minutes=-10)]


@pytest.mark.parametrize(
    ("day", "start"),
    [(date(2027, 3, 27), "2027-03-27T10:00:00+01:00"), (date(2027, 3, 30), "2027-03-30T10:00:00+02:00")],
)
def test_ten_o_clock_is_ten_o_clock_when_the_clock_has_changed(feed, caller, promise, day, start):
    made = promise(at(day, 10))

    assert feed(caller)[f"follow-up-{made.id}"].decoded("dtstart").isoformat() == start


def test_nothing_of_anybody_leaves_the_house(session, caller, promise):
    company = make_company(session, name="Bakkerij Kruimel", number="+31781234567")
    contact = Contact(company_id=company.id, name="Henk Geheim")
    session.add(contact)
    session.flush()
    promise(note="Zijn vrouw is ziek", contact_id=contact.id, company_id=company.id)
    content = feed_file(agenda_at(session, open_feed(session, caller))).decode()

    assert not [secret for secret in ("Geheim", "ziek", "1234567") if secret in content]


def test_a_move_keeps_the_event_and_raises_its_sequence(session, feed, caller, promise):
    made = promise()
    before = feed(caller)[f"follow-up-{made.id}"]
    move(session, caller, made.id, version=None, due_at=THURSDAY, reason="Hij is er niet")
    after = feed(caller)[f"follow-up-{made.id}"]

    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after.decoded("dtstart") == THURSDAY


@pytest.mark.parametrize("close", [drop, complete])
def test_what_is_closed_is_cancelled_without_an_alarm(session, feed, caller, promise, close):
    made = promise()
    before = feed(caller)[f"follow-up-{made.id}"]
    words = {"reason": "Niet meer nodig"} if close is drop else {"outcome": "Gebeld"}
    close(session, caller, made.id, version=None, **words)
    after = feed(caller)[f"follow-up-{made.id}"]

    assert after["status"] == "CANCELLED"
    assert after["sequence"] > before["sequence"]
    assert not after.walk("VALARM")


def test_what_is_handed_over_leaves_one_calendar_and_enters_the_other(session, feed, caller, coordinator, promise):
    made = promise()
    before = feed(caller)[f"follow-up-{made.id}"]
    colleague = add_user(session, Role.CALLER)
    assign(session, coordinator, made.id, version=None, owner_id=colleague.id)
    after = feed(caller)[f"follow-up-{made.id}"]

    assert (after["status"], feed(colleague)[f"follow-up-{made.id}"]["status"]) == ("CANCELLED", "CONFIRMED")
    assert after["sequence"] > before["sequence"]


def test_what_comes_back_to_somebody_stands_in_their_calendar_again(session, feed, caller, coordinator, promise):
    made = promise()
    assign(session, coordinator, made.id, version=None, owner_id=coordinator.id)
    session.flush()
    assign(session, coordinator, made.id, version=None, owner_id=caller.id)

    assert feed(caller)[f"follow-up-{made.id}"]["status"] == "CONFIRMED"


def test_nobody_reads_what_is_of_others(session, feed, promise):
    promise()

    assert feed(add_user(session, Role.CALLER)) == {}


def test_its_mark_changes_with_the_agenda_and_not_with_the_time(session, caller, promise, on_tuesday):
    made = promise()
    token = open_feed(session, caller)
    session.flush()
    before = fingerprint(agenda_at(session, token))
    on_tuesday.shift(timedelta(hours=3))
    assert fingerprint(agenda_at(session, token)) == before

    move(session, caller, made.id, version=None, due_at=THURSDAY, reason="Later")
    session.flush()
    assert fingerprint(agenda_at(session, token)) != before


def test_another_address_ends_the_first_and_closing_ends_it_too(session, caller):
    first = open_feed(session, caller)
    second = open_feed(session, caller)

    assert agenda_at(session, first) is None
    assert agenda_at(session, second)
    close_feed(session, caller)
    assert agenda_at(session, second) is None


def test_an_account_that_is_closed_has_no_agenda(session, caller):
    token = open_feed(session, caller)
    agenda_at(session, token).user.active = False
    session.flush()

    assert agenda_at(session, token) is None


@pytest.fixture
def admin(session):
    return add_user(session, Role.ADMIN)


def test_an_address_ends_with_the_account_and_does_not_come_back_with_it(session, caller, admin):
    token = open_feed(session, caller)
    deactivate(session, admin, caller.id)
    reactivate(session, admin, caller.id)
    session.flush()

    assert feed_of(session, caller) is None
    assert agenda_at(session, token) is None


def test_a_new_password_ends_the_address_that_somebody_else_may_have_made(session, caller, coach, admin):
    ended, kept = open_feed(session, caller), open_feed(session, coach)
    reset_password(session, admin, caller.id, "thee om elf uur graag")
    session.flush()

    assert agenda_at(session, ended) is None
    assert agenda_at(session, kept)


@pytest.mark.parametrize(("role", "reads"), [(Role.COACH, True), (Role.VIEWER, False)])
def test_an_address_ends_with_the_role_that_may_have_it(session, caller, admin, role, reads):
    token = open_feed(session, caller)
    change_role(session, admin, caller.id, role)
    session.flush()
    assert bool(agenda_at(session, token)) is reads

    change_role(session, admin, caller.id, Role.CALLER)
    session.flush()
    assert bool(agenda_at(session, token)) is reads


def test_an_address_from_before_a_role_lost_it_reads_nothing(session, caller):
    token = open_feed(session, caller)
    agenda_at(session, token).user.role = Role.VIEWER  # as if the role had been changed by an earlier version
    session.flush()

    assert agenda_at(session, token) is None


def test_who_may_not_plan_kopkoffies_any_more_does_not_read_them(session, coach, admin):
    job = make_job(session)
    introduction = Introduction(job_id=job.id, candidate_id=make_candidate(session).id, made_by_id=coach.id)
    session.add(introduction)
    session.flush()
    wish = {"introduction_id": introduction.id, "starts_at": WEDNESDAY, "minutes": 30, "made_by_id": coach.id}
    session.add(Meeting(**wish, place="Dordrecht"))
    token = open_feed(session, coach)
    session.flush()
    assert len(agenda_at(session, token).coffees) == 1

    change_role(session, admin, coach.id, Role.CALLER)
    session.flush()
    assert agenda_at(session, token).coffees == []


def test_who_promises_nothing_has_no_address(session, viewer):
    with pytest.raises(NotAllowed):
        open_feed(session, viewer)
