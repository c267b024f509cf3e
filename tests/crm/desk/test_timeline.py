"""All that happened with a company as one line of events."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session

from crm.access.actor import Actor
from crm.calling.models import Call, CallWay
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.errors import NotAllowed
from crm.desk.timeline import MOST, Kind, timeline
from crm.followups.models import FollowUpKind
from crm.followups.services import complete
from crm.pipeline.models import Stage
from crm.scripts.services import load_scripts
from tests.conftest import make_company, make_job
from tests.crm.desk.test_elsewhere import log
from tests.crm.desk.test_next_company import make_callback
from tests.crm.desk.test_services import NEXT_WEEK, result, wrap_up


@pytest.fixture
def company(session: Session) -> Company:
    load_scripts(session)
    return make_company(session)


def test_a_company_nobody_spoke_has_none(session: Session, caller: Actor, company: Company) -> None:
    found = timeline(session, caller, company.id)
    assert (found.events, found.more) == ((), False)


def test_a_call_tells_when_who_what_and_how(session: Session, caller: Actor, company: Company) -> None:
    call = log(session, caller, company, "GEEN_INTERESSE", CallWay.VISIT, notes="Koffie gehad\nHond blaft").call
    (past,) = timeline(session, caller, company.id).events
    assert (past.kind, past.record_id, past.at, past.who) == (Kind.CALL, call.id, call.ended_at, caller.name)
    assert (past.what, past.how) == ("Geen interesse", "Bezoek")
    assert (past.first_line, past.text) == ("Heeft het druk.", "Heeft het druk.\nKoffie gehad\nHond blaft")


def test_a_call_at_the_desk_needs_no_word_for_how(session: Session, caller: Actor, call: Call) -> None:
    wrap_up(session, caller, call.id, result("GEEN_GEHOOR"))
    assert timeline(session, caller, call.company_id).events[0].how == ""


def test_what_is_planned_comes_first_and_then_the_newest(session: Session, caller: Actor, company: Company) -> None:
    old = log(session, caller, company, "GEEN_GEHOOR", at=now() - timedelta(days=3)).call
    new = log(session, caller, company, "GEEN_GEHOOR").call
    job = make_job(session, company_id=company.id, created_at=now() - timedelta(days=1), stage=Stage.LOST)
    later = make_callback(session, caller, company_id=company.id, due_at=NEXT_WEEK, kind=FollowUpKind.SEND_INFO)
    sooner = make_callback(session, caller, company_id=company.id, due_at=now() + timedelta(hours=1))
    found = timeline(session, caller, company.id).events
    assert [(past.kind, past.record_id) for past in found] == [
        (Kind.FOLLOW_UP, sooner.id),
        (Kind.FOLLOW_UP, later.id),
        (Kind.CALL, new.id),
        (Kind.JOB, job.id),
        (Kind.CALL, old.id),
    ]
    assert [past.planned for past in found] == [True, True, False, False, False]
    assert found[3].how == "Afgevallen"


def test_what_was_done_without_a_call_tells_what_came_of_it(session: Session, caller: Actor, company: Company) -> None:
    sent = make_callback(session, caller, company_id=company.id, kind=FollowUpKind.SEND_INFO)
    complete(session, caller, sent.id, version=None, outcome="Folder gestuurd")
    (past,) = timeline(session, caller, company.id).events
    assert (past.text, past.planned, past.at) == ("Folder gestuurd", False, now())


def test_a_callback_that_became_a_call_is_told_once(session: Session, caller: Actor, company: Company) -> None:
    due = make_callback(session, caller, company_id=company.id)
    log(session, caller, company, "GEEN_INTERESSE", follow_up_id=due.id)
    assert [past.kind for past in timeline(session, caller, company.id).events] == [Kind.CALL]


def test_shows_as_many_as_asked_and_says_that_there_are_more(session: Session, caller: Actor, company: Company) -> None:
    for days in range(5):
        log(session, caller, company, "GEEN_GEHOOR", at=now() - timedelta(days=days, minutes=1))
    few, all_ = timeline(session, caller, company.id, 3), timeline(session, caller, company.id, 5)
    assert (few.events, few.more) == (all_.events[:3], True)
    assert (len(all_.events), all_.more) == (5, False)


def test_never_reads_without_end(session: Session, caller: Actor, company: Company) -> None:
    limits: list[object] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda _c, _cur, _sql, given, *_rest: limits.append(given))
    log(session, caller, company, "GEEN_GEHOOR")
    make_callback(session, caller, company_id=company.id)
    make_job(session, company_id=company.id)
    session.flush()
    limits.clear()
    timeline(session, caller, company.id, 10**9)
    _are_there, *limits = limits
    assert len(limits) == 3
    assert all(MOST + 1 in (given.values() if isinstance(given, dict) else given) for given in limits)


def test_nothing_of_another_company(session: Session, caller: Actor, company: Company) -> None:
    log(session, caller, make_company(session), "GEEN_GEHOOR")
    make_job(session)
    assert timeline(session, caller, company.id).events == ()


def test_is_closed_for_viewers(session: Session, viewer: Actor, company: Company) -> None:
    with pytest.raises(NotAllowed):
        timeline(session, viewer, company.id)
