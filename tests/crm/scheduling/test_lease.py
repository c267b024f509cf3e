"""One scheduler is at work; a spare takes over from one that is gone or hangs."""

import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from crm.core import db
from crm.core.db import reading
from crm.scheduling import lease
from crm.scheduling.lease import last_beat, lease_of


@pytest.fixture
def seconds(monkeypatch):
    """`seconds.append(21)`: so much later."""
    passed = [0.0]
    monkeypatch.setattr(lease, "monotonic", lambda: sum(passed))
    return passed


@pytest.fixture
def two(database):
    both = lease_of("first"), lease_of("second")
    yield both
    for one in both:
        one.release()


def gets_it(one) -> bool:
    """Soon: a connection that is ended takes PostgreSQL a moment."""
    end = time.monotonic() + 120
    while not one.hold():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_one_has_it_and_keeps_it(two):
    first, second = two
    with reading() as session:
        assert last_beat(session) is None
    assert [first.hold(), second.hold(), first.hold(), second.hold()] == [True, False, True, False]
    with reading() as session:
        assert last_beat(session) is not None


def test_who_stops_leaves_it_to_the_spare_at_once(two):
    first, second = two
    first.hold()
    second.hold()
    first.release()
    assert second.hold()
    assert not first.hold()


def test_it_is_not_taken_from_one_that_is_alive_however_long_it_lasts(two, seconds):
    first, second = two
    for _turn in range(5):
        assert first.hold()
        assert not second.hold()
        seconds.append(lease.SILENCE_SECONDS - 1)


def test_it_is_taken_from_one_that_hangs_and_that_one_knows_when_it_wakes(two, seconds):
    first, second = two
    assert first.hold()
    assert not second.hold()
    seconds.append(lease.SILENCE_SECONDS)
    assert gets_it(second)
    try:
        assert not first.hold()
    except SQLAlchemyError:  # on PostgreSQL its connection is gone
        assert not first.hold()
    assert second.hold()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_a_hanging_scheduler_holds_comes_free(two, seconds, database, monkeypatch):
    first, second = two
    url = database.url.update_query_dict({"application_name": "first"})
    stuck = db.make_engine(url.render_as_string(hide_password=False)).connect()
    first.hold()
    stuck.execute(text("SELECT * FROM scheduler_lease FOR UPDATE"))
    second.hold()
    seconds.append(lease.SILENCE_SECONDS)
    second.hold()
    with pytest.raises(SQLAlchemyError):
        for _turn in range(1000):  # it is told to end, and does so a moment later
            stuck.execute(text("SELECT 1"))
            time.sleep(0.02)
    stuck.invalidate()
    assert gets_it(second)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_lock_ends_with_the_connection(two):
    first, second = two
    first.hold()
    assert not second.hold()
    first._close()
    assert gets_it(second)
