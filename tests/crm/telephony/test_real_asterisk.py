"""A real Asterisk rings a real SIP telephone, and connects it with a number that answers, is busy or keeps ringing."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from uuid import uuid4

import pytest

from crm.core.telephones import ManagerSystem, RestSystem, TelephoneSystem
from crm.telephony.dialling import loop
from crm.telephony.dialling.port import Cause, DialState, Problem, Status, Telephone, TelephoneFailed
from tests.crm.telephony.conftest import Connect
from tests.crm.telephony.peers import asterisk

pytestmark = pytest.mark.skipif(bool(asterisk.missing()), reason=f"not installed on this machine: {asterisk.missing()}")

ANSWERS, BUSY, RINGS_ON = "+31101234561", "+31101234562", "+31101234563"
KINDS = ("ami", "ari")

Make = Callable[..., Telephone]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[asterisk.Asterisk]:
    with asterisk.running(tmp_path_factory.mktemp("asterisk")) as running:
        yield running


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest, real: asterisk.Asterisk, connect: Connect) -> Make:
    def made(**overrides: str) -> Telephone:
        fields = {"encrypted": False, "user": asterisk.USER, "secret": asterisk.SECRET, "context": "out"} | overrides
        system: TelephoneSystem
        if request.param == "ami":
            system = ManagerSystem(kind="ami", host="127.0.0.1", port=real.manager_port, **fields)
        else:
            system = RestSystem(kind="ari", url=f"http://127.0.0.1:{real.http_port}", **fields)
        return connect(system)

    return made


def dial(telephone: Telephone, number: str, line: str = "101") -> str:
    return loop.run(telephone.dial(line, number, f"kopkoffie-{uuid4().hex}"), seconds=5)


def until(telephone: Telephone, reference: str, wanted: Status) -> list[Status]:
    """Everything it was on the way there; the last is what was waited for, or what it still is after a while."""
    seen: list[Status] = []
    end = time.monotonic() + 10
    while time.monotonic() < end and wanted not in seen:
        status = loop.run(telephone.status(reference), seconds=5)
        seen += [status] if status not in seen else []
        time.sleep(0.05)
    return seen


def test_a_conversation_from_ringing_to_hanging_up(make):
    telephone = make()
    reference = dial(telephone, ANSWERS)
    assert until(telephone, reference, Status(DialState.ANSWERED)) == [
        Status(DialState.RINGING),
        Status(DialState.ANSWERED),
    ]
    loop.run(telephone.hang_up(reference), seconds=5)
    assert until(telephone, reference, Status(DialState.ENDED))[-1] == Status(DialState.ENDED)


def test_a_busy_line_is_told_as_that(make):
    telephone = make()
    busy = Status(DialState.ENDED, Cause.BUSY)
    assert until(telephone, dial(telephone, BUSY), busy)[-1] == busy


def test_hanging_up_while_it_rings(make):
    telephone = make()
    reference = dial(telephone, RINGS_ON)
    assert until(telephone, reference, Status(DialState.RINGING)) == [Status(DialState.RINGING)]
    loop.run(telephone.hang_up(reference), seconds=5)
    assert until(telephone, reference, Status(DialState.ENDED))[-1].state in {DialState.ENDED, DialState.FAILED}


def test_a_wrong_password_is_said(make):
    with pytest.raises(TelephoneFailed) as raised:
        dial(make(secret="anders"), ANSWERS)
    assert raised.value.problem is Problem.NOT_SIGNED_IN


def test_a_line_that_nobody_has_is_refused_or_not_picked_up(make):
    telephone, not_there = make(), Status(DialState.FAILED, Cause.OWN_PHONE)
    with suppress(TelephoneFailed):  # what is refused at once has no call to follow
        assert until(telephone, dial(telephone, ANSWERS, line="999"), not_there)[-1] == not_there


def test_another_process_finds_the_call_again(make):
    first, other = make(), make()
    reference = dial(first, ANSWERS)
    until(first, reference, Status(DialState.ANSWERED))
    assert until(other, reference, Status(DialState.ANSWERED))[-1] == Status(DialState.ANSWERED)
    loop.run(other.hang_up(reference), seconds=5)
    assert until(other, reference, Status(DialState.ENDED))[-1] == Status(DialState.ENDED)
