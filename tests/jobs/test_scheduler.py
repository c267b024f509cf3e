import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic, sleep

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from structlog.testing import capture_logs

from crm.access.permissions import Role
from crm.calling.models import Claim
from crm.companies.models import Company
from crm.core import heartbeat
from crm.core.clock import now
from crm.core.db import transaction
from crm.core.heartbeat import beat, last_beat
from crm.core.settings import PROJECT_DIR, Settings
from crm.followups.models import FollowUp, FollowUpKind
from crm.messaging.models import Notice
from jobs.scheduler import JOBS, Job, make_scheduler, run
from tests.conftest import add_user


def make_job(work, name="test", seconds=0.05):
    return Job(name, work, timedelta(seconds=seconds), timedelta(hours=1))


@pytest.fixture
def started():
    running = []

    def start(*jobs):
        running.append(make_scheduler(jobs))
        running[-1].start()
        return running[-1]

    yield start
    for scheduler in running:
        scheduler.shutdown(wait=True)


class TestRunningJobs:
    def test_one_that_fails_is_noted_and_the_rest_goes_on(self, started):
        rounds, enough = [], Event()

        def fail():
            raise RuntimeError("06 12345678")

        def work():
            rounds.append(now())
            if len(rounds) == 3:
                enough.set()

        with capture_logs() as logs:
            started(make_job(fail, "bad"), make_job(work, "good"))
            assert enough.wait(10)
        failures = [entry for entry in logs if entry["event"] == "job_failed"]
        assert len(failures) >= 2
        assert {entry["job"] for entry in failures} == {"bad"}

    def test_one_that_is_slow_is_never_run_beside_itself(self, started, caplog):
        caplog.set_level("CRITICAL", logger="apscheduler")
        at_work, most = [], []

        def slow():
            at_work.append(1)
            most.append(len(at_work))
            sleep(0.2)
            at_work.pop()

        started(make_job(slow))
        sleep(0.7)
        assert len(most) >= 2
        assert set(most) == {1}

    def test_runs_that_were_missed_become_one(self):
        runs = []
        scheduler = make_scheduler((make_job(lambda: runs.append(1), seconds=100),))
        scheduler.start(paused=True)
        scheduler.modify_job("test", next_run_time=datetime.now(UTC) - timedelta(seconds=350))
        scheduler.resume()
        sleep(0.5)
        scheduler.shutdown()
        assert len(runs) == 1

    def test_what_was_done_is_noted_and_nothing_is_not(self):
        with capture_logs() as logs:
            run(make_job(lambda: 3))
            run(make_job(lambda: 0))
        assert [(entry["job"], entry["count"]) for entry in logs] == [("test", 3)]

    def test_every_job_of_the_product_runs_on_an_empty_database(self, database, tmp_path, monkeypatch):
        monkeypatch.setattr(heartbeat, "settings", lambda: Settings(data_dir=tmp_path / "data"))
        with capture_logs() as logs:
            for job in JOBS:
                run(job)
        assert logs == []
        assert len({job.name for job in JOBS}) == len(JOBS)


class TestHeartbeat:
    def test_says_when_the_scheduler_was_last_alive(self, tmp_path, monkeypatch):
        monkeypatch.setattr(heartbeat, "settings", lambda: Settings(data_dir=tmp_path / "new"))
        assert last_beat() is None
        beat()
        assert abs(datetime.now(UTC) - last_beat()) < timedelta(seconds=5)


class TestTheProcess:
    """`python -m jobs` as it is run."""

    @pytest.fixture
    def start(self, sqlite_database: Engine, tmp_path):
        running = []

        def start():
            url = sqlite_database.url.render_as_string(hide_password=False)
            environment = os.environ | {"KOPKOFFIE_DATABASE_URL": url, "KOPKOFFIE_DATA_DIR": str(tmp_path / "data")}
            running.append(
                subprocess.Popen(
                    [sys.executable, "-m", "jobs"], cwd=PROJECT_DIR, env=environment, stderr=subprocess.PIPE, text=True
                )
            )
            assert '"scheduler_started"' in running[-1].stderr.readline()
            return running[-1]

        yield start
        for process in running:
            process.kill()
            process.communicate()

    def test_does_what_is_due_survives_a_kill_and_stops_when_told(self, sqlite_database, start):
        self.add_due("before")
        process = start()
        wait_until(lambda: told(sqlite_database) == 1)
        process.kill()
        process.wait()
        self.add_due("while nobody ran")
        first, second = start(), start()
        wait_until(lambda: told(sqlite_database) == 2 and claims(sqlite_database) == 0)
        for process in (first, second):
            process.send_signal(signal.SIGTERM)
        for process in (first, second):
            _output, log = process.communicate(timeout=20)
            assert process.returncode == 0
            assert '"scheduler_stopped"' in log
            assert "job_failed" not in log
        assert (told(sqlite_database), claims(sqlite_database)) == (2, 0)

    def add_due(self, name):
        with transaction() as session:
            actor = add_user(session, Role.CALLER)
            company = Company(name=name, name_key=name)
            session.add(company)
            session.flush()
            over = now() - timedelta(minutes=1)
            session.add(FollowUp(kind=FollowUpKind.OTHER, due_at=over, owner_id=actor.id))
            session.add(Claim(company_id=company.id, user_id=actor.user_id, expires_at=over))


def told(engine):
    with Session(engine) as session:
        return len(session.exec(select(Notice.id)).all())


def claims(engine):
    with Session(engine) as session:
        return len(session.exec(select(Claim.id)).all())


def wait_until(condition):
    end = monotonic() + 30
    while not condition():
        assert monotonic() < end
        sleep(0.1)
