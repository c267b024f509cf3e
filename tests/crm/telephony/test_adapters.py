"""Each adapter against a peer that behaves as documented, and as telephone systems do on a bad day."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import structlog

from crm.core.telephones import ManagerSystem, RestSystem, TelephoneSystem, ThreeCxSystem, VoipgridSystem
from crm.telephony.dialling import ami as ami_module
from crm.telephony.dialling import loop
from crm.telephony.dialling.port import Cause, DialState, Problem, Status, Telephone, TelephoneFailed
from tests.crm.telephony.conftest import Connect
from tests.crm.telephony.peers import LIMITS, SOON, give_up_soon, have_patience, manager, web

NUMBER = "+3110123456"
OWN_LINE = "101"
RINGING, ANSWERED, ENDED = (Status(state) for state in (DialState.RINGING, DialState.ANSWERED, DialState.ENDED))
PLAIN = {"encrypted": False}

Make = Callable[..., "System"]


@dataclass
class System:
    """A telephone system as the product sees it, with the peer behind it."""

    telephone: Telephone
    peer: Any
    dials: Callable[[], list[Any]]
    secrets: list[str] = field(default_factory=list)

    def dial(self, number: str = NUMBER + "1", line: str = OWN_LINE) -> str:
        return do(self.telephone.dial(line, number, f"kopkoffie-{uuid4().hex}"))

    def status(self, reference: str) -> Status:
        return do(self.telephone.status(reference))

    def hang_up(self, reference: str) -> None:
        do(self.telephone.hang_up(reference))

    def becomes(self, reference: str, wanted: Status) -> bool:
        """Whether it comes to this within some time: events need a moment."""
        until = time.monotonic() + SOON
        while time.monotonic() < until:
            if self.status(reference) == wanted:
                return True
            time.sleep(0.02)
        return False


def do(work: Any) -> Any:
    return loop.run(work, seconds=2 * SOON)


def problem(work: Callable[[], object]) -> Problem:
    with pytest.raises(TelephoneFailed) as raised:
        work()
    return raised.value.problem


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    have_patience(monkeypatch)


@pytest.fixture
def managed() -> Iterator[manager.Manager]:
    with manager.running(manager.Manager()) as peer:
        yield peer


@pytest.fixture
def site() -> Iterator[web.Peer]:
    with web.running(web.Peer()) as peer:
        yield peer


@pytest.fixture
def ami(managed: manager.Manager, connect: Connect) -> Make:
    def make(**overrides: Any) -> System:
        fields = {"host": "127.0.0.1", "port": managed.port, "user": manager.USER, "secret": manager.SECRET}
        system = ManagerSystem(kind="ami", **(fields | PLAIN | overrides))
        return System(connect(system), managed, lambda: managed.actions("Originate"), [manager.SECRET])

    return make


def at_site(site: web.Peer, connect: Connect, model: type[TelephoneSystem], end: str, **fields: Any) -> Make:
    (secret,) = (fields[name] for name in ("secret", "token", "client_secret") if name in fields)

    def make(**overrides: Any) -> System:
        system = model(**({"url": site.url} | PLAIN | fields | overrides))
        return System(connect(system), site, lambda: dials(site, end), [secret])

    return make


def dials(site: web.Peer, end: str) -> list[web.Request]:
    return [request for request in site.posts() if end in request.path]


@pytest.fixture
def ari(site: web.Peer, connect: Connect) -> Make:
    fields = {"kind": "ari", "user": web.USER, "secret": web.SECRET}
    return at_site(site, connect, RestSystem, "/ari/channels/", **fields)


@pytest.fixture
def voipgrid(site: web.Peer, connect: Connect) -> Make:
    fields = {"kind": "voipgrid", "email": web.EMAIL, "token": web.TOKEN}
    return at_site(site, connect, VoipgridSystem, "clicktodial", **fields)


@pytest.fixture
def threecx(site: web.Peer, connect: Connect) -> Make:
    fields = {"kind": "3cx", "client_id": web.CLIENT, "client_secret": web.CLIENT_SECRET}
    return at_site(site, connect, ThreeCxSystem, "/makecall", **fields)


@pytest.fixture(params=["ami", "ari", "voipgrid", "threecx"])
def each(request: pytest.FixtureRequest) -> Make:
    make: Make = request.getfixturevalue(request.param)
    return make


@pytest.fixture(params=["ari", "voipgrid", "threecx"])
def each_at_site(request: pytest.FixtureRequest) -> Make:
    make: Make = request.getfixturevalue(request.param)
    return make


class TestEachSystem:
    def test_dials_once_and_follows_the_call_until_it_is_hung_up(self, each):
        system = each()
        reference = system.dial()
        assert len(system.dials()) == 1
        assert system.status(reference).state in {DialState.RINGING, DialState.ANSWERED}
        system.hang_up(reference)
        assert system.becomes(reference, ENDED)

    def test_a_number_that_is_none_is_never_sent(self, each):
        system = each()
        for number in (
            "0101234567",
            "+31",
            "+3110123456a",
            "+31101234567\r\nAction: Logoff",
            "+３１１０１２３４５６７",
            "",
        ):
            with pytest.raises(ValueError, match="31101234567"):
                system.dial(number)
        assert system.dials() == []

    def test_what_stands_before_the_country_code_can_be_chosen(self, each):
        system = each(prefix="000")
        system.dial()
        (sent,) = system.dials()
        assert "00031101234561" in str(sent)

    def test_nothing_at_the_address_is_not_reached(self, each):
        gone = {"port": 9} if each.__qualname__.startswith("ami") else {"url": "http://127.0.0.1:9"}
        assert problem(each(**gone).dial) is Problem.NOT_REACHED

    def test_no_secret_is_in_the_log_or_in_an_error(self, each, caplog):
        caplog.set_level(logging.DEBUG)
        with structlog.testing.capture_logs() as told:
            system = each()
            system.dial()
            system.peer.faults |= {"closes", "hangs up on originate"}
            with pytest.raises(TelephoneFailed) as raised:
                system.dial()
        seen = repr(told) + repr(raised.value) + repr(raised.value.__cause__) + caplog.text
        assert [secret for secret in system.secrets if secret in seen] == []


class TestManager:
    def test_sends_the_secret_only_as_the_answer_to_a_challenge(self, ami, managed):
        ami().dial()
        assert manager.SECRET.encode() not in managed.raw
        assert managed.actions("Login")[0]["Events"] == "call"

    def test_asks_to_ring_the_own_line_first_and_names_the_call(self, ami, managed):
        key = ami(caller_id="+31850000000", context="naar-buiten").dial()
        (asked,) = managed.actions("Originate")
        assert (asked["Channel"], asked["Exten"], asked["Context"]) == ("PJSIP/101", NUMBER + "1", "naar-buiten")
        assert (asked["ChannelId"], asked["ActionID"], asked["Async"]) == (key, key, "true")
        assert asked["CallerID"] == "+31850000000"

    @pytest.mark.parametrize(
        ("last", "wanted"),
        [
            ("1", ANSWERED),
            ("2", Status(DialState.ENDED, Cause.BUSY)),
            ("3", Status(DialState.ENDED, Cause.NO_ANSWER)),
            ("4", Status(DialState.FAILED, Cause.OWN_PHONE)),
            ("5", Status(DialState.ENDED, Cause.NO_SUCH_NUMBER)),
        ],
    )
    def test_tells_how_it_went(self, ami, last, wanted):
        system = ami()
        assert system.becomes(system.dial(NUMBER + last), wanted)

    def test_one_connection_serves_all_calls(self, ami, managed):
        system = ami()
        for _call in range(3):
            system.dial()
        assert managed.connections == 1

    def test_a_wrong_password_is_said_and_not_tried_again(self, ami, managed):
        assert problem(ami(secret="anders").dial) is Problem.NOT_SIGNED_IN
        assert managed.connections == 1
        assert managed.actions("Originate") == []

    def test_a_line_or_number_it_does_not_know_is_not_accepted(self, ami):
        assert problem(ami(context="nowhere").dial) is Problem.NOT_ACCEPTED

    @pytest.mark.parametrize("fault", ["silent", "garbage", "drip", "endless"])
    def test_who_is_no_manager_is_not_reached_in_time(self, ami, managed, fault, monkeypatch):
        monkeypatch.setattr(ami_module, "CONNECT_SECONDS", 0.4)
        managed.faults = {fault}
        started = time.monotonic()
        assert problem(ami().dial) is Problem.NOT_REACHED
        assert time.monotonic() - started < SOON
        assert managed.actions("Originate") == []

    @pytest.mark.parametrize("fault", ["silent on originate", "hangs up on originate", "half a block"])
    def test_no_answer_to_dialling_is_unclear_and_not_asked_again(self, ami, managed, fault, monkeypatch):
        give_up_soon(monkeypatch)
        managed.faults = {fault}
        system = ami()
        started = time.monotonic()
        assert problem(system.dial) is Problem.UNCLEAR
        assert time.monotonic() - started < SOON
        assert len(managed.actions("Originate")) == 1

    def test_works_again_after_the_manager_was_away(self, ami, managed):
        system = ami()
        managed.faults = {"hangs up on originate"}
        assert problem(system.dial) is Problem.UNCLEAR
        managed.faults = set()
        assert system.becomes(system.dial(), ANSWERED)

    @pytest.mark.parametrize(("bridge", "wanted"), [("", RINGING), ("5f3c", ANSWERED), (None, ENDED)])
    def test_another_process_sees_what_the_channel_is_doing(self, ami, managed, bridge, wanted):
        reference = ami().dial()
        managed.channels.pop(reference)
        if bridge is not None:
            managed.channels |= {"179.9": "aaaa", reference: bridge}
        assert ami().status(reference) == wanted


def test_nobody_waits_longer_than_three_seconds():
    assert max(LIMITS) <= 3


class TestSites:
    """What the three that speak HTTP have in common."""

    def test_a_wrong_password_is_said(self, each_at_site, site):
        wrong = {"secret": "anders", "token": "anders", "client_secret": "anders"}
        kind = each_at_site().telephone._system
        overrides = {name: value for name, value in wrong.items() if name in type(kind).model_fields}
        assert problem(each_at_site(**overrides).dial) is Problem.NOT_SIGNED_IN

    @pytest.mark.parametrize("fault", ["closes", "silent", "garbage", "huge", "drip", "half", "broken"])
    def test_no_clear_answer_comes_in_time_and_is_not_asked_again(self, each_at_site, site, fault, monkeypatch):
        system = each_at_site()
        if isinstance(system.telephone._system, ThreeCxSystem):
            system.dial()  # it has a token from here on
        before = len(system.dials())
        if fault in {"silent", "drip"}:
            give_up_soon(monkeypatch)
        site.faults = {fault}
        started = time.monotonic()
        assert problem(system.dial) is Problem.UNCLEAR
        assert time.monotonic() - started < SOON
        assert len(system.dials()) == before + 1

    def test_does_not_follow_to_another_place(self, each_at_site, site):
        site.faults = {"elsewhere"}
        assert problem(each_at_site().dial) in {Problem.NOT_ACCEPTED, Problem.NOT_SIGNED_IN}

    def test_what_has_ended_is_ended(self, each_at_site, site):
        system = each_at_site()
        reference = system.dial()
        site.states.clear()
        assert system.status(reference) == ENDED
        system.hang_up(reference)


class TestRest:
    @pytest.mark.parametrize(
        ("state", "wanted"),
        [
            ("Down", RINGING),
            ("Ringing", RINGING),
            ("Up", RINGING),
            ("Up:ANSWER", ANSWERED),
            ("Up:BUSY", Status(DialState.ENDED, Cause.BUSY)),
            ("Up:NOANSWER", Status(DialState.ENDED, Cause.NO_ANSWER)),
        ],
    )
    def test_tells_how_it_goes(self, ari, site, state, wanted):
        system = ari()
        reference = system.dial()
        site.states[reference] = state
        assert system.status(reference) == wanted

    def test_says_whom_to_ring_first_and_what_the_other_sees(self, ari, site):
        ari(caller_id="+31850000000", channel="SIP/{line}").dial()
        query = site.asked[0].query
        assert (query["endpoint"], query["extension"], query["callerId"]) == ("SIP/101", NUMBER + "1", "+31850000000")

    def test_a_line_it_does_not_know_is_not_accepted(self, ari):
        system = ari()
        assert problem(lambda: system.dial(line="999")) is Problem.NOT_ACCEPTED


class TestVoipgrid:
    @pytest.mark.parametrize(
        ("state", "wanted"),
        [
            ("", RINGING),
            ("dialing_a", RINGING),
            ("dialing_b", RINGING),
            ("connected", ANSWERED),
            ("disconnected", ENDED),
            ("failed_a", Status(DialState.FAILED, Cause.OWN_PHONE)),
            ("failed_b", ENDED),
        ],
    )
    def test_tells_how_it_goes(self, voipgrid, site, state, wanted):
        system = voipgrid()
        reference = system.dial()
        site.states[reference] = state
        assert system.status(reference) == wanted

    def test_sends_who_is_rung_first_and_what_the_other_sees(self, voipgrid, site):
        voipgrid(caller_id="+31850000000").dial()
        assert site.asked[0].json() == {
            "a_number": OWN_LINE,
            "b_number": NUMBER + "1",
            "b_cli": "+31850000000",
            "auto_answer": False,
        }

    def test_a_line_that_is_not_allowed_is_not_accepted(self, voipgrid):
        system = voipgrid()
        assert problem(lambda: system.dial(line="999")) is Problem.NOT_ACCEPTED


class TestThreeCx:
    @pytest.mark.parametrize(
        ("state", "wanted"), [("Dialing", RINGING), ("Ringing", RINGING), ("Connected", ANSWERED), ("Hold", ANSWERED)]
    )
    def test_tells_how_it_goes(self, threecx, site, state, wanted):
        system = threecx()
        reference = system.dial()
        site.states["5"] = state
        assert system.status(reference) == wanted

    def test_uses_a_token_as_long_as_it_is_good(self, threecx, site):
        system = threecx()
        reference = system.dial()
        system.status(reference)
        assert len(site.posts("/connect/token")) == 1

    def test_renews_a_token_before_it_is_over(self, threecx, site):
        site.token_lasts = 30
        system = threecx()
        system.status(system.dial())
        assert len(site.posts("/connect/token")) == 2

    def test_a_token_that_is_no_longer_good_is_renewed_and_the_call_is_made_once(self, threecx, site):
        system = threecx()
        system.dial()
        site.tokens.clear()
        site.states.clear()
        system.dial()
        assert site.states == {"5": "Dialing"}
        assert len(site.posts("/connect/token")) == 2

    def test_without_a_token_nothing_was_dialled_so_that_is_never_unclear(self, threecx, site, monkeypatch):
        give_up_soon(monkeypatch)
        site.faults = {"silent"}
        assert problem(threecx().dial) is Problem.NOT_REACHED
        assert dials(site, "makecall") == []
