from datetime import date, timedelta

import pytest

from crm.calling.models import Call, CallList, CallStatus
from crm.candidates.models import Candidate
from crm.core.clock import at
from crm.core.errors import NotAllowed
from crm.matching.models import Introduction
from crm.meetings.models import Meeting, MeetingStatus
from crm.pipeline.models import HiddenJob, Stage, StageChange
from crm.reference.models import SPOKEN
from crm.reference.queries import dispositions
from crm.reporting.models import Funnel, Period
from crm.reporting.queries import funnel, my_day, per_day, per_list
from crm.scripts.models import ScriptVersion
from tests.conftest import make_company

TUESDAY = date(2026, 11, 24)
WEEK = Period(date(2026, 11, 23), date(2026, 11, 29))


@pytest.fixture
def script(session):
    version = ScriptVersion(key="test", number=1, title="Test", source="", checksum="0")
    session.add(version)
    session.flush()
    return version


@pytest.fixture
def call_list(session, script, coordinator):
    made = CallList(name="Bakkers", script_version_id=script.id, made_by_id=coordinator.id)
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def make_call(session, script, caller):
    def make(disposition, moment=None, **overrides):
        fields = {
            "company_id": make_company(session).id,
            "caller_id": caller.id,
            "script_version_id": script.id,
            "status": CallStatus.DONE,
            "ended_at": moment or at(TUESDAY, 10),
        }
        call = Call(**(fields | overrides))
        if disposition:
            call.result = dispositions()[disposition]
        session.add(call)
        session.flush()
        return call

    return make


@pytest.fixture
def make_job(session):
    def make(call, moment=None):
        job = HiddenJob(
            company_id=call.company_id,
            call_id=call.id,
            title="Magazijn",
            reason="GROEI",
            created_at=moment or at(TUESDAY, 10),
        )
        session.add(job)
        session.flush()
        return job

    return make


def plan_meeting(session, coach, job, moment, status=MeetingStatus.PLANNED):
    candidate = Candidate(name="Kandidaat")
    session.add(candidate)
    session.flush()
    introduction = Introduction(job_id=job.id, candidate_id=candidate.id, made_by_id=coach.id)
    session.add(introduction)
    session.flush()
    session.add(
        Meeting(introduction_id=introduction.id, starts_at=moment, place="Daar", status=status, made_by_id=coach.id)
    )
    session.flush()


class TestFunnel:
    def test_every_result_is_a_call_and_those_with_somebody_are_conversations(self, session, coordinator, make_call):
        for code in dispositions():
            make_call(code)
        found = funnel(session, coordinator, WEEK)
        kinds = [result.kind for result in dispositions().values()]
        assert (found.called, found.spoken) == (len(kinds), sum(kind in SPOKEN for kind in kinds))

    def test_counts_each_step_of_the_way(self, session, coach, make_call, make_job):
        make_call("GEEN_GEHOOR")
        job = make_job(make_call("GESPREK_LATENT"))
        plan_meeting(session, coach, job, at(TUESDAY, 14))
        session.add(StageChange(job_id=job.id, to_stage=Stage.PLACED, created_at=at(TUESDAY, 16)))
        assert funnel(session, coach, WEEK) == Funnel(called=2, spoken=1, found=1, kopkoffie=1, placed=1)

    def test_leaves_out_what_is_cancelled_open_or_of_another_week(self, session, coach, make_call, make_job):
        make_call("GESPREK_LATENT", status=CallStatus.OPEN, ended_at=None)
        job = make_job(make_call("GESPREK_LATENT", at(date(2026, 11, 22), 23, 59)), at(date(2026, 11, 30), 0))
        plan_meeting(session, coach, job, at(TUESDAY, 14), MeetingStatus.CANCELLED)
        assert funnel(session, coach, WEEK) == Funnel()

    def test_counts_a_placement_once_however_often_it_was_moved(self, session, coach, make_call, make_job):
        job = make_job(make_call("GESPREK_LATENT"))
        session.add_all([StageChange(job_id=job.id, to_stage=Stage.PLACED, created_at=at(TUESDAY, h)) for h in (9, 15)])
        session.flush()
        assert funnel(session, coach, WEEK).placed == 1

    def test_is_not_for_callers(self, session, caller):
        with pytest.raises(NotAllowed):
            funnel(session, caller, WEEK)


class TestPerDay:
    def test_keeps_to_the_dutch_day_around_midnight(self, session, viewer, make_call):
        make_call("GEEN_GEHOOR", at(TUESDAY, 0, 30))
        make_call("GEEN_GEHOOR", at(TUESDAY, 23, 30))
        make_call("GESPREK_LATENT", at(TUESDAY + timedelta(days=1), 0))
        days = per_day(session, viewer, WEEK)
        assert [(row.day, row.figures.called) for row in days] == [(TUESDAY, 2), (date(2026, 11, 25), 1)]

    def test_is_empty_when_nothing_happened(self, session, viewer):
        assert per_day(session, viewer, WEEK) == []


class TestPerList:
    def test_follows_a_job_back_to_the_list_it_came_from(self, session, coordinator, make_call, make_job, call_list):
        make_job(make_call("GESPREK_LATENT", list_id=call_list.id))
        make_call("GEEN_GEHOOR")
        rows = per_list(session, coordinator, WEEK)
        assert [(row.list_name == "Bakkers", row.figures.called, row.figures.found) for row in rows] == [
            (True, 1, 1),
            (False, 1, 0),
        ]


def test_my_day_counts_only_my_own_calls_of_today(session, caller, coordinator, make_call, make_job, monkeypatch):
    monkeypatch.setattr("crm.reporting.queries.today", lambda: TUESDAY)
    make_job(make_call("GESPREK_LATENT"))
    make_call("GEEN_GEHOOR", at(TUESDAY - timedelta(days=1), 10))
    make_call("GESPREK_LATENT", caller_id=coordinator.id)
    assert my_day(session, caller) == Funnel(called=1, spoken=1, found=1)
