from datetime import date

import pytest
import time_machine

from crm.companies.models import Contact
from crm.core.clock import at
from crm.core.errors import NotAllowed, NotFound
from crm.meetings.models import MeetingOutcome
from crm.meetings.queries import meeting, past, possible_hosts, to_ask, upcoming
from crm.meetings.rules import Side
from crm.meetings.services import plan_kopkoffie, record_outcome
from crm.pipeline.models import HiddenJob


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False) as traveller:
        yield traveller


def test_a_kopkoffie_is_upcoming_then_asked_about_then_past(session, coach, introduction, make_input, on_tuesday):
    planned = plan_kopkoffie(session, coach, introduction.id, make_input(starts_at=at(date(2026, 11, 27), 10)))
    session.flush()

    def places():
        return [page(session, coach).total for page in (upcoming, to_ask, past)]

    assert places() == [1, 0, 0]
    assert upcoming(session, coach).lines[0].candidate.name == "Ria Jansen"
    on_tuesday.move_to("2026-11-28 10:00+01:00")
    assert places() == [0, 1, 0]
    for side in Side:
        record_outcome(session, coach, planned.id, side=side, outcome=MeetingOutcome.CLICK, version=planned.version)
        session.flush()
    assert places() == [0, 0, 1]


def test_refuses_an_unknown_one(session, coach):
    with pytest.raises(NotFound):
        meeting(session, coach, 999_999)


def test_is_not_for_callers(session, caller):
    with pytest.raises(NotAllowed):
        upcoming(session, caller)


def test_the_hosts_are_whom_we_know_at_the_company(session, coach, caller, introduction):
    company_id = session.get_one(HiddenJob, introduction.job_id).company_id
    session.add(Contact(company_id=company_id, name="Kees Bakker"))
    session.flush()
    assert possible_hosts(session, coach, company_id) == ["Kees Bakker"]
    with pytest.raises(NotAllowed):
        possible_hosts(session, caller, company_id)
