"""A call never goes back to what it was before, and only what was signed a moment ago is believed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.telephony.dialling.port import Cause, DialState, Status, cause_of
from crm.telephony.rules import END, REPLAY_SECONDS, after, goes_on, happened_at, is_genuine, is_lost, signature

SECRET = "een-geheim-van-de-centrale"
BODY = b'{"id": "1"}'
MOMENT = 1_795_000_000.0

NEWS = st.builds(Status, st.sampled_from(DialState), st.none() | st.sampled_from(Cause))
ORDER = [DialState.ASKED, DialState.RINGING, DialState.ANSWERED, DialState.ENDED]


def place(state: DialState) -> int:
    return ORDER.index(DialState.ENDED if state in END else state)


@given(st.lists(NEWS, max_size=12))
def test_whatever_the_order_a_state_never_goes_backwards(news):
    known = Status(DialState.ASKED)
    for told in news:
        later = after(known.state, known.cause, told)
        assert place(later.state) >= place(known.state)
        if known.state in END:
            assert later.state is known.state
            assert known.cause in {None, later.cause}
        known = later


@given(st.permutations([DialState.RINGING, DialState.ANSWERED, DialState.ENDED]))
def test_in_any_order_the_same_events_come_to_the_same_end(states):
    known = Status(DialState.ASKED)
    for state in states:
        known = after(known.state, known.cause, Status(state))
    assert known.state is DialState.ENDED


def test_the_reason_may_come_after_the_end_but_only_once():
    known = after(DialState.ENDED, None, Status(DialState.ENDED, Cause.BUSY))
    assert known == Status(DialState.ENDED, Cause.BUSY)
    assert after(*_of(known), Status(DialState.ENDED, Cause.NO_ANSWER)) == known
    assert after(DialState.ENDED, None, Status(DialState.RINGING, Cause.BUSY)).cause is None


def _of(status: Status) -> tuple[DialState, Cause | None]:
    return status.state, status.cause


def test_an_end_is_not_followed_by_another_end():
    assert not goes_on(DialState.ENDED, DialState.FAILED)
    assert not goes_on(DialState.FAILED, DialState.ENDED)


class TestMoment:
    BEGAN = datetime(2026, 11, 24, 9, tzinfo=UTC)
    NOW = BEGAN + timedelta(minutes=2)

    def test_what_is_told_counts_when_it_can_be(self):
        told = self.BEGAN + timedelta(seconds=8)
        assert happened_at(told, since=self.BEGAN, moment=self.NOW) == told

    @pytest.mark.parametrize("wrong", [timedelta(seconds=-1), timedelta(minutes=3)])
    def test_a_clock_that_is_wrong_gives_the_present_moment(self, wrong):
        assert happened_at(self.BEGAN + wrong, since=self.BEGAN, moment=self.NOW) == self.NOW
        assert happened_at(None, since=self.BEGAN, moment=self.NOW) == self.NOW


class TestSignature:
    def test_is_good_for_five_minutes(self):
        seconds = f"{MOMENT:.0f}"
        signed = signature(SECRET, seconds, BODY)
        assert is_genuine(SECRET, seconds, signed, BODY, MOMENT)
        assert is_genuine(SECRET, seconds, signed, BODY, MOMENT + REPLAY_SECONDS)
        assert not is_genuine(SECRET, seconds, signed, BODY, MOMENT + REPLAY_SECONDS + 1)
        assert not is_genuine(SECRET, seconds, signed, BODY, MOMENT - REPLAY_SECONDS - 1)

    @given(st.binary(max_size=200), st.text(max_size=80), st.text(max_size=20))
    def test_nothing_else_is(self, body, given_signature, seconds):
        assert not is_genuine(SECRET, seconds, given_signature, body, MOMENT)

    @given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
    def test_one_byte_changed_is_seen(self, at, by):
        changed = BODY[:at] + bytes([(BODY[at] + by) % 256]) + BODY[at + 1 :]
        assert not is_genuine(SECRET, "1795000000", signature(SECRET, "1795000000", BODY), changed, MOMENT)

    def test_the_time_is_signed_too(self):
        assert not is_genuine(SECRET, "1795000001", signature(SECRET, "1795000000", BODY), BODY, MOMENT)

    def test_without_a_secret_nothing_is_genuine(self):
        assert not is_genuine("", "1795000000", signature("", "1795000000", BODY), BODY, MOMENT)


def test_dialling_without_an_answer_is_lost_after_a_while():
    assert is_lost(DialState.ASKED, None, timedelta(seconds=30))
    assert not is_lost(DialState.ASKED, None, timedelta(seconds=5))
    assert not is_lost(DialState.RINGING, None, timedelta(hours=1))
    assert not is_lost(DialState.ASKED, "call-7", timedelta(hours=1))


@pytest.mark.parametrize(
    ("code", "cause"), [("17", Cause.BUSY), ("19", Cause.NO_ANSWER), ("1", Cause.NO_SUCH_NUMBER), ("16", None)]
)
def test_codes_of_the_network_are_causes(code, cause):
    assert cause_of(code) is cause


@given(st.text(max_size=6))
def test_any_code_is_a_cause_or_nothing(code):
    assert cause_of(code) is None or isinstance(cause_of(code), Cause)
