"""How often strangers may ask."""

import pytest

from web import rate
from web.rate import RateLimit


@pytest.fixture
def clock(monkeypatch):
    moment = [0.0]
    monkeypatch.setattr(rate, "monotonic", lambda: moment[0])
    return moment


def test_lets_through_so_many_and_says_how_long_to_wait(clock):
    limit = RateLimit(times=3, seconds=60)
    assert [limit.wait("a") for _time in range(3)] == [0, 0, 0]
    clock[0] = 20
    assert limit.wait("a") == 40
    assert limit.wait("b") == 0
    clock[0] = 60
    assert limit.wait("a") == 0


def test_keeps_neither_the_subject_nor_more_than_it_may(clock, monkeypatch):
    monkeypatch.setattr(rate, "MOST_SUBJECTS", 2)
    limit = RateLimit(times=1, seconds=60)
    for subject in ("198.18.0.1", "198.18.0.2", "198.18.0.3"):
        limit.wait(subject)
    assert len(limit._seen) == 2
    assert not any("198" in key and "." in key for key in limit._seen)
    assert limit.wait("198.18.0.3") == 60
