"""The scheduler keeps live lists up to date."""

from datetime import timedelta
from threading import Event

import pytest
from sqlmodel import select

from crm.access.actor import SYSTEM
from crm.access.permissions import Role
from crm.audit.models import AuditEntry
from crm.calling import lists
from crm.calling.models import CallList, CallListEntry
from crm.core.clock import now
from crm.core.db import reading, transaction
from crm.core.stopping import Stopped, stopping_at
from jobs import lists as job
from jobs.lists import update_lists
from jobs.units import SomeFailed
from tests.conftest import add_user, make_company
from tests.crm.calling.test_lists import make_input


@pytest.fixture
def live(database) -> list[int]:
    """Two live lists that nobody looked at for an hour."""
    with transaction() as session:
        actor = add_user(session, Role.COORDINATOR)
        made = [
            lists.make_list(session, actor, make_input(session, name=name, is_live=True, filters=filters))
            for name, filters in (("Dordrecht", {"towns": ("Dordrecht",)}), ("Breda", {"towns": ("Breda",)}))
        ]
        for one in made:
            one.updated_at = now() - timedelta(hours=1)
        return [one.id for one in made]


def add(town: str) -> None:
    with transaction() as session:
        make_company(session, town=town)


def entries() -> int:
    with reading() as session:
        return len(session.exec(select(CallListEntry)).all())


def test_new_companies_come_on_and_it_says_how_many_lists_changed(live):
    add("Dordrecht")
    assert update_lists() == 1
    assert entries() == 1
    assert update_lists() == 0  # both were looked at
    with reading() as session:
        assert session.exec(select(AuditEntry.actor_id).where(AuditEntry.action == "list.updated")).all() == [None]


def test_one_that_stops_halfway_is_not_up_to_date_and_goes_on_the_next_time(live):
    add("Dordrecht")
    stop = Event()
    stop.set()
    with stopping_at(stop), pytest.raises(Stopped):
        lists.update_list(SYSTEM, live[0])
    assert entries() == 0
    assert update_lists() == 1
    assert entries() == 1


def test_a_list_without_changes_is_looked_at_without_writing_in_its_log(live):
    assert update_lists() == 0
    with reading() as session:
        assert all(moment > now() - timedelta(minutes=1) for moment in session.exec(select(CallList.updated_at)))
        assert not session.exec(select(AuditEntry).where(AuditEntry.action == "list.updated")).all()


def test_a_list_that_fails_does_not_stop_the_others(live, monkeypatch):
    add("Dordrecht")
    add("Breda")
    real = job.update_list

    def failing(actor, list_id: int):
        if list_id == live[0]:
            raise RuntimeError("broken")
        return real(actor, list_id)

    monkeypatch.setattr(job, "update_list", failing)
    with pytest.raises(SomeFailed) as failed:
        update_lists()
    assert (failed.value.done, failed.value.failed) == (1, 1)
    assert entries() == 1


def test_a_list_that_is_frozen_meanwhile_is_left_alone(live, monkeypatch):
    add("Dordrecht")
    monkeypatch.setattr(job, "lists_to_update", lambda session, moment: live)
    with transaction() as session:
        session.get_one(CallList, live[0]).is_live = False
    assert update_lists() == 0
    assert entries() == 0
