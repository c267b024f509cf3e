"""Who looks at this screen, and when."""

from collections.abc import Callable, Iterator

import pytest
import time_machine

from crm.access.actor import Actor
from crm.access.permissions import Role
from crm.calling.models import Call
from crm.core.db import transaction
from crm.desk.services import next_company
from tests.conftest import make_company
from tests.crm.calling.building import make_list


@pytest.fixture(autouse=True)
def _tuesday_morning() -> Iterator[None]:
    with time_machine.travel("2026-11-24 10:00+01:00", tick=True):
        yield


@pytest.fixture
def caller(add_person: Callable[..., Actor]) -> Actor:
    """Somebody with two companies on a list."""
    person = add_person(Role.CALLER)
    with transaction() as session:
        companies = [make_company(session, name=name, activity="Brood") for name in ("<b>Eén</b> & Co", "Twee")]
        make_list(session, [person], companies)
    return person


@pytest.fixture
def call(caller: Actor) -> Call:
    with transaction() as session:
        opened = next_company(session, caller)
    assert opened is not None
    return opened
