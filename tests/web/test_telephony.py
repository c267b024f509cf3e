"""The address where telephone systems tell what happens, as they and as strangers use it."""

import json
import time
from uuid import uuid4

import httpx
import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.telephony.models import PhoneLine, RingingCall
from crm.telephony.rules import EVENT_PATH, REPLAY_SECONDS, signature
from tests.conftest import add_user
from tests.web.conftest import EVENT_SECRET, Server
from web.routes.telephony import BY_ADDRESS, LARGEST_EVENT, SIGNATURE, TIME


@pytest.fixture
def line(server: Server) -> str:
    line = uuid4().hex[:8]
    with server.transaction() as session, session.begin():
        session.add(PhoneLine(user_id=add_user(session, Role.CALLER).user_id, system="kantoor", line=line))
    return line


def rings(line: str, **overrides: object) -> dict[str, object]:
    fields = {"id": uuid4().hex, "system": "kantoor", "direction": "in", "state": "ringing", "number": "0101234567"}
    return fields | {"line": line, "reference": f"in-{line}"} | overrides


def tell(server: Server, event: object, *, ago: int = 0, secret: str = EVENT_SECRET, **headers: str) -> httpx.Response:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    seconds = f"{time.time() - ago:.0f}"
    signed = {TIME: seconds, SIGNATURE: signature(secret, seconds, body)} | headers
    return server.browser().post(EVENT_PATH, content=body, headers=signed)


def ringing(server: Server, line: str) -> list[RingingCall]:
    with server.transaction() as session:
        return list(session.exec(select(RingingCall).where(RingingCall.reference == f"in-{line}")))


def test_a_signed_event_is_taken_in_without_signing_in(server, line):
    answer = tell(server, rings(line))
    assert (answer.status_code, answer.content) == (204, b"")
    assert ringing(server, line)[0].e164 == "+31101234567"


def test_the_same_event_again_is_fine_and_counts_once(server, line):
    event = rings(line)
    for _time in range(2):
        assert tell(server, event).status_code == 204
    assert len(ringing(server, line)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "een-ander-geheim-dan-dit"},
        {"ago": REPLAY_SECONDS + 5},
        {"ago": -REPLAY_SECONDS - 5},
        {SIGNATURE: ""},
        {SIGNATURE: "sha256="},
        {TIME: ""},
        {TIME: "nu"},
        {TIME: "1e9"},
    ],
)
def test_what_is_not_signed_now_with_our_secret_is_refused_without_a_reason(server, line, change):
    answer = tell(server, rings(line), **change)
    assert (answer.status_code, answer.content) == (401, b"")
    assert ringing(server, line) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"id": "x"}', b'{"id": 5}'])
def test_what_is_no_event_is_refused_without_a_reason(server, body):
    answer = tell(server, body)
    assert (answer.status_code, answer.content) == (400, b"")


def test_a_body_that_is_too_large_is_not_read_on(server, line):
    assert tell(server, rings(line, number="0" * LARGEST_EVENT)).status_code == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_is_for_posting_alone(server, method):
    assert server.browser().request(method, EVENT_PATH).status_code in {404, 405}


def test_one_address_cannot_ask_without_end(server, line):
    stranger = server.browser()
    answers = [stranger.post(EVENT_PATH, content=b"{}").status_code for _each in range(BY_ADDRESS.times + 1)]
    assert (answers[0], answers[-1]) == (401, 429)
    assert tell(server, rings(line)).status_code == 204


def test_neither_number_nor_secret_is_in_the_log(server, line):
    tell(server, rings(line))
    tell(server, rings(line), secret="een-ander-geheim-dan-dit")
    log = server.log.read_text()
    assert EVENT_SECRET not in log
    assert "101234567" not in log
