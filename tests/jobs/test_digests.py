from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from sqlmodel import select

from crm.access.permissions import Role
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.core.settings import Settings
from crm.followups.models import FollowUp, FollowUpKind
from crm.messaging import services as messaging
from crm.messaging.models import Digest, OutboxMessage
from jobs.digests import send_digests
from tests.conftest import add_user


@pytest.fixture(autouse=True)
def mail_server(monkeypatch):
    monkeypatch.setattr(messaging, "settings", lambda: Settings(smtp_host="mail.voorbeeld.nl"))
    with time_machine.travel("2026-11-24 08:01+01:00"):
        yield


def make_people(number: int) -> None:
    with transaction() as session:
        for _person in range(number):
            owner = add_user(session, Role.CALLER)
            session.add(FollowUp(kind=FollowUpKind.OTHER, due_at=now() + timedelta(hours=1), owner_id=owner.id))


def made() -> tuple[int, int]:
    with reading() as session:
        return tuple(len(session.exec(select(table.id)).all()) for table in (Digest, OutboxMessage))


def test_everybody_gets_one_however_many_schedulers_run(database):
    make_people(10)
    start = Barrier(4)

    def work() -> None:
        start.wait()
        send_digests()

    threads = [Thread(target=work) for _number in range(4)]
    [thread.start() for thread in threads]
    [thread.join(120) for thread in threads]
    assert made() == (10, 10)
    assert send_digests() == 0


def test_dying_in_the_middle_leaves_nothing_half_done(database, monkeypatch):
    make_people(1)
    with monkeypatch.context() as dying:
        dying.setattr(messaging, "insert_once", stop_here)
        with pytest.raises(KeyboardInterrupt):
            send_digests()
    assert made() == (0, 0)
    assert send_digests() == 1
    assert made() == (1, 1)


def stop_here(*_args, **_values):
    raise KeyboardInterrupt
