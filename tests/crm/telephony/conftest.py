"""Telephone systems whose connections are gone when a test is over."""

from collections.abc import Callable, Iterator

import pytest

from crm.core.telephones import TelephoneSystem
from crm.telephony.dialling import loop, systems
from crm.telephony.dialling.port import Telephone

Connect = Callable[[TelephoneSystem], Telephone]


@pytest.fixture
def connect() -> Iterator[Connect]:
    made: list[Telephone] = []

    def adapter(system: TelephoneSystem) -> Telephone:
        made.append(systems.adapter(system))
        return made[-1]

    yield adapter
    for telephone in made:
        loop.run(telephone.close(), seconds=5)
