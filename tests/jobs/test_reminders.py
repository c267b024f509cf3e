import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from structlog.testing import capture_logs

from crm.access.permissions import Role
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.core.settings import PROJECT_DIR
from crm.followups import reminders
from crm.followups.models import FollowUp, FollowUpKind
from crm.messaging.models import Notice, OutboxMessage
from jobs.reminders import remind_due
from jobs.units import SomeFailed
from tests.conftest import add_user


def make_due(number: int) -> set[int]:
    with transaction() as session:
        owner = add_user(session, Role.CALLER)
        company = Company(name="Bakkerij Zonneschijn", name_key="bakkerij zonneschijn", town="Dordrecht")
        session.add(company)
        session.flush()
        due = [
            FollowUp(
                kind=FollowUpKind.OTHER,
                due_at=now() - timedelta(minutes=minute),
                owner_id=owner.id,
                company_id=company.id,
            )
            for minute in range(number)
        ]
        session.add_all(due)
        session.flush()
        return {follow_up.id for follow_up in due}


def times_told(model: type[Notice] | type[OutboxMessage]) -> Counter[int]:
    """How often each follow-up was told of."""
    with reading() as session:
        return Counter(int(key.split(":")[1]) for key in session.exec(select(model.once_key)))


def left_to_remind() -> int:
    with reading() as session:
        return len(session.exec(select(FollowUp.id).where(FollowUp.reminded_at.is_(None))).all())


def run_dying(database: Engine, *args: str) -> int:
    url = database.url.render_as_string(hide_password=False)
    environment = os.environ | {
        "KOPKOFFIE_DATABASE_URL": url,
        "KOPKOFFIE_SMTP_HOST": "mail.voorbeeld.nl",
        "PYTHONPATH": str(PROJECT_DIR),
    }
    command = [sys.executable, str(Path(__file__).parent / "dying.py"), *args]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


class TestExactlyOnce:
    def test_killed_before_each_step_to_the_database(self, database):
        due = make_due(4)
        died = run_dying(database, "steps")
        assert times_told(Notice) == times_told(OutboxMessage) == Counter(due)
        assert died > 10
        assert left_to_remind() == 0

    def test_two_at_once_killed_at_random_moments(self, database):
        due = make_due(200)
        died = run_dying(database, "moments", "koffie")
        assert died > 2
        assert times_told(Notice) == times_told(OutboxMessage) == Counter(due)
        assert left_to_remind() == 0


class TestRemindDue:
    def test_tells_how_many_and_then_has_nothing_left(self, database):
        make_due(3)
        assert remind_due() == 3
        assert remind_due() == 0

    def test_a_bad_one_does_not_silence_the_rest_and_is_tried_again(self, database, monkeypatch):
        due = make_due(3)
        bad = max(due)
        tell = reminders._tell

        def fail_for_one(session, reader, follow_up, company, case):
            if follow_up.id == bad:
                raise RuntimeError("06 12345678")
            tell(session, reader, follow_up, company, case)

        with monkeypatch.context() as broken, capture_logs() as logs:
            broken.setattr(reminders, "_tell", fail_for_one)
            with pytest.raises(SomeFailed) as failed:
                remind_due()
        assert (failed.value.done, failed.value.failed) == (2, 1)
        assert [(entry["event"], entry["unit"]) for entry in logs] == [("unit_failed", bad)]
        assert remind_due() == 1
        assert times_told(Notice) == Counter(due)
