"""A working Tuesday morning, and a call that is under way."""

from collections.abc import Iterator

import pytest
import time_machine
from sqlmodel import Session

from crm.access.actor import Actor
from crm.calling.models import Call
from tests.crm.calling.building import make_list, start_call

TUESDAY = "2026-11-24 10:00+01:00"


@pytest.fixture(autouse=True)
def _tuesday_morning() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def call(session: Session, caller: Actor) -> Call:
    """An open call of `caller`, from a list with three companies."""
    make_list(session, [caller], 3)
    return start_call(session, caller)
