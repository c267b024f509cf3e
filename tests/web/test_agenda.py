"""The address of an agenda, read by a program that keeps calendars in step."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.agenda.queries import feed_of
from crm.agenda.services import close_feed, open_feed
from crm.core.clock import at, today
from crm.followups.inputs import FollowUpInput
from crm.followups.models import FollowUpKind
from crm.followups.services import drop, move, plan
from crm.reference.calendar import add_working_days
from tests.conftest import add_user, make_company
from tests.web.conftest import PATIENCE

CONFIG = """
[general]
status_path = "{folder}/status/"

[pair agenda]
a = "ours"
b = "theirs"
collections = null

[storage ours]
type = "http"
url = "{url}"

[storage theirs]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
"""


@pytest.fixture
def ans(server) -> Actor:
    with server.transaction() as session, session.begin():
        return add_user(session, Role.CALLER)


@pytest.fixture
def do(server, ans):
    """`do(service, ...)`: run a service as Ans."""

    def run(service, *args, **fields):
        with server.transaction() as session, session.begin():
            return service(session, ans, *args, **fields)

    return run


@pytest.fixture
def promised(server, ans, do):
    with server.transaction() as session, session.begin():
        company_id = make_company(session).id
    due_at = at(add_working_days(today(), 2), 10)
    wish = {"kind": FollowUpKind.CALLBACK, "due_at": due_at, "owner_id": ans.id, "company_id": company_id}
    return do(plan, FollowUpInput(**wish))


@pytest.fixture
def address(server, do):
    return f"{server.url}/agenda/{do(open_feed)}.ics"


class Client:
    """A calendar on this machine that follows an address."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.config = folder, folder / "config"
        self.config.write_text(CONFIG.format(folder=folder, url=url))
        self._run("discover")

    def _run(self, command: str) -> None:
        program = Path(sys.executable).with_name("vdirsyncer")
        subprocess.run([program, "-c", self.config, command], input=b"y\n" * 4, check=True, capture_output=True)

    def events(self) -> list:
        self._run("sync")
        files = (self.folder / "calendar").glob("*.ics")
        return [event for file in files for event in Calendar.from_ical(file.read_bytes()).walk("VEVENT")]


def test_a_calendar_follows_what_is_promised_moved_and_dropped(tmp_path, address, promised, do):
    client = Client(tmp_path, address)
    (event,) = client.events()
    assert event.decoded("dtstart") == promised.due_at

    later = at(add_working_days(today(), 3), 11)
    do(move, promised.id, version=None, due_at=later, reason="Hij is er niet")
    (event,) = client.events()
    assert event.decoded("dtstart") == later

    do(drop, promised.id, version=None, reason="Niet meer nodig")
    (event,) = client.events()
    assert event["status"] == "CANCELLED"


def test_what_did_not_change_is_not_sent_again(server, address, promised):
    browser = server.browser()
    first = browser.get(address)
    again = browser.get(address, headers={"if-none-match": first.headers["etag"]})

    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["cache-control"] == "private, no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_the_owner_sees_that_it_is_read(server, ans, address):
    httpx.get(address, timeout=PATIENCE)

    with server.transaction() as session:
        assert feed_of(session, ans).read_at


def test_an_address_that_ended_or_never_was_is_not_found(server, address, do):
    do(close_feed)

    assert httpx.get(address, timeout=PATIENCE).status_code == 404
    assert httpx.get(f"{server.url}/agenda/a/b", timeout=PATIENCE).status_code == 404
    assert httpx.post(address, timeout=PATIENCE).status_code == 405


def test_the_secret_of_an_address_is_not_in_the_log(server, address):
    httpx.get(address, timeout=PATIENCE)

    log = server.log.read_text()
    assert address.rpartition("/")[2].partition(".")[0] not in log
    assert "/agenda/…" in log or "/agenda/\\u2026" in log
