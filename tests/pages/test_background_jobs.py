"""The screen of what runs by the clock."""

from datetime import timedelta

from sqlmodel import select

from crm.access.permissions import Role
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.scheduling.lease import lease_of
from crm.scheduling.models import Outcome, SchedulerLease
from crm.scheduling.queries import requested_jobs
from crm.scheduling.services import Result, begin_run, end_run, register
from jobs.table import JOBS
from tests.pages.reading import texts


def a_run(result: Result, name: str = "remind_due") -> None:
    with transaction() as session:
        register(session, {job.name: now() for job in JOBS})
        begin_run(session, name, now() + timedelta(seconds=30))
    with transaction() as session:
        end_run(session, name, result)


def test_says_that_nothing_ran_yet(visit, add_person):
    screen = visit("background_jobs", add_person(Role.ADMIN))
    assert "Nothing runs by the clock now (it never ran here)" in texts(screen)
    assert "Never ran yet" in texts(screen)
    assert screen.button(key="run-remind_due").disabled


def test_shows_the_last_run_and_a_failure_with_its_error(visit, add_person):
    lease_of("test").hold()
    a_run(Result(Outcome.DONE, 1.3, 3), "send_waiting")
    a_run(Result(Outcome.FAILED, 0.5, error="ValueError (rules.py:7 _check)"))
    screen = visit("background_jobs", add_person(Role.ADMIN))
    assert not screen.error
    for words in ("Every 30 seconds", "1.3 s · 3 done", "Failed", "ValueError"):
        assert words in texts(screen), words
    assert screen.table[0].value["Result"][0].startswith("Failed: ValueError")


def test_says_when_the_scheduler_stopped(visit, add_person):
    lease_of("test").hold()
    with transaction() as session:
        session.exec(select(SchedulerLease)).one().beat_at = now() - timedelta(hours=2)
    assert "Nothing runs by the clock now (since" in texts(visit("background_jobs", add_person(Role.ADMIN)))


def test_a_job_can_be_asked_for(visit, add_person):
    a_run(Result(Outcome.DONE, 0.1))
    screen = visit("background_jobs", add_person(Role.ADMIN))
    screen.button(key="run-remind_due").click().run()
    with reading() as session:
        assert requested_jobs(session) == ["remind_due"]
    assert [toast.value for toast in screen.toast] == [r"It starts within a few seconds\."]  # in the part that is drawn
    assert screen.button(key="run-remind_due").label == "Is coming"
    assert screen.button(key="run-remind_due").disabled


def test_is_for_administrators(visit, add_person):
    assert "Your role does not allow this" in texts(visit("background_jobs", add_person(Role.COORDINATOR)))
