from datetime import timedelta

import pytest
from sqlmodel import select

from crm.access.actor import SYSTEM
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.core.clock import now
from crm.core.errors import NotAllowed, NotFound
from crm.scheduling import services
from crm.scheduling.models import JobRun, Outcome, ScheduledJob
from crm.scheduling.queries import newest_runs, requested_jobs, scheduled_jobs
from crm.scheduling.services import Result, begin_run, end_run, note_broken_off, register, request_run
from tests.conftest import add_user

DONE = Result(Outcome.DONE, 0.5)


@pytest.fixture
def job(session) -> ScheduledJob:
    register(session, {"remind_due": now()})
    return scheduled_jobs(session, SYSTEM)["remind_due"]


def run(session, result=DONE):
    asked = begin_run(session, "remind_due", now())
    end_run(session, "remind_due", result, asked)


def test_the_last_run_is_known_with_what_it_did(session, job):
    run(session, Result(Outcome.DONE, 0.5, 3, {"read": 3}))
    assert (job.outcome, job.count, job.seconds, job.runs, job.failures) == (Outcome.DONE, 3, 0.5, 1, 0)
    [row] = newest_runs(session, SYSTEM)
    assert (row.name, row.run.count, row.run.details) == ("remind_due", 3, {"read": 3})


def test_a_run_without_work_is_counted_and_leaves_no_line(session, job):
    run(session)
    assert (job.runs, newest_runs(session, SYSTEM)) == (1, [])


def test_a_failure_is_kept_with_its_error_until_it_goes_well(session, job):
    run(session, Result(Outcome.FAILED, 0.1, error="RuntimeError (smtp.py:9 _send)"))
    assert (job.failures, job.error) == (1, "RuntimeError (smtp.py:9 _send)")
    run(session)
    assert (job.failures, job.error, len(newest_runs(session, SYSTEM))) == (1, "", 1)


def test_a_run_that_was_cut_off_is_found(session, job):
    begin_run(session, "remind_due", now())
    note_broken_off(session)
    note_broken_off(session)
    assert [row.run.outcome for row in newest_runs(session, SYSTEM)] == [Outcome.BROKEN_OFF]


def test_what_a_scheduler_runs_itself_was_not_cut_off(session, job):
    begin_run(session, "remind_due", now())
    note_broken_off(session, ["remind_due"])
    assert (job.outcome, newest_runs(session, SYSTEM)) == (Outcome.RUNNING, [])


def test_a_run_that_was_stopped_for_the_end_of_its_process_is_asked_for_again(session, job):
    admin = add_user(session, Role.ADMIN)
    request_run(session, admin, "remind_due")
    run(session, Result(Outcome.BROKEN_OFF, 0.5, 3))
    assert requested_jobs(session) == ["remind_due"]
    run(session)
    assert requested_jobs(session) == []
    assert [row.requested_by for row in newest_runs(session, SYSTEM)] == [admin.name, admin.name]


def test_the_history_is_bounded(session, job, monkeypatch):
    monkeypatch.setattr(services, "KEPT_RUNS", 3)
    for number in range(1, 6):
        run(session, Result(Outcome.DONE, 0.1, number))
    assert sorted(session.exec(select(JobRun.count))) == [3, 4, 5]


class TestAskingForARun:
    @pytest.mark.parametrize("hours", [-5, 0, 5])
    def test_is_answered_by_the_next_run_whatever_the_clock_of_the_web_server_says(
        self, session, job, monkeypatch, hours
    ):
        admin = add_user(session, Role.ADMIN)
        asked = begin_run(session, "remind_due", now())
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(services, "now", lambda: now() + timedelta(hours=hours))
            request_run(session, admin, "remind_due")
        end_run(session, "remind_due", DONE, asked)  # it had begun before it was asked
        assert requested_jobs(session) == ["remind_due"]
        run(session)
        assert requested_jobs(session) == []
        assert [row.requested_by for row in newest_runs(session, SYSTEM)] == [admin.name]

    def test_outlives_a_run_that_was_cut_off(self, session, job):
        begin_run(session, "remind_due", now())
        request_run(session, SYSTEM, "remind_due")
        note_broken_off(session)
        assert requested_jobs(session) == ["remind_due"]

    def test_is_in_the_audit_log(self, session, job):
        admin = add_user(session, Role.ADMIN)
        request_run(session, admin, "remind_due")
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.action == "scheduled_job.requested")).all()
        assert (entry.actor_id, entry.subject_id, entry.changes["name"]) == (admin.id, job.id, [None, "remind_due"])

    def test_is_for_administrators_and_for_jobs_that_exist(self, session, job, coordinator):
        with pytest.raises(NotAllowed):
            request_run(session, coordinator, "remind_due")
        with pytest.raises(NotAllowed):
            scheduled_jobs(session, coordinator)
        with pytest.raises(NotAllowed):
            newest_runs(session, coordinator)
        with pytest.raises(NotFound):
            request_run(session, SYSTEM, "rm -rf")
